"""A bulletin as every format shows it: sections in order, their words, their tables. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from moshao.bulletins import cells, wording
from moshao.bulletins.saying import drafted
from moshao.bulletins.schemas import (
    Cell,
    Column,
    Contents,
    Document,
    Part,
    PeriodKind,
    RankGroup,
    Section,
    Sheet,
    TotalLine,
    Typical,
)
from moshao.bulletins.wording import COLUMN
from moshao.figures.wording import HOURS, SAYINGS


def compose(
    kind: PeriodKind,
    contents: Contents,
    words: Mapping[Section, str],
    typical: list[Typical],
    number: str,
    published_at: datetime | None,
) -> Document:
    """`words`: what somebody wrote; the other sections say what is drafted."""
    said, sheets = drafted(kind, contents, len(typical)), _sheets(kind, contents)
    parts = [
        Part(
            section=section,
            heading=_heading(at, wording.HEADINGS[section]),
            words=cells.plain(words.get(section, said[section])),
            edited=section in words,
            sheets=sheets.get(section, []),
        )
        for at, section in enumerate(wording.SECTIONS[kind])
    ]
    if contents.corrections:
        parts.append(
            Part(
                section=None, heading=_heading(len(parts), wording.CORRECTIONS), words=wording.CORRECTIONS_SAY,
                edited=False, sheets=[_corrections(contents)],
            )
        )  # fmt: skip
    zone = ZoneInfo(contents.zone)
    shown = typical if "typical" in wording.SECTIONS[kind] else []
    of_a_day = contents.first == contents.last
    return Document(
        title=wording.TITLES[kind].format(district=contents.district),
        number=number,
        issuer=contents.issuer,
        period=(wording.PERIOD_OF_A_DAY if of_a_day else wording.PERIOD).format(
            first=contents.first, last=contents.last
        ),
        dated=wording.DATED.format(day=published_at.astimezone(zone).date()) if published_at else "",
        parts=parts,
        typical=[msgspec.structs.replace(one, words=cells.plain(one.words)) for one in shown],
        notes=_notes(contents),
    )


def _heading(at: int, words: str) -> str:
    return wording.HEADING.format(numeral=wording.NUMERALS[at], heading=words)


def _sheets(kind: PeriodKind, contents: Contents) -> dict[Section, list[Sheet]]:
    made: dict[Section, list[Sheet]] = {
        "overview": [_totals(kind, contents)],
        "ranking": [sheet for group in contents.groups for sheet in (_ranking(group), _work(group))],
        "overdue": [_overdue(contents)],
        "classes": [_classes(kind, contents)],
        "days": [_days(contents)],
        "repeats": [_repeats(contents)],
        "supervised": [_supervised(contents)],
    }
    return {section: [sheet for sheet in sheets if sheet.rows] for section, sheets in made.items()}


def _columns(*parts: tuple[str, int]) -> list[Column]:
    """Name or key of its name, and share of the line; what has words in it takes three shares or more."""
    return [Column(COLUMN.get(name, name), width, width < WIDE) for name, width in parts]


WIDE = 3


def _totals(kind: PeriodKind, contents: Contents) -> Sheet:
    now, before = wording.CALLED[kind]
    rows = [[cells.text(_called(line)), *_compared(line)] for line in contents.totals]
    columns = _columns(("figure", 3), (now, 2), (before, 2), ("change", 2))
    return Sheet(title=wording.SHEET_TOTALS, columns=columns, rows=rows)


def _called(line: TotalLine) -> str:
    return SAYINGS[line.figure].zh + (HOURS if line.figure == "median_s" else "")


def _compared(line: TotalLine) -> list[Cell]:
    show, differ = _WAYS["rate" if line.figure.endswith("_rate") else "hours" if line.figure == "median_s" else "count"]
    return [show(line.now), show(line.before), differ(line.now, line.before)]


_WAYS: dict[str, tuple[Callable[[int | None], Cell], Callable[[int | None, int | None], Cell]]] = {
    "count": (cells.count, cells.change),
    "rate": (cells.rate, cells.points),
    "hours": (cells.hours, cells.hours_change),
}


def _ranking(group: RankGroup) -> Sheet:
    columns = _columns(
        ("rank", 2), ("unit", 5), ("closed_rate", 2), ("closed_on_time_rate", 2), ("rework_rate", 2),
        ("extension_rate", 2), ("score", 2), ("rank_before", 2),
    )  # fmt: skip
    rows = [
        [
            cells.count(line.rank), cells.text(line.unit), cells.rate(line.closed_rate),
            cells.rate(line.closed_on_time_rate), cells.rate(line.rework_rate), cells.rate(line.extension_rate),
            cells.score(line.score), cells.count(line.rank_before),
        ]
        for line in group.lines
    ]  # fmt: skip
    return Sheet(title=wording.SHEET_RANKING.format(group=group.name), columns=columns, rows=rows)


def _work(group: RankGroup) -> Sheet:
    names = ("received", "due", "closed", "closed_on_time", "reworked", "extended", "overdue_left")
    columns = _columns(("unit", 7), *((name, 2) for name in names), ("hours", 2))
    rows = [
        [cells.text(line.unit), *(cells.count(getattr(line, name)) for name in names), cells.hours(line.median_s)]
        for line in group.lines
    ]
    return Sheet(title=wording.SHEET_WORK.format(group=group.name), columns=columns, rows=rows)


def _overdue(contents: Contents) -> Sheet:
    rows = [
        [cells.text(line.unit), cells.count(line.cases), cells.moment(line.oldest_deadline, contents.zone)]
        for line in contents.overdue
    ]
    return Sheet(title=wording.SHEET_OVERDUE, columns=_columns(("unit", 4), ("cases", 2), ("oldest", 3)), rows=rows)


def _classes(kind: PeriodKind, contents: Contents) -> Sheet:
    rows = [
        [
            cells.count(at), cells.text(line.name), cells.count(line.received), cells.rate(line.share),
            cells.count(line.before), cells.change(line.received, line.before),
        ]
        for at, line in enumerate(contents.classes, 1)
    ]  # fmt: skip
    before = wording.CALLED[kind][1]
    columns = _columns(("rank", 2), ("class", 6), ("received", 2), ("share", 2), (before, 2), ("change", 2))
    return Sheet(title=wording.SHEET_CLASSES, columns=columns, rows=rows)


def _days(contents: Contents) -> Sheet:
    names = ("received", "due", "closed", "closed_on_time")
    rows = [
        [
            cells.day(line.day), *(cells.count(getattr(line, name)) for name in names),
            cells.rate(line.closed_on_time_rate),
        ]
        for line in contents.days
    ]  # fmt: skip
    columns = _columns(("day", 3), *((name, 2) for name in (*names, "closed_on_time_rate")))
    return Sheet(title=wording.SHEET_DAYS, columns=columns, rows=rows)


def _repeats(contents: Contents) -> Sheet:
    rows = [
        [
            cells.text(line.name), cells.text(line.address), cells.text(line.unit), cells.count(line.cases),
            cells.text(wording.JOIN.join(line.case_nos)),
        ]
        for line in contents.repeats
    ]  # fmt: skip
    columns = _columns(("class", 3), ("address", 5), ("unit", 3), ("cases", 2), ("case_nos", 5))
    return Sheet(title=wording.SHEET_REPEATS, columns=columns, rows=rows)


def _supervised(contents: Contents) -> Sheet:
    rows = [
        [
            cells.text(line.case_no), cells.text(line.title), cells.text(line.unit),
            cells.moment(line.asked_at, contents.zone), cells.moment(line.reply_by, contents.zone),
            cells.text(wording.REPLY[line.reply]),
        ]
        for line in contents.supervised
    ]  # fmt: skip
    columns = _columns(("case_no", 4), ("title", 4), ("unit", 3), ("asked", 3), ("reply_by", 3), ("reply", 3))
    return Sheet(title=wording.SHEET_SUPERVISED, columns=columns, rows=rows)


def _corrections(contents: Contents) -> Sheet:
    rows = [
        [
            cells.text(line.bulletin), cells.text(line.unit), cells.text(SAYINGS[line.figure].zh),
            cells.count(line.published), cells.count(line.now),
        ]
        for line in contents.corrections
    ]  # fmt: skip
    columns = _columns(("bulletin", 3), ("unit", 4), ("figure", 3), ("published", 2), ("corrected", 2))
    return Sheet(title=wording.CORRECTIONS, columns=columns, rows=rows)


def _notes(contents: Contents) -> list[str]:
    counted = contents.counted_at.astimezone(ZoneInfo(contents.zone)).strftime("%Y-%m-%d %H:%M")
    definitions = [
        wording.NOTE_DEFINITION.format(name=SAYINGS[line.figure].zh, says=SAYINGS[line.figure].says_zh)
        for line in contents.totals
    ]
    return [wording.AS_OF.format(time=counted), contents.score, *definitions]
