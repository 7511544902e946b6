"""The clock of a case: start, stop, pause, go on, extend, warn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from moshao.cases.case import Case
from moshao.cases.clocks import (
    DutyTime,
    extended,
    fresh,
    going_on,
    half_at,
    next_point,
    paused,
    started,
    stopped,
    unpaused,
)
from moshao.hours.calendars import NO_HOLIDAYS, Calendar
from moshao.hours.limits import Limit
from moshao.kit import ids

# 2026-11-23 is a Monday; 22:36 in Nanyang.
NIGHT = datetime(2026, 11, 23, 14, 36, tzinfo=UTC)
HOUR = timedelta(hours=1)
DUTY = DutyTime(
    Calendar("wancheng_duty", "值守", "duty", ((450, 1170),), (1, 2, 3, 4, 5, 6, 7), False, False, 12.0), NO_HOLIDAYS
)


def a_case(**columns: Any) -> Case:
    return Case(id=ids.new_id(), district_id=ids.new_id(), case_no="1", state="dispatched", created_at=NIGHT, **columns)


def changed(case: Case, changes: dict[str, Any]) -> Case:
    return msgspec.structs.replace(case, **changes)


def running(limit: Limit | None = None, deadline: datetime | None = None, at: datetime = NIGHT) -> Case:
    case = a_case()
    return changed(case, started(case, at, DUTY, limit=limit, deadline_at=deadline))


def test_urgent_hours_run_through_the_night() -> None:
    case = running(Limit(2, "urgent_hour"))
    assert case.deadline == NIGHT + 2 * HOUR
    assert (half_at(case, DUTY), case.warn_at, case.next_at) == (
        NIGHT + HOUR, NIGHT + timedelta(minutes=96), NIGHT + HOUR,
    )  # fmt: skip


def test_work_hours_run_in_duty_time_only() -> None:
    case = running(Limit(2, "work_hour"))
    assert case.deadline == datetime(2026, 11, 24, 1, 30, tzinfo=UTC)
    assert case.warn_at == datetime(2026, 11, 24, 1, 6, tzinfo=UTC)


def test_a_deadline_from_above_beats_the_limit() -> None:
    case = running(Limit(2, "work_hour"), NIGHT + 5 * HOUR)
    assert (case.deadline, case.allowance_s, case.warn_at) == (NIGHT + 5 * HOUR, 5 * 3600, NIGHT + 4 * HOUR)


def test_without_limit_and_deadline_nothing_is_due() -> None:
    case = running()
    assert (case.deadline, case.warn_at, case.next_at, case.clock_state) == (None, None, None, "running")
    assert stopped(case, NIGHT + 99 * HOUR)["on_time"] is True


@pytest.mark.parametrize(("after", "on_time", "flags"), [(0, True, " "), (1, False, " overdue ")])
def test_on_time_is_up_to_the_deadline_itself(after: int, on_time: bool, flags: str) -> None:
    case = running(Limit(2, "urgent_hour"))
    changes = stopped(case, NIGHT + 2 * HOUR + timedelta(microseconds=after))
    assert (changes["on_time"], changes["flags"], changes["next_at"]) == (on_time, flags, None)


def test_what_was_marked_late_and_was_done_in_time_is_not_late() -> None:
    case = changed(running(Limit(2, "urgent_hour")), {"flags": " overdue urgent "})
    assert stopped(case, NIGHT + HOUR)["flags"] == " urgent "


def test_rework_lets_the_original_deadline_run_on() -> None:
    case = running(Limit(2, "urgent_hour"))
    done = changed(case, stopped(case, NIGHT + HOUR))
    again = changed(done, going_on(done, NIGHT + 1.9 * HOUR, DUTY))
    assert (again.deadline, again.clock_state, again.on_time) == (case.deadline, "running", None)
    assert again.next_at == case.deadline
    late = changed(done, going_on(done, NIGHT + 3 * HOUR, DUTY))
    assert late.next_at == case.deadline


def test_an_extension_is_once_more_the_limit() -> None:
    case = running(Limit(2, "urgent_hour"))
    more = changed(case, extended(case, NIGHT + 1.9 * HOUR, DUTY))
    assert (more.deadline, more.extensions, more.flags) == (NIGHT + 4 * HOUR, 1, " extended ")
    assert (half_at(more, DUTY), more.next_at) == (NIGHT + 2 * HOUR, NIGHT + 2 * HOUR)
    twice = changed(more, extended(more, NIGHT + 3 * HOUR, DUTY))
    assert twice.deadline == NIGHT + 6 * HOUR


def test_an_extension_of_a_deadline_from_above_is_as_much_as_it_gave() -> None:
    case = running(deadline=NIGHT + 5 * HOUR)
    more = changed(case, extended(case, NIGHT + HOUR, DUTY))
    twice = changed(more, extended(more, NIGHT + HOUR, DUTY))
    assert (more.deadline, twice.deadline) == (NIGHT + 10 * HOUR, NIGHT + 15 * HOUR)
    until = changed(case, extended(case, NIGHT + HOUR, DUTY, NIGHT + 6 * HOUR))
    assert until.deadline == NIGHT + 6 * HOUR


def test_a_pause_leaves_what_was_left() -> None:
    case = running(Limit(2, "urgent_hour"))
    resting = changed(case, paused(NIGHT + HOUR))
    back = changed(resting, unpaused(resting, NIGHT + 100 * HOUR, DUTY))
    assert (back.deadline, back.clock_state, back.paused_at) == (NIGHT + 101 * HOUR, "running", None)


def test_a_fresh_limit_is_the_same_again() -> None:
    case = changed(running(Limit(2, "urgent_hour")), {"flags": " due_soon overdue "})
    again = changed(case, fresh(case, NIGHT + 9 * HOUR, DUTY))
    assert (again.deadline, again.clock_started_at, again.flags) == (NIGHT + 11 * HOUR, NIGHT + 9 * HOUR, " ")
    above = running(deadline=NIGHT + 5 * HOUR)
    assert fresh(above, NIGHT + 9 * HOUR, DUTY)["deadline"] == NIGHT + 14 * HOUR


def test_the_next_moment_comes_one_after_the_other() -> None:
    case = running(Limit(2, "urgent_hour"))
    moments = [NIGHT + HOUR, NIGHT + timedelta(minutes=96), NIGHT + 2 * HOUR]
    for now, after in zip([NIGHT, *moments], [*moments, NIGHT + 2 * HOUR], strict=True):
        assert next_point(case, now, DUTY) == after
    overdue = changed(case, {"flags": " overdue "})
    assert next_point(overdue, NIGHT + 3 * HOUR, DUTY) is None
