"""The clock of a case as the phone shows it: what is left, when to warn, and why. Pure."""

from datetime import datetime
from typing import Literal, cast

from moshao.cases.case import Case
from moshao.cases.clocks import DutyTime, half_at, limit_in
from moshao.cases.schemas_shown import ShownClock, ShownLimit, WorkTime
from moshao.hours.calendars import Calendar
from moshao.hours.deadlines import Deadline, remaining
from moshao.hours.limits import Limit
from moshao.hours.wording import period_texts, why

PROVISIONAL = "暂定"


def shown_clock(case: Case, now: datetime, duty: DutyTime) -> ShownClock:
    """The clock at `now`; a stopped or paused one as it was left."""
    limit = limit_in(case)
    own_time = limit if case.allowance_s is None else None
    return ShownClock(
        state=cast(Literal["running", "paused", "stopped"], case.clock_state),
        limit=ShownLimit(limit.value, limit.unit, case.limit_provisional) if limit else None,
        started_at=case.clock_started_at,
        stopped_at=case.clock_stopped_at,
        remaining_s=_remaining(case, now, own_time, duty),
        warn_at=[at for at in (half_at(case, duty), case.warn_at) if at is not None],
        why=_why(case, own_time, duty),
        why_code=_why_code(case, own_time),
        work_time=_work_time(own_time, duty.calendar) if case.deadline else None,
    )


def _remaining(case: Case, now: datetime, own_time: Limit | None, duty: DutyTime) -> int | None:
    if case.deadline is None or case.clock_started_at is None:
        return None
    left_at = {"paused": case.paused_at, "stopped": case.clock_stopped_at}.get(case.clock_state)
    return remaining(left_at or now, case.deadline, own_time, duty.calendar, duty.holidays)


def _why_code(
    case: Case, own_time: Limit | None
) -> Literal["from_above", "urgent_hour", "urgent_day", "work_hour", "work_day"] | None:
    if case.deadline is None:
        return None
    return own_time.unit if own_time else "from_above"


def _work_time(limit: Limit | None, calendar: Calendar) -> WorkTime | None:
    if limit is None or limit.unit not in ("work_hour", "work_day"):
        return None
    return WorkTime(
        hours_per_day=calendar.hours_per_work_day, periods=period_texts(calendar),
        holidays_excluded=calendar.holidays_excluded,
    )  # fmt: skip


def _why(case: Case, own_time: Limit | None, duty: DutyTime) -> str | None:
    if case.deadline is None:
        return None
    said = why(own_time, Deadline(case.deadline, confirmed=True), duty.calendar)
    return f"{said}, {PROVISIONAL}" if case.limit_provisional else said
