"""All numbers of a bulletin, from the cases as they stand now."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moshao.bulletins import wording
from moshao.bulletins.correcting import corrections, overdue_before
from moshao.bulletins.periods import Span, before
from moshao.bulletins.ranking import rank_all
from moshao.bulletins.repeating import DAYS, repeated
from moshao.bulletins.schemas import (
    ClassLine,
    Contents,
    DayLine,
    OverdueLine,
    PeriodKind,
    RepeatLine,
    Stated,
    SupervisedLine,
    TotalLine,
)
from moshao.bulletins.stating import STATED, third_tier
from moshao.catalogue.queries import catalogue_of
from moshao.figures.counting import class_key, count
from moshao.figures.measures import BASES, rate
from moshao.figures.periods import Period
from moshao.figures.schemas import FigureRow
from moshao.figures.sight import Sight, Unit, units_seen
from moshao.figures.wording import DEFINITIONS_VERSION
from moshao.kit.db import Reader, Row
from moshao.people.settings import ScoreWeights, read_settings

TOTALS = (
    "received", "due", "closed", "closed_rate", "closed_on_time", "closed_on_time_rate", "handled_rate", "reworked",
    "rework_rate", "extended", "extension_rate", "handbacks", "median_s", "overdue_left",
)  # fmt: skip
CLASSES_MOST = 10
REPEATS_MOST = 10
SUPERVISED_MOST = 100


async def count_all(reader: Reader, district_id: UUID, kind: PeriodKind, span: Span, now: datetime) -> Contents:
    """A few dozen statements over the cases of the period, of the one before and of the last month."""
    district = await reader.one("SELECT name, settings FROM districts WHERE id = ?", district_id)
    assert district is not None
    settings = read_settings(district["settings"])
    sight, earlier = Sight(district_id), before(kind, span)
    period, period_before = (Period(one.first, one.last, settings.zone, now) for one in (span, earlier))
    units = await units_seen(reader, sight)
    total, rows = await count(reader, sight, period, "unit")
    total_before, rows_before = await count(reader, sight, period_before, "unit")
    days = (await count(reader, sight, period, "day"))[1] if "days" in wording.SECTIONS[kind] else []
    weights, groups = settings.bulletins.score, settings.bulletins.groups
    return Contents(
        district=district["name"],
        issuer=settings.bulletins.issuer or wording.ISSUER.format(district=district["name"]),
        zone=settings.zone,
        first=span.first,
        last=span.last,
        first_before=earlier.first,
        last_before=earlier.last,
        counted_at=now,
        definitions_version=DEFINITIONS_VERSION,
        totals=_totals(total, total_before, await overdue_before(reader, district_id, kind, earlier)),
        groups=rank_all(units, rows, rows_before, weights, groups, wording.KIND_GROUPS),
        score=_formula(weights),
        overdue=await _overdue(reader, district_id, units, now),
        classes=await _classes(reader, sight, period, period_before),
        days=[_day(row) for row in days],
        repeats=await _repeats(reader, district_id, period, units),
        supervised=await _supervised(reader, district_id, period, units),
        corrections=await corrections(reader, district_id, kind, span, settings.zone, now),
        stated=_stated(total, rows, units),
    )


def _totals(total: FigureRow, earlier: FigureRow, overdue: int | None) -> list[TotalLine]:
    """What was late when the period before ended, no case tells any more: its bulletin does, where there was one."""
    said = [TotalLine(figure=name, now=getattr(total, name), before=getattr(earlier, name)) for name in TOTALS[:-1]]
    return [*said, TotalLine(figure="overdue_left", now=total.overdue_left, before=overdue)]


def _formula(weights: ScoreWeights) -> str:
    parts = [
        words.format(weight=weight) for name, words in wording.SCORE_PARTS.items() if (weight := getattr(weights, name))
    ]
    return wording.SCORE.format(sum=" + ".join(parts))


def _stated(total: FigureRow, rows: Sequence[FigureRow], units: Sequence[Unit]) -> list[Stated]:
    third = {str(unit.id): unit.id for unit in units if len(unit.path) == 2}
    lines = [(None, total), *((third[row.id], row) for row in rows if row.id in third)]
    return [
        Stated(unit_id=unit_id, unit=row.name, counts={name: getattr(row, name) for name in STATED})
        for unit_id, row in lines
    ]


def _day(row: FigureRow) -> DayLine:
    return DayLine(
        day=datetime.fromisoformat(row.id).date(), received=row.received, due=row.due, closed=row.closed,
        closed_on_time=row.closed_on_time, closed_on_time_rate=row.closed_on_time_rate,
    )  # fmt: skip


async def _overdue(reader: Reader, district_id: UUID, units: Sequence[Unit], now: datetime) -> list[OverdueLine]:
    rows = await reader.all(
        f"SELECT unit_id, deadline FROM cases WHERE district_id = ? AND {BASES['left']}", district_id, now
    )
    third, found = third_tier(units), defaultdict[str, list[datetime]](list)
    for row in rows:
        found[third.get(row["unit_id"], wording.NOT_PLACED)].append(row["deadline"])
    lines = [OverdueLine(unit=unit, cases=len(late), oldest_deadline=min(late)) for unit, late in found.items()]
    return sorted(lines, key=lambda line: (-line.cases, line.oldest_deadline, line.unit))


async def _classes(reader: Reader, sight: Sight, period: Period, earlier: Period) -> list[ClassLine]:
    total, rows = await count(reader, sight, period, "class")
    _, rows_before = await count(reader, sight, earlier, "class")
    then = {row.id: row.received for row in rows_before}
    most = sorted((row for row in rows if row.received), key=lambda row: (-row.received, row.id))[:CLASSES_MOST]
    return [
        ClassLine(
            id=row.id, name=row.name, received=row.received, share=rate(row.received, total.received) or 0,
            before=then.get(row.id, 0),
        )
        for row in most
    ]  # fmt: skip


async def _repeats(reader: Reader, district_id: UUID, period: Period, units: Sequence[Unit]) -> list[RepeatLine]:
    """Of the last month; only places where something happened in the period itself."""
    rows = await reader.all(
        "SELECT case_no, code_set, kind, major, minor, address, unit_id, lon, lat, filed_at FROM cases "
        "WHERE district_id = ? AND filed_at >= ? AND filed_at < ? AND lon IS NOT NULL AND major IS NOT NULL "
        "AND lead_case_id IS NULL AND state NOT IN ('cancelled', 'rejected') ORDER BY filed_at, case_no",
        district_id, min(period.start, period.end - timedelta(days=DAYS)), period.end,
    )  # fmt: skip
    catalogue, third = await catalogue_of(reader, district_id), third_tier(units)

    def line(group: list[Row]) -> RepeatLine:
        last = group[-1]
        one = catalogue.find(last["code_set"], last["kind"], last["major"], last["minor"])
        return RepeatLine(
            name=one.name_zh if one else wording.NO_NAME, address=last["address"] or wording.NO_ADDRESS,
            unit=third.get(last["unit_id"], wording.NOT_PLACED), cases=len(group),
            case_nos=[row["case_no"] for row in group],
        )  # fmt: skip

    groups = repeated({**row, "class_key": _class_of(row)} for row in rows)
    fresh = [group for group in groups if group[-1]["filed_at"] >= period.start]
    return [line(group) for group in fresh[:REPEATS_MOST]]


def _class_of(row: Row) -> str:
    return class_key(row[name] for name in ("code_set", "kind", "major", "minor"))


async def _supervised(reader: Reader, district_id: UUID, period: Period, units: Sequence[Unit]) -> list[SupervisedLine]:
    rows = await reader.all(
        "SELECT c.case_no, c.title, c.unit_id, r.asked_at, r.reply_by, r.state FROM case_requests r "
        "JOIN cases c ON c.id = r.case_id WHERE r.district_id = ? AND r.kind = 'supervision' AND r.asked_at < ? "
        "AND ((r.asked_at >= ? AND r.state <> 'undone') OR r.state IN ('open', 'forwarded')) "
        "ORDER BY r.asked_at, c.case_no LIMIT ?",
        district_id, period.end, period.start, SUPERVISED_MOST,
    )  # fmt: skip
    third = third_tier(units)
    return [
        SupervisedLine(
            case_no=row["case_no"], title=row["title"] or wording.NO_NAME,
            unit=third.get(row["unit_id"], wording.NOT_PLACED), asked_at=row["asked_at"], reply_by=row["reply_by"],
            reply=_reply(row, period.now),
        )
        for row in rows
    ]  # fmt: skip


def _reply(row: Row, now: datetime) -> Any:
    if row["state"] not in ("open", "forwarded"):
        return "replied"
    return "late" if row["reply_by"] is not None and row["reply_by"] < now else "waits"
