"""Which step comes when."""

from datetime import UTC, datetime, timedelta

from moshao.alerts.ladder import FIRST, Step, step_after, step_called, times_for
from moshao.kit.ids import new_id
from moshao.people.settings import URGENT_TIMES, BellSettings, LadderTimes, UnitTimes

START = datetime(2026, 11, 24, 2, tzinfo=UTC)


def climbed(times: LadderTimes, gateways: int = 0, *, people: bool = True) -> list[tuple[str, int]]:
    """Every step with its second."""
    found, step = list[tuple[str, int]](), FIRST
    while after := step_after(step, times, gateways, START, people=people):
        step, at = after
        found.append((str(step), int((at - START).total_seconds())))
    return found


def test_every_step_comes_once_and_in_time() -> None:
    assert climbed(LadderTimes(), 2) == [
        ("gateway.0", 60), ("gateway.1", 90), ("second", 180), ("crew_leader", 300), ("supervisor", 600),
        ("leader", 900), ("call_list", 1200),
    ]  # fmt: skip


def test_where_nobody_follows_the_call_list_does() -> None:
    assert climbed(LadderTimes(), 1, people=False) == [("gateway.0", 60), ("call_list", 1200)]


def test_steps_come_by_their_times_whatever_their_order() -> None:
    times = LadderTimes(gateways=500, second=100, crew_leader=10, supervisor=10, leader=700, call_list=600)
    assert climbed(times, 1) == [
        ("crew_leader", 10), ("supervisor", 10), ("second", 100), ("gateway.0", 500), ("call_list", 600),
        ("leader", 700),
    ]  # fmt: skip


def test_a_gateway_that_is_no_more_is_passed() -> None:
    after = step_after(Step("gateway", 3), LadderTimes(), 1, START, people=True)
    assert after == (Step("second"), START + timedelta(seconds=180))


def test_steps_are_written_and_read() -> None:
    for step in (FIRST, Step("gateway", 0), Step("gateway", 12), Step("crew_leader")):
        assert step_called(str(step)) == step


def test_units_and_urgency_have_times_of_their_own() -> None:
    unit, other = new_id(), new_id()
    mine = UnitTimes(normal=LadderTimes(second=7))
    settings = BellSettings(by_unit={str(unit): mine})
    assert times_for(settings, unit, urgent=False).second == 7
    assert times_for(settings, other, urgent=False) == LadderTimes()
    assert times_for(settings, None, urgent=True) == URGENT_TIMES
