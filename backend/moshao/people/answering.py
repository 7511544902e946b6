"""For which grids a person answers, whatever the hour."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

import msgspec

from moshao.kit.db import Reader

EVERYWHERE = "*"


async def grids_of(reader: Reader, person_id: UUID, unit_id: UUID, day: date) -> frozenset[str]:
    """Grid codes and street codes (which begin the codes of their grids); `*` = the whole district."""
    duties = await reader.all(
        "SELECT grids FROM duties WHERE person_id = ? AND (until_day IS NULL OR until_day >= ?)",
        person_id, day.isoformat(),
    )  # fmt: skip
    grids = _union(row["grids"] for row in duties)
    if EVERYWHERE not in grids:
        return grids
    street = await reader.value("SELECT street_code FROM units WHERE id = ?", unit_id)
    return (grids - {EVERYWHERE}) | {street} if street else frozenset({EVERYWHERE})


def _union(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(code for text in texts for code in msgspec.json.decode(text, type=list[str]))
