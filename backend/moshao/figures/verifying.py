"""Every day that was counted beforehand, counted once more from its cases."""

from collections.abc import AsyncIterator
from uuid import UUID

from moshao.figures.keeping import STORED, count_day
from moshao.figures.kept import COLUMNS, changed_days
from moshao.kit import clock
from moshao.kit.db import Database
from moshao.people.settings import read_settings

_COLUMNS = ", ".join(COLUMNS[by] for by in STORED)
_NEXT = f"""
    SELECT day, {_COLUMNS} FROM figure_days WHERE district_id = ? AND day > ? AND by_unit IS NOT NULL
    ORDER BY day LIMIT 1
"""


async def verify_figures(db: Database, district_id: UUID) -> AsyncIterator[tuple[str, str]]:
    """Day and reason, of each that no longer says what its cases say."""
    at = ""
    while True:
        async with db.reading() as reader:
            row = await reader.one(_NEXT, district_id, at)
            if row is None:
                return
            at = row["day"]
            settings = await reader.value("SELECT settings FROM districts WHERE id = ?", district_id)
            zone = read_settings(settings).zone
            changed = await changed_days(reader, district_id, zone)
            # What nobody reads (too much changed, or days begin elsewhere now) need not be true.
            if changed is None or at in changed:
                continue
            counted = await count_day(reader, district_id, at, zone, clock.now())
        wrong = [by for by, lines in zip(STORED, counted, strict=True) if row[COLUMNS[by]] != lines]
        if wrong:
            yield at, f"was counted otherwise by {', '.join(wrong)}"
