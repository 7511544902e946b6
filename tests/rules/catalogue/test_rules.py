from uuid import UUID

import pytest

from moshao.catalogue.rules import CaseClass, Catalogue, ClassLimit, Condition, PhotoNeed, PhotoRule
from moshao.kit.ids import new_id

NEW, OLD = "2026", "2013"
HOURS, DAYS = ClassLimit(2, "urgent_hour"), ClassLimit(3, "work_day")


def made(code_set: str, kind: str, code: str, **members: object) -> CaseClass:
    words = dict.fromkeys(("major_zh", "major_en", "name_zh", "name_en", "group_zh"), "")
    parts = {"id": new_id(), "code_set": code_set, "kind": kind, "major": code[:2], "minor": code[2:], "code": code}
    return CaseClass(**(words | parts | members))  # type: ignore[arg-type]


COVER = made(NEW, "component", "01001")
DEFECT = made(NEW, "matter", "01001")
GARBAGE = made(NEW, "matter", "06010", group_zh="环卫保洁")
OLD_GARBAGE = made(OLD, "matter", "0110", maps_to=(NEW, "matter", "06010"))
OLD_DUPLICATE = made(OLD, "matter", "0199", maps_to=(NEW, "matter", "06010"))
ODD = made(OLD, "matter", "0604")


def catalogue(*rules: PhotoRule) -> Catalogue:
    return Catalogue("1", [], [COVER, DEFECT, GARBAGE, OLD_DUPLICATE, OLD_GARBAGE, ODD], rules)


@pytest.mark.parametrize(
    ("code_set", "kind", "major", "minor", "found"),
    [
        (NEW, "component", "01", "001", COVER),
        (NEW, "matter", "01", "001", DEFECT),
        (NEW, "matter", "06", "06010", GARBAGE),
        (NEW, "matter", "", "06010", GARBAGE),
        (NEW, "matter", None, "06010", GARBAGE),
        (NEW, "matter", "07", "06010", None),
        (NEW, "matter", "0", "6010", None),
        (NEW, "matter", "", "010", None),
        (NEW, "matter", "06", "", None),
        (NEW, "matter", "06", None, None),
        (NEW, "event", "06", "010", None),
        (NEW, None, "06", "010", None),
        (None, "matter", "06", "010", None),
        (OLD, "matter", "01", "10", OLD_GARBAGE),
        (OLD, "matter", "06", "010", None),
        ("1999", "matter", "01", "10", None),
    ],
)
def test_find(
    code_set: str | None, kind: str | None, major: str | None, minor: str | None, found: CaseClass | None
) -> None:
    assert catalogue().find(code_set, kind, major, minor) == found


@pytest.mark.parametrize(
    ("conditions", "named", "limit"),
    [
        ((), None, None),
        ((), "1", None),
        ((("1", DAYS),), None, DAYS),
        ((("1", DAYS), ("2", DAYS)), None, DAYS),
        ((("1", DAYS), ("2", HOURS)), None, None),
        ((("1", DAYS), ("2", HOURS)), "", None),
        ((("1", DAYS), ("2", HOURS)), "2", HOURS),
        ((("1", DAYS), ("2", HOURS)), " 2 ", HOURS),
        ((("1", DAYS), ("2", HOURS)), "条件 2", HOURS),
        ((("1", DAYS), ("2", HOURS)), "condition 1", DAYS),
        ((("1", DAYS), ("2", HOURS)), "3", None),
        ((("1", DAYS),), "3", DAYS),
    ],
)
def test_limit_for(conditions: tuple[tuple[str, ClassLimit], ...], named: str | None, limit: ClassLimit | None) -> None:
    known = tuple(Condition(code, limit, f"条件 {code}", f"condition {code}") for code, limit in conditions)
    assert catalogue().limit_for(made(NEW, "matter", "06011", conditions=known), named) == limit


def test_unknown_class_has_no_limit_and_the_general_photo_rule() -> None:
    assert catalogue().limit_for(None, "1") is None
    assert catalogue().photo_rule_for(None).need("fixed", case_has_before=False) == PhotoNeed(1, 1)


@pytest.mark.parametrize(
    ("rules", "after"),
    [
        ([], 1),
        ([PhotoRule(after_min=2)], 2),
        ([PhotoRule(after_min=2), PhotoRule(group_zh="环卫保洁", after_min=3)], 3),
        ([PhotoRule(group_zh="市政设施", after_min=3), PhotoRule(after_min=2)], 2),
        ([PhotoRule(class_id=GARBAGE.id, after_min=4), PhotoRule(group_zh="环卫保洁", after_min=3)], 4),
        ([PhotoRule(own=True, after_min=5), PhotoRule(after_min=2)], 5),
        ([PhotoRule(own=True, after_min=5), PhotoRule(class_id=GARBAGE.id, after_min=4)], 4),
        ([PhotoRule(own=True, class_id=UUID(int=7), after_min=5)], 1),
    ],
)
def test_nearest_photo_rule_counts_and_a_districts_own_before_the_common(rules: list[PhotoRule], after: int) -> None:
    assert catalogue(*rules).photo_rule_for(GARBAGE).after_min == after


def test_map_class() -> None:
    known = catalogue()
    assert known.map_class(GARBAGE, NEW) is GARBAGE
    assert known.map_class(OLD_DUPLICATE, NEW) is GARBAGE
    assert known.map_class(GARBAGE, OLD) is OLD_GARBAGE  # of two, the smaller code
    assert known.map_class(ODD, NEW) is None
    assert known.map_class(COVER, OLD) is None
