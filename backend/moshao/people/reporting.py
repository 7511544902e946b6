"""What a phone says of itself: how much waits on it, what its self-check found."""

from uuid import UUID

import msgspec

from moshao.kit import clock
from moshao.kit.db import Row, Tx
from moshao.people.schemas import DeviceReport


async def note_report(tx: Tx, device_id: UUID, report: DeviceReport) -> None:
    now = clock.now()
    row: Row = {
        "unsent": report.unsent,
        "oldest_unsent_at": report.oldest_at if report.unsent else None,
        "app_version": report.app_version,
        "seen_at": now,
    }
    if report.findings is not None:
        row |= {"findings": msgspec.json.encode(report.findings).decode(), "checked_at": now}
    sets = ", ".join(f"{name} = ?" for name in row)
    await tx.run(f"UPDATE devices SET {sets} WHERE id = ?", *row.values(), device_id)
