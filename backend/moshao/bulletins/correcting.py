"""更正: what earlier bulletins published and is otherwise by now. They stay as they are; the next one says it."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from moshao.bulletins import wording
from moshao.bulletins.periods import Span
from moshao.bulletins.schemas import Contents, Correction, PeriodKind
from moshao.bulletins.stating import STATED
from moshao.figures.counting import count
from moshao.figures.periods import Period
from moshao.figures.schemas import FigureRow
from moshao.figures.sight import Sight
from moshao.kit.db import Reader

# How many bulletins of the same kind are looked back on.
BACK = 4

# Bulletin, unit (None: the district), figure → what was said of it last.
Said = dict[tuple[UUID, UUID | None, str], int]


async def corrections(
    reader: Reader, district_id: UUID, kind: PeriodKind, span: Span, zone: str, now: datetime
) -> list[Correction]:
    """Counts the periods of the last few published bulletins anew; what an earlier one corrected already is measured
    by that."""
    rows = await reader.all(
        "SELECT id, first, last, year, number, contents FROM bulletins WHERE district_id = ? AND period = ? "
        "AND state = 'published' AND first < ? ORDER BY first DESC LIMIT ?",
        district_id, kind, str(span.first), BACK,
    )  # fmt: skip
    earlier = [(row, msgspec.json.decode(row["contents"], type=Contents)) for row in reversed(rows)]
    said: Said = {}
    for row, contents in earlier:
        said |= {(row["id"], one.unit_id, figure): n for one in contents.stated for figure, n in one.counts.items()}
        said |= {(one.bulletin_id, one.unit_id, one.figure): one.now for one in contents.corrections}
    found: list[Correction] = []
    for row, contents in earlier:
        period = Period(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]), zone, now)
        total, lines = await count(reader, Sight(district_id), period, "unit")
        called = wording.NUMBER.format(year=row["year"], number=row["number"])
        found += _differing(row["id"], called, contents, total, lines, said)
    return found


def _differing(
    bulletin_id: UUID, called: str, contents: Contents, total: FigureRow, lines: list[FigureRow], said: Said
) -> list[Correction]:
    third = {UUID(line.id): line for line in lines if line.depth == 1 and line.id}
    names = {one.unit_id: one.unit for one in contents.stated} | {key: line.name for key, line in third.items()}
    found = []
    for unit_id, unit in names.items():
        row = total if unit_id is None else third.get(unit_id)
        for figure in STATED:
            # A unit of which there was nothing to say was not named.
            before, now = said.get((bulletin_id, unit_id, figure), 0), getattr(row, figure) if row else 0
            if before != now:
                found.append(
                    Correction(
                        bulletin_id=bulletin_id, bulletin=called, unit_id=unit_id, unit=unit, figure=figure,
                        published=before, now=now,
                    )
                )  # fmt: skip
    return found


async def overdue_before(reader: Reader, district_id: UUID, kind: PeriodKind, span: Span) -> int | None:
    """What was late when the bulletin of this period was counted, if there is one that was published."""
    text = await reader.value(
        "SELECT contents FROM bulletins WHERE district_id = ? AND period = ? AND first = ? AND state = 'published'",
        district_id, kind, str(span.first),
    )  # fmt: skip
    if text is None:
        return None
    totals = msgspec.json.decode(text, type=Contents).totals
    return next((line.now for line in totals if line.figure == "overdue_left"), None)
