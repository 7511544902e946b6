"""The clock of a case as changes to its columns: start, stop, pause, go on, extend. Pure: no I/O, no clock."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from moshao.cases.case import Case, has_flag, with_flags
from moshao.hours.calendars import Calendar, Holidays
from moshao.hours.deadlines import WARN_SHARES, deadline, resumed, warn_at
from moshao.hours.limits import Limit, limit_of

Changes = dict[str, Any]
HALF, MOST = WARN_SHARES
LATE_FLAGS = ("due_soon", "overdue")


class DutyTime(msgspec.Struct, frozen=True, eq=False):
    """The calendar a district counts by."""

    calendar: Calendar
    holidays: Holidays


def started(
    case: Case,
    at: datetime,
    duty: DutyTime,
    *,
    limit: Limit | None,
    deadline_at: datetime | None = None,
    provisional: bool = False,
) -> Changes:
    """A clock that begins at `at`. A deadline named from above beats the limit; without both there is none to keep."""
    allowance = None
    confirmed = True
    if deadline_at is not None:
        allowance = max(0, round((deadline_at - at).total_seconds()))
    elif limit is not None:
        end = deadline(at, limit, duty.calendar, duty.holidays)
        deadline_at, confirmed = end.at, end.confirmed
    changes: Changes = {
        "limit_value": limit.value if limit else None,
        "limit_unit": limit.unit if limit else None,
        "limit_provisional": provisional or not confirmed,
        "allowance_s": allowance,
        "clock_started_at": at,
        "deadline": deadline_at,
        "flags": with_flags(case.flags, drop=LATE_FLAGS),
    }
    return _running(case, changes, at, duty)


def fresh(case: Case, at: datetime, duty: DutyTime) -> Changes:
    """The same limit once more from `at`; where a deadline was named from above, as much time as it gave."""
    limit = limit_in(case)
    if case.allowance_s is None:
        return started(case, at, duty, limit=limit, provisional=case.limit_provisional)
    again = started(case, at, duty, limit=limit, deadline_at=at + timedelta(seconds=case.allowance_s))
    return again | {"limit_provisional": case.limit_provisional}


def stopped(case: Case, at: datetime) -> Changes:
    """The clock stops: on time if `at` is not after the deadline."""
    on_time = case.deadline is None or at <= case.deadline
    flags = with_flags(case.flags, add=() if on_time else ("overdue",), drop=LATE_FLAGS if on_time else ("due_soon",))
    return {
        "clock_state": "stopped",
        "clock_stopped_at": at,
        "next_at": None,
        "on_time": on_time,
        "flags": flags,
    }


def going_on(case: Case, now: datetime, duty: DutyTime) -> Changes:
    """A stop is erased, as if there had been none: the original deadline goes on running."""
    return _running(case, {"clock_stopped_at": None, "on_time": None}, now, duty)


def paused(at: datetime) -> Changes:
    return {"clock_state": "paused", "paused_at": at, "next_at": None}


def unpaused(case: Case, at: datetime, duty: DutyTime) -> Changes:
    """What was left when the clock was paused is left again."""
    if case.deadline is None or case.paused_at is None:
        return _running(case, {"paused_at": None}, at, duty)
    end = resumed(case.paused_at, at, case.deadline, _own_time(case), duty.calendar, duty.holidays)
    return _running(case, {"paused_at": None, "deadline": end.at}, at, duty)


def extended(case: Case, now: datetime, duty: DutyTime, until: datetime | None = None) -> Changes:
    """The deadline one original limit later, or at `until`."""
    end = until
    if end is None and case.deadline is not None:
        limit = limit_in(case)
        if case.allowance_s is not None:
            end = case.deadline + timedelta(seconds=case.allowance_s)
        elif limit is not None:
            end = deadline(case.deadline, limit, duty.calendar, duty.holidays).at
    flags = with_flags(case.flags, add=("extended",), drop=LATE_FLAGS)
    changes: Changes = {"deadline": end, "flags": flags, "extensions": case.extensions + 1}
    return _running(case, changes, now, duty) if case.clock_state == "running" else changes


def limit_in(case: Case) -> Limit | None:
    return limit_of(case.limit_value, case.limit_unit)


def half_at(case: Case, duty: DutyTime) -> datetime | None:
    """When half of the time is used up."""
    return _share_at(case, HALF, duty)


def next_point(case: Case, now: datetime, duty: DutyTime) -> datetime | None:
    """The next instant at which something is to be said about a running clock."""
    points = [half_at(case, duty), case.warn_at, case.deadline]
    ahead = [point for point in points if point is not None and point > now]
    if ahead or case.deadline is None:
        return min(ahead, default=None)
    return None if has_flag(case, "overdue") else case.deadline


def _running(case: Case, changes: Changes, now: datetime, duty: DutyTime) -> Changes:
    then = msgspec.structs.replace(case, **changes, clock_state="running")
    warn = _share_at(then, MOST, duty)
    then = msgspec.structs.replace(then, warn_at=warn)
    return changes | {"clock_state": "running", "warn_at": warn, "next_at": next_point(then, now, duty)}


def _share_at(case: Case, share: float, duty: DutyTime) -> datetime | None:
    if case.clock_started_at is None or case.deadline is None:
        return None
    if case.deadline <= case.clock_started_at:
        return case.deadline
    start, end = case.clock_started_at, case.deadline
    return warn_at(start, end, share, _own_time(case), duty.calendar, duty.holidays)


def _own_time(case: Case) -> Limit | None:
    """A deadline named from above runs on the wall clock, whatever limit stands beside it."""
    return limit_in(case) if case.allowance_s is None else None
