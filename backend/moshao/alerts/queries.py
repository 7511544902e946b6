"""Reads of the bell that others may call."""

from collections.abc import Sequence
from uuid import UUID

from moshao.alerts.rules import Known
from moshao.kit.db import Row, marks
from moshao.kit.kept import Asked

OPEN = "('climbing', 'held', 'unreached')"


async def open_alerts(reader: Asked, case_ids: Sequence[UUID]) -> list[tuple[UUID, UUID, Known]]:
    """(case, alert, what is known of it) of these cases' alerts that nobody has heard yet."""
    if not case_ids:
        return []
    alerts = await reader.all(
        "SELECT id, case_id, kind, seq, round, unit_id, person_id FROM alerts "
        f"WHERE case_id IN ({marks(len(case_ids))}) AND state IN {OPEN}",
        *case_ids,
    )
    rung = await rung_for(reader, [row["id"] for row in alerts])
    return [(row["case_id"], row["id"], known_of(row, rung.get(row["id"], frozenset()))) for row in alerts]


async def rung_for(reader: Asked, alert_ids: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Whom each of these alerts was rung for."""
    if not alert_ids:
        return {}
    found: dict[UUID, set[UUID]] = {}
    sql = f"SELECT alert_id, person_id FROM rings WHERE alert_id IN ({marks(len(alert_ids))})"
    for row in await reader.all(sql, *alert_ids):
        found.setdefault(row["alert_id"], set()).add(row["person_id"])
    return {alert_id: frozenset(people) for alert_id, people in found.items()}


def known_of(row: Row, rung: frozenset[UUID]) -> Known:
    """What the rules ask of an alert's row."""
    return Known(
        kind=row["kind"], seq=row["seq"], round=row["round"], unit_id=row["unit_id"], person_id=row["person_id"],
        rung=rung,
    )  # fmt: skip


async def notices_out(reader: Asked) -> dict[UUID, int]:
    """How many notices each district has given out."""
    return {row["district_id"]: row["notices"] for row in await reader.all("SELECT * FROM bell_cursors")}


async def rung_between(reader: Asked, district_id: UUID, after: int, upto: int) -> set[UUID]:
    """Who was rung by the notices of these numbers."""
    rows = await reader.all(
        "SELECT DISTINCT person_id FROM notices WHERE district_id = ? AND number > ? AND number <= ?",
        district_id, after, upto,
    )  # fmt: skip
    return {row["person_id"] for row in rows}
