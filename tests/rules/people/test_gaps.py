"""Holes in a roster."""

from datetime import UTC, datetime, timedelta

from moshao.kit import ids
from moshao.people.gaps import Covering, cells_of, gaps

START = datetime(2026, 11, 23, tzinfo=UTC)
ALL = frozenset("*")


def hour(number: int) -> datetime:
    return START + timedelta(hours=number)


def test_no_duty_at_all() -> None:
    (gap,) = gaps({}, [(hour(number), frozenset()) for number in range(24)])
    assert (gap.grid, gap.class_, gap.from_at, gap.until_at) == ("*", "*", hour(0), hour(24))
    assert list(gaps({}, [])) == []


def test_consecutive_hours_are_one_gap() -> None:
    day = ids.new_id()
    slots = [(hour(number), frozenset({day} if 8 <= number % 24 < 20 else ())) for number in range(48)]
    found = [(gap.from_at, gap.until_at) for gap in gaps({day: Covering(ALL, ALL)}, slots)]
    assert found == [(hour(0), hour(8)), (hour(20), hour(32)), (hour(44), hour(48))]


def test_each_grid_and_class_by_itself() -> None:
    sweeper, roads = ids.new_id(), ids.new_id()
    coverings = {
        sweeper: Covering(frozenset({"411302001"}), ALL),
        roads: Covering(ALL, frozenset({"component:01"})),
    }
    found = {(gap.grid, gap.class_) for gap in gaps(coverings, [(hour(0), frozenset({sweeper, roads}))])}
    assert set(cells_of(coverings.values())) - found == {
        ("411302001", "*"),
        ("411302001", "component:01"),
        ("*", "component:01"),
    }
    assert found == {("*", "*")}
