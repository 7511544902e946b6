"""The seeds in a real database, and what a district changes on top of them."""

from uuid import UUID

import msgspec
import pytest

from moshao.catalogue.changing import import_classes, set_limits, set_photo_rule, set_self_handling
from moshao.catalogue.queries import catalogue_of, load_catalogue
from moshao.catalogue.rules import CaseClass, Catalogue, ClassLimit, PhotoNeed, PhotoRule
from moshao.catalogue.seeding import seed_catalogue
from moshao.catalogue.sheets import read_classes, rows_of
from moshao.kit.db import Database, Tx
from moshao.kit.ids import new_id

NEW, OLD = "GB/T 47678.5-2026", "GB/T 30428.2-2013"
HERE, THERE = new_id(), new_id()


@pytest.fixture
async def seeded(database: Database) -> Database:
    await database.write(seed_catalogue)
    return database


def known(catalogue: Catalogue, kind: str, code: str, code_set: str = NEW) -> CaseClass:
    found = catalogue.find(code_set, kind, code[:2], code[2:])
    assert found is not None
    return found


async def test_seeds_hold_both_national_sets_and_one_citys_limits(seeded: Database) -> None:
    catalogue = await load_catalogue(seeded, HERE)
    assert {each.code for each in catalogue.code_sets} == {NEW, OLD, "运城扩展 GB/T 30428.2-2013"}
    counts = {
        (code_set, kind): sum(each.kind == kind for each in catalogue.classes_of(code_set))
        for code_set in (NEW, OLD)
        for kind in ("component", "matter")
    }
    assert counts == {(NEW, "component"): 153, (NEW, "matter"): 250, (OLD, "component"): 134, (OLD, "matter"): 76}
    garbage = known(catalogue, "matter", "06010")
    assert (garbage.name_zh, garbage.name_en, garbage.group_zh) == ("暴露垃圾", "Exposed garbage", "环卫保洁")
    assert catalogue.limit_for(garbage, None) == ClassLimit(4, "work_hour")
    assert garbage.self_handling
    assert garbage.help_zh.count("\n") == 1
    assert garbage.not_to_confuse_with == "06042"


async def test_the_same_number_names_a_component_and_a_matter(seeded: Database) -> None:
    catalogue = await load_catalogue(seeded, HERE)
    assert known(catalogue, "component", "01001").name_zh == "供水井盖"
    matter = known(catalogue, "matter", "01001")
    assert matter.name_zh == "供水井盖异常"
    assert catalogue.limit_for(matter, "1") == ClassLimit(2, "urgent_hour")
    assert catalogue.limit_for(matter, "4") == ClassLimit(5, "work_day")
    assert catalogue.limit_for(matter, None) is None


async def test_each_class_maps_to_one_that_exists(seeded: Database) -> None:
    catalogue = await load_catalogue(seeded, HERE)
    old = [*catalogue.classes_of(OLD), *catalogue.classes_of("运城扩展 GB/T 30428.2-2013")]
    mapped = [each for each in old if each.maps_to]
    assert len(mapped) > 200
    assert all(catalogue.map_class(each, NEW) for each in mapped)
    back = catalogue.map_class(known(catalogue, "matter", "06010"), OLD)
    assert back is not None
    assert back.code == "0110"
    tree_pit = known(catalogue, "component", "0497", "运城扩展 GB/T 30428.2-2013")
    over_the_pivot = catalogue.map_class(tree_pit, OLD)
    assert over_the_pivot is not None
    assert over_the_pivot.name_zh == "树池树穴"


async def test_seeding_again_changes_nothing_and_keeps_ids(seeded: Database) -> None:
    async def rows() -> list[list[dict[str, object]]]:
        tables = ("code_sets", "case_classes", "conditions")
        return [await seeded.all(f"SELECT * FROM {table} ORDER BY id") for table in tables]

    before = await rows()
    await seeded.write(seed_catalogue)
    assert await rows() == before


async def test_seeding_mends_a_common_row_and_leaves_the_districts(seeded: Database) -> None:
    catalogue = await load_catalogue(seeded, HERE)
    dirt = known(catalogue, "matter", "06012")
    await seeded.write(lambda tx: set_limits(tx, HERE, {dirt.id: (ClassLimit(30, "urgent_hour"),)}))

    async def spoil(tx: Tx) -> None:
        await tx.run("UPDATE case_classes SET name_zh = 'x' WHERE id = ?", dirt.id)
        await tx.run("UPDATE conditions SET limit_value = 99 WHERE district_id IS NULL")
        await tx.run("UPDATE conditions SET code = '77' WHERE class_id = ? AND district_id IS NULL", dirt.id)

    await seeded.write(spoil)
    await seeded.write(seed_catalogue)
    ours, theirs = await load_catalogue(seeded, HERE), await load_catalogue(seeded, THERE)
    assert known(ours, "matter", "06012").name_zh == "道路不洁"
    assert ours.limit_for(known(ours, "matter", "06012"), None) == ClassLimit(30, "urgent_hour")
    assert theirs.limit_for(known(theirs, "matter", "06012"), None) == ClassLimit(2, "work_hour")


async def test_districts_limits_replace_the_common_ones_whole_and_can_go_again(seeded: Database) -> None:
    cover = known(await load_catalogue(seeded, HERE), "component", "01001")
    await seeded.write(lambda tx: set_limits(tx, HERE, {cover.id: (ClassLimit(3, "urgent_hour"),)}))
    ours = await catalogue_of(seeded, HERE)
    assert [each.limit for each in known(ours, "component", "01001").conditions] == [ClassLimit(3, "urgent_hour")]
    theirs = await catalogue_of(seeded, THERE)
    assert len(known(theirs, "component", "01001").conditions) == 4
    await seeded.write(lambda tx: set_limits(tx, HERE, {cover.id: ()}))
    assert len(known(await catalogue_of(seeded, HERE), "component", "01001").conditions) == 4


async def test_photo_rules_of_seed_and_district(seeded: Database) -> None:
    catalogue = await catalogue_of(seeded, HERE)
    garbage, noise = known(catalogue, "matter", "06010"), known(catalogue, "matter", "06028")
    general = catalogue.photo_rule_for(garbage)
    assert general == catalogue.photo_rule_for(None)
    assert general.need("fixed", case_has_before=False) == PhotoNeed(1, 1)
    assert general.need("fixed", case_has_before=True) == PhotoNeed(1, 0)
    assert general.need("not_found", case_has_before=False) == PhotoNeed(1, 0)
    assert general.asked_zh
    assert general.why_en
    assert catalogue.photo_rule_for(noise).need("fixed", case_has_before=False) == PhotoNeed(0, 0)

    group = PhotoRule(group_zh="环卫保洁", after_min=2, outcomes={"persuaded": PhotoNeed(0, 0)})
    await seeded.write(lambda tx: set_photo_rule(tx, HERE, group))
    await seeded.write(lambda tx: set_photo_rule(tx, HERE, msgspec.structs.replace(group, after_min=3)))
    ours = await catalogue_of(seeded, HERE)
    assert ours.photo_rule_for(garbage).need("fixed", case_has_before=True) == PhotoNeed(3, 0)
    assert ours.photo_rule_for(garbage).need("persuaded", case_has_before=True) == PhotoNeed(0, 0)
    assert (await catalogue_of(seeded, THERE)).photo_rule_for(garbage) == general


async def test_self_handling_is_the_districts_to_decide(seeded: Database) -> None:
    garbage = known(await catalogue_of(seeded, HERE), "matter", "06010")
    await seeded.write(lambda tx: set_self_handling(tx, HERE, garbage.id, allowed=False))
    await seeded.write(lambda tx: set_self_handling(tx, HERE, garbage.id, allowed=False))
    assert not known(await catalogue_of(seeded, HERE), "matter", "06010").self_handling
    assert known(await catalogue_of(seeded, THERE), "matter", "06010").self_handling


async def test_imported_code_set_belongs_to_its_district(seeded: Database) -> None:
    sheet = "kind,major,minor,name_zh,group,maps_to,limits\nmatter,01,77,占用绿道,市容秩序,matter:09006,2uh\n"
    lines, faults = read_classes(rows_of(sheet))
    assert not faults
    for _ in range(2):
        assert await seeded.write(lambda tx: import_classes(tx, HERE, "宛城 2027", lines, NEW)) == 1
    ours = await catalogue_of(seeded, HERE)
    greenway = known(ours, "matter", "0177", "宛城 2027")
    assert ours.limit_for(greenway, None) == ClassLimit(2, "urgent_hour")
    like = ours.map_class(greenway, NEW)
    assert like is not None
    assert like.name_zh == "占道经营"
    assert (await catalogue_of(seeded, THERE)).find("宛城 2027", "matter", "01", "77") is None


async def test_importing_into_a_common_set_changes_only_the_districts_limits(seeded: Database) -> None:
    sheet = "kind,major,minor,name_zh,limits\nmatter,06,010,别的名字,9wd\nmatter,06,999,没有的,1uh\n"
    lines, _ = read_classes(rows_of(sheet))
    assert await seeded.write(lambda tx: import_classes(tx, HERE, NEW, lines, NEW)) == 1
    garbage = known(await catalogue_of(seeded, HERE), "matter", "06010")
    assert garbage.name_zh == "暴露垃圾"
    assert [each.limit for each in garbage.conditions] == [ClassLimit(9, "work_day")]


async def test_what_is_kept_is_one_object_until_it_changes(seeded: Database) -> None:
    first = await catalogue_of(seeded, HERE)
    assert await catalogue_of(seeded, HERE) is first
    await seeded.write(lambda tx: set_self_handling(tx, THERE, UUID(int=1), allowed=True))
    assert await catalogue_of(seeded, HERE) is first
    await seeded.write(lambda tx: set_self_handling(tx, HERE, UUID(int=1), allowed=True))
    assert await catalogue_of(seeded, HERE) is not first
