"""Who is on shift, what a duty covers, whom a role may put where."""

from datetime import date

import pytest

from moshao.kit import ids
from moshao.people.actor import ROLES
from moshao.people.rules import Hours, Moment, answers_for, covers, may_help, may_keep, on_shift

MONDAY, TUESDAY, SATURDAY, SUNDAY = (date(2026, 11, day) for day in (23, 24, 28, 29))
DAY = Hours(450, 1170, "1234567")
NIGHT = Hours(1320, 1800, "12345")


def running(hours: Hours, day: date, minute: int, days: dict[date, str] | None = None) -> list[date]:
    return list(on_shift(hours, Moment(day, minute, days or {})))  # type: ignore[arg-type]


@pytest.mark.parametrize(("minute", "on"), [(0, False), (449, False), (450, True), (1169, True), (1170, False)])
def test_a_day_shift(minute: int, on: bool) -> None:
    assert running(DAY, MONDAY, minute) == ([MONDAY] if on else [])


def test_a_night_shift_belongs_to_the_day_it_began_on() -> None:
    assert running(NIGHT, MONDAY, 1320) == [MONDAY]
    assert running(NIGHT, TUESDAY, 359) == [MONDAY]
    assert running(NIGHT, TUESDAY, 360) == []
    assert running(NIGHT, SATURDAY, 100) == [date(2026, 11, 27)]
    assert running(NIGHT, SATURDAY, 1400) == []
    assert running(NIGHT, MONDAY, 100) == []


def test_a_whole_day_that_begins_at_noon_overlaps_nothing() -> None:
    hours = Hours(720, 2160, "1234567")
    assert running(hours, SUNDAY, 719) == [SATURDAY]
    assert running(hours, SUNDAY, 720) == [SUNDAY]


def test_holidays() -> None:
    days = {MONDAY: "free", SATURDAY: "work"}
    assert running(Hours(0, 1440, "12345"), MONDAY, 600, days) == [MONDAY]
    off = Hours(0, 1440, "12345", "off")
    assert running(off, MONDAY, 600, days) == []
    assert running(off, SATURDAY, 600, days) == [SATURDAY]
    assert running(off, SUNDAY, 600, days) == []
    assert running(Hours(0, 1440, "67", "off"), SATURDAY, 600, days) == []
    only = Hours(0, 1440, "1234567", "only")
    assert running(only, MONDAY, 600, days) == [MONDAY]
    assert running(only, TUESDAY, 600, days) == []


def test_a_shift_bounded_to_some_days() -> None:
    night = Hours(1320, 1800, "1234567", from_day="2026-11-28", until_day="2026-11-28")
    assert running(night, SATURDAY, 1400) == [SATURDAY]
    assert running(night, SUNDAY, 100) == [SATURDAY]
    assert running(night, SATURDAY, 100) == []
    assert running(night, SUNDAY, 1400) == []


def test_who_answers_for_whom() -> None:
    a, b, c, d, e = (ids.new_id() for _ in range(5))
    assert answers_for(a, {}) == a
    assert answers_for(a, {b: c}) == a
    assert answers_for(a, {a: b}) == b
    assert answers_for(a, {a: None}) is None
    assert answers_for(a, {a: b, b: c, c: d}) == d
    assert answers_for(a, {a: b, b: c, c: d, d: e}) is None
    assert answers_for(a, {a: b, b: a}) is None


GRID = "411302001002003"


@pytest.mark.parametrize(
    ("grids", "classes", "grid", "case_class", "covered"),
    [
        (["*"], ["*"], GRID, "matter:0101", True),
        (["*"], ["*"], None, None, True),
        ([GRID], ["*"], GRID, None, True),
        ([GRID], ["*"], None, None, False),
        (["411302001"], ["*"], GRID, None, True),
        (["411302002"], ["*"], GRID, None, False),
        ([GRID[:14]], ["*"], GRID, None, False),
        (["411302001000"], ["*"], GRID, None, True),
        (["411302001000"], ["*"], "411302001000017", None, True),
        (["411302001000"], ["*"], "411302001000", None, True),
        (["411302002000"], ["*"], GRID, None, False),
        (["411302001002"], ["*"], GRID, None, True),
        (["411302001003"], ["*"], GRID, None, False),
        (["*"], ["matter:01"], None, "matter:0102", True),
        (["*"], ["matter:0101"], None, "matter:0102", False),
        (["*"], ["component:01"], None, "matter:0102", False),
        (["*"], ["matter:"], None, "matter:0102", True),
        (["*"], ["matter:01"], None, None, False),
        ([], ["*"], GRID, None, False),
        (["*"], [], GRID, "matter:0101", False),
    ],
)
def test_what_a_duty_covers(
    grids: list[str], classes: list[str], grid: str | None, case_class: str | None, covered: bool
) -> None:
    assert covers(grids, classes, grid, case_class) is covered


def test_nobody_gives_a_role_above_his_own() -> None:
    keeps = {role: {after for after in ROLES if may_keep(role, None, after)} for role in ROLES}
    assert keeps.pop("admin") == ROLES
    assert keeps.pop("unit_operator") == {"handler", "inspector", "crew_leader", "unit_operator"}
    assert not any(keeps.values())
    assert not may_keep("unit_operator", "admin", "handler")
    assert not may_keep("unit_operator", "handler", "supervisor")
    assert may_keep("unit_operator", "handler", "crew_leader")


def test_nobody_helps_his_equals_to_their_passwords() -> None:
    helps = {role: {whose for whose in ROLES if may_help(role, whose)} for role in ROLES}
    assert helps.pop("admin") == ROLES
    assert helps == {
        "supervisor": {"handler", "inspector", "crew_leader", "unit_operator"},
        "unit_operator": {"handler", "inspector", "crew_leader"},
        "crew_leader": {"handler", "inspector"},
        "handler": set(),
        "inspector": set(),
        "leader": set(),
    }
