"""Areas in a real database."""

from importlib.resources import files

import msgspec

from moshao.kit.db import Database
from moshao.kit.ids import new_id
from moshao.places.areas import Area
from moshao.places.grids import read_grids
from moshao.places.importing import Imported, import_grids, remove_grids
from moshao.places.queries import load_areas, places_of

HERE, THERE = new_id(), new_id()


ALL = ("outline.geojson", "streets_SYNTHETIC.geojson", "unit_grids_SYNTHETIC.geojson")


def seeds(*names: str) -> list[Area]:
    folder = files("moshao") / "seeds" / "wancheng"
    return [area for name in names for area in read_grids((folder / name).read_bytes())[0]]


async def test_imported_areas_answer_for_their_district_alone(database: Database) -> None:
    areas = seeds(*ALL)
    assert await database.write(lambda tx: import_grids(tx, HERE, areas)) == Imported(1442, 0, 0)
    found = (await places_of(database, HERE)).units.find(112.541405, 32.998642)
    assert found is not None
    assert found.street_name == "东关街道"
    assert found.synthetic
    assert (await places_of(database, THERE)).units.find(112.541405, 32.998642) is None
    assert sorted(await load_areas(database, HERE), key=lambda area: area.code) == sorted(
        areas, key=lambda area: area.code
    )


async def test_same_file_again_changes_nothing_and_a_changed_area_is_replaced(database: Database) -> None:
    first, second = seeds("unit_grids_SYNTHETIC.geojson")[:2]
    await database.write(lambda tx: import_grids(tx, HERE, [first, second]))
    kept = await places_of(database, HERE)
    assert await database.write(lambda tx: import_grids(tx, HERE, [first, second])) == Imported(0, 0, 2)
    assert await places_of(database, HERE) is kept
    renamed = msgspec.structs.replace(first, street_name="新的街道", synthetic=False)
    assert await database.write(lambda tx: import_grids(tx, HERE, [renamed])) == Imported(0, 1, 0)
    after = await places_of(database, HERE)
    assert after.grid(first.code) == renamed
    assert after.grid(second.code) == second


async def test_code_of_a_duty_grid_may_be_that_of_a_unit_grid(database: Database) -> None:
    unit = seeds("unit_grids_SYNTHETIC.geojson")[0]
    duty = msgspec.structs.replace(unit, kind="duty")
    assert await database.write(lambda tx: import_grids(tx, HERE, [unit, duty])) == Imported(2, 0, 0)
    assert await database.write(lambda tx: remove_grids(tx, HERE, "duty", [unit.code, "no such"])) == 1
    places = await places_of(database, HERE)
    assert [area.kind for area in (*places.units.areas, *places.duties.areas)] == ["unit"]
