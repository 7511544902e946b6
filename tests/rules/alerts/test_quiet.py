"""Who is rung first, and who is left in peace."""

from datetime import UTC, datetime

from moshao.alerts.quiet import First, OnCall, first_of, leaders_on_call, next_on_call
from moshao.kit.ids import new_id
from moshao.people.at_work import AtWork

ZHANG, LIU, FIRST, SECOND, LEADER = (new_id() for _ in range(5))
MORNING = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 1, tzinfo=UTC)
ON, OFF = AtWork(True), AtWork(False, MORNING)
CALLED = [OnCall(SECOND, 2), OnCall(LEADER, 3), OnCall(FIRST, 1)]


def test_whoever_is_at_work_is_rung() -> None:
    assert first_of([ZHANG, LIU], {ZHANG: ON, LIU: OFF}, CALLED, urgent=False, calls=True) == First((ZHANG,))


def test_nobody_there_the_lowest_level_is() -> None:
    assert first_of([ZHANG], {ZHANG: OFF}, CALLED, urgent=False, calls=True) == First((FIRST,))


def test_nobody_on_call_it_waits_for_the_first_shift() -> None:
    work = {ZHANG: AtWork(False, LATER), LIU: OFF}
    assert first_of([ZHANG, LIU], work, [], urgent=False, calls=True) == First(until=MORNING)
    assert first_of([ZHANG], {ZHANG: OFF}, CALLED, urgent=False, calls=False) == First(until=MORNING)


def test_an_urgent_one_waits_for_nobody() -> None:
    assert first_of([ZHANG], {ZHANG: OFF}, [], urgent=True, calls=True) == First()


def test_a_roster_that_tells_no_shift_climbs_at_once() -> None:
    assert first_of([ZHANG], {ZHANG: AtWork(False)}, [], urgent=False, calls=True) == First()
    assert first_of([], {}, [], urgent=False, calls=True) == First()


def test_levels_follow_each_other_and_leaders_are_apart() -> None:
    assert next_on_call(CALLED, frozenset()) == (FIRST,)
    assert next_on_call(CALLED, frozenset({FIRST})) == (SECOND,)
    assert next_on_call(CALLED, frozenset({FIRST, SECOND})) == ()
    assert leaders_on_call(CALLED, frozenset()) == (LEADER,)
    assert leaders_on_call(CALLED, frozenset({LEADER})) == ()
