"""What came and could not be used is kept as it came, where somebody can see it."""

import hashlib
from uuid import UUID

from moshao.kit import clock, ids
from moshao.kit.db import Tx

DETAIL_MOST = 500
_KEEP = """
INSERT INTO kept_events (id, upstream_id, digest, status, code, detail, verbatim, times, first_at, last_at)
VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, ?)
ON CONFLICT (upstream_id, digest) DO UPDATE SET
    times = kept_events.times + 1, last_at = excluded.last_at, code = excluded.code, detail = excluded.detail
"""


async def keep(tx: Tx, upstream_id: UUID, status: str, code: str, detail: str, verbatim: str) -> None:
    """`status` refused or stale. The same text again is counted, not stored twice."""
    now, digest = clock.now(), hashlib.sha256(verbatim.encode()).hexdigest()
    await tx.run(
        _KEEP, ids.new_id(), upstream_id, digest, status, code, detail[:DETAIL_MOST], verbatim, now, now
    )  # fmt: skip


def readable(body: bytes) -> str:
    """Any bytes as text a database takes."""
    return body.decode(errors="backslashreplace").replace("\0", "\\0")
