"""Which unit and which person, on plain values."""

from uuid import UUID

import pytest

from moshao.dispatch.rules import Candidate, Rule, is_held, least_burdened, unit_by_rule

NIGHT, STREET, CLASS, ALL = (UUID(int=number) for number in range(1, 5))
RULES = [
    Rule(90, ALL, ("*",), ("*",), 0, 1440),
    Rule(20, STREET, ("411302002",), ("*",), 0, 1440),
    Rule(10, CLASS, ("*",), ("matter:02013", "component:01"), 0, 1440),
    Rule(5, NIGHT, ("411302002",), ("*",), 20 * 60, 7 * 60),
]
GRID = "411302002000001"


@pytest.mark.parametrize(
    ("grid", "case_class", "minute", "unit"),
    [
        (GRID, "matter:02001", 600, STREET),
        (GRID, "matter:02013", 600, CLASS),
        (GRID, "component:01009", 600, CLASS),
        (GRID, "matter:01009", 600, STREET),
        ("411302003000001", "matter:02001", 600, ALL),
        ("411302003000001", "matter:02001", 1300, ALL),
        (None, None, 600, ALL),
        (None, "matter:02013", 600, CLASS),
        # the night shift begins and ends on the minute
        (GRID, "matter:02013", 1199, CLASS),
        (GRID, "matter:02013", 1200, NIGHT),
        (GRID, "matter:02013", 0, NIGHT),
        (GRID, "matter:02013", 419, NIGHT),
        (GRID, "matter:02013", 420, CLASS),
    ],
)
def test_the_fitting_rule_with_the_smallest_priority(
    grid: str | None, case_class: str | None, minute: int, unit: UUID
) -> None:
    assert unit_by_rule(RULES, grid, case_class, minute) == unit


def test_no_rule_fits() -> None:
    assert unit_by_rule(RULES[1:], "411302003000001", "matter:02001", 600) is None
    assert unit_by_rule([], GRID, "matter:02001", 600) is None


def test_a_whole_grid_code_is_no_prefix() -> None:
    rule = Rule(1, CLASS, ("41130200200001",), ("*",), 0, 1440)
    assert unit_by_rule([rule], "41130200200001", None, 0) == CLASS
    assert unit_by_rule([rule], "411302002000012", None, 0) is None


def test_fewest_open_cases_then_smallest_staff_number() -> None:
    first, second, third = (Candidate(UUID(int=number), staff) for number, staff in ((9, "H2"), (8, "H1"), (7, "H3")))
    people = [first, second, third]
    assert least_burdened(people, {}) == second.person_id
    assert least_burdened(people, {second.person_id: 1}) == first.person_id
    assert least_burdened(people, {second.person_id: 1, first.person_id: 1}) == third.person_id
    assert least_burdened(people, dict.fromkeys((UUID(int=7), UUID(int=8), UUID(int=9)), 3)) == second.person_id


def test_nobody_on_duty() -> None:
    assert least_burdened([], {}) is None


@pytest.mark.parametrize(
    ("flags", "held"),
    [(" ", False), (" unknown_unit ", False), (" bad_photo ", False), (" no_place urgent ", True),
     (" outside_district ", True), (" unknown_class ", True)],
)  # fmt: skip
def test_what_holds_a_case(flags: str, held: bool) -> None:
    assert is_held(flags) is held
