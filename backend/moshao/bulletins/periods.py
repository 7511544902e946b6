"""Which days a bulletin is of, and which ones came before them. Pure."""

from datetime import date, timedelta

import msgspec

from moshao.bulletins.schemas import PeriodKind

DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": 3}


class Span(msgspec.Struct, frozen=True):
    """Both days are inside."""

    first: date
    last: date


def span_of(kind: PeriodKind, day: date) -> Span:
    """The day, week (from Monday), month or quarter in which `day` lies."""
    if kind == "day":
        return Span(day, day)
    if kind == "week":
        monday = day - DAY * day.weekday()
        return Span(monday, monday + 6 * DAY)
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    over = first.month + months
    return Span(first, date(first.year + over // 13, over if over <= 12 else over - 12, 1) - DAY)


def before(kind: PeriodKind, span: Span) -> Span:
    """The period that ended when this one began."""
    return span_of(kind, span.first - DAY)
