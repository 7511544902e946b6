"""Counting days beforehand, so that a screen costs what its days cost and not what their cases do.

Following comes first: days on which a changed case stood, or stands, are counted no longer. Then days that wait are
counted, those alone on which nothing has changed meanwhile. Decision 0014 says why nothing is lost between the two.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.figures.counting import Found, count_from_cases
from moshao.figures.kept import COLUMNS, KEPT, Line, changed_days, days_of
from moshao.figures.periods import Period, day_of
from moshao.figures.schemas import By
from moshao.figures.sight import Sight
from moshao.kit import ids
from moshao.kit.db import Database, Reader, Row, Tx
from moshao.people.settings import read_settings

FOLLOWED_AT_ONCE = 2000
COUNTED_AT_ONCE = 40
STORED: list[By] = ["unit", "class", "grid", "post", "source"]
_FOLLOW = """
    SELECT c.id, c.changed_seq, c.deadline, c.filed_at, f.due_day, f.filed_day
    FROM cases c LEFT JOIN figure_cases f ON f.case_id = c.id
    WHERE c.district_id = ? AND c.changed_seq > ? ORDER BY c.changed_seq LIMIT ?
"""
_WAITS = """
    INSERT INTO figure_days (id, district_id, day) VALUES (?, ?, ?) ON CONFLICT (district_id, day)
    DO UPDATE SET by_unit = NULL, by_class = NULL, by_grid = NULL, by_post = NULL, by_source = NULL
"""
_STANDS = """
    INSERT INTO figure_cases (case_id, district_id, due_day, filed_day) VALUES (?, ?, ?, ?) ON CONFLICT (case_id)
    DO UPDATE SET due_day = excluded.due_day, filed_day = excluded.filed_day
"""
_COUNTED = f"""
    UPDATE figure_days SET {", ".join(f"{COLUMNS[by]} = ?" for by in STORED)} WHERE district_id = ? AND day = ?
    AND EXISTS (SELECT 1 FROM figure_heads h WHERE h.district_id = figure_days.district_id AND h.seq = ?)
"""


async def keep_days(db: Database, now: datetime) -> int:
    """In every district: follow some changes, count some days. How many districts have more of either to do: what
    changes all the time is not counted over and over at once."""
    behind = 0
    for row in await db.all("SELECT id, settings FROM districts"):
        zone = read_settings(row["settings"]).zone
        followed = await db.write(lambda tx, row=row, zone=zone: _follow(tx, row["id"], zone))  # type: ignore[misc]
        left = await _count_waiting(db, row["id"], zone, now)
        behind += followed == FOLLOWED_AT_ONCE or left > 0
    return behind


async def _follow(tx: Tx, district_id: UUID, zone: str) -> int:
    seq = await _head(tx, district_id, zone)
    rows = await tx.all(_FOLLOW, district_id, seq, FOLLOWED_AT_ONCE)
    if not rows:
        return 0
    await tx.many(_WAITS, [(ids.new_id(), district_id, day) for day in sorted(days_of(rows, zone))])
    await tx.many(_STANDS, [(row["id"], district_id, *days) for row in rows if (days := _days(row, zone))])
    await tx.run("UPDATE figure_heads SET seq = ? WHERE district_id = ?", rows[-1]["changed_seq"], district_id)
    return len(rows)


async def _head(tx: Tx, district_id: UUID, zone: str) -> int:
    head = await tx.one(f"SELECT seq, zone FROM figure_heads WHERE district_id = ?{tx.for_update()}", district_id)
    if head is not None and head["zone"] == zone:
        seq: int = head["seq"]
        return seq
    # The first time, or where days begin at other instants from now on: everything anew.
    for table in ("figure_heads", "figure_days", "figure_cases"):
        await tx.run(f"DELETE FROM {table} WHERE district_id = ?", district_id)
    await tx.insert("figure_heads", {"district_id": district_id, "seq": 0, "zone": zone})
    return 0


def _days(row: Row, zone: str) -> tuple[str | None, str | None] | None:
    """Where the case stands now; None where that is known."""
    days = (day_of(row["deadline"], zone), day_of(row["filed_at"], zone))
    return None if days == (row["due_day"], row["filed_day"]) else days


async def _count_waiting(db: Database, district_id: UUID, zone: str, now: datetime) -> int:
    """How many days still wait that could be counted."""
    async with db.reading() as reader:
        seq = await reader.value("SELECT seq FROM figure_heads WHERE district_id = ?", district_id)
        changed = await changed_days(reader, district_id, zone)
        if changed is None:
            return 0
        rows = await reader.all(
            "SELECT day FROM figure_days WHERE district_id = ? AND by_unit IS NULL ORDER BY day DESC", district_id
        )
        days = [row["day"] for row in rows if row["day"] not in changed]
        counted = [
            (*await count_day(reader, district_id, day, zone, now), district_id, day, seq)
            for day in days[:COUNTED_AT_ONCE]
        ]
    if counted:
        await db.write(lambda tx: tx.many(_COUNTED, counted))
    return len(days) - len(counted)


async def count_day(reader: Reader, district_id: UUID, day: str, zone: str, now: datetime) -> list[str]:
    """What is kept of a day, by each of `STORED`, from its cases as they stand."""
    one = date.fromisoformat(day)
    period, kept = Period(one, one, zone, now), []
    for by in STORED:
        found = await count_from_cases(reader, Sight(district_id), [], period, by, each_unit=True)
        lines = [_line(key, counts) for key, counts in found.items()]
        kept.append(msgspec.json.encode(sorted(lines, key=_order)).decode())
    return kept


def _line(key: tuple[Any, ...], found: Found) -> Line:
    """Of a key that begins with the unit."""
    unit_id, *rest = key
    parts = tuple(None if part is None else str(part) for part in rest)
    return Line(unit_id, parts, [found.counts[name] for name in KEPT], sorted(found.minutes.elements()))


def _order(line: Line) -> tuple[str, tuple[str, ...]]:
    return str(line.unit_id), tuple(str(part) for part in line.key)
