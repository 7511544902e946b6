"""Read every photo back: its bytes are what the phone sealed, and what the acts signed."""

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

from moshao.evidence.keys import original
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Row
from moshao.operate.verifying import FIRST, Fault

PAGE = 500
HELD = """
    SELECT id, sha256, length FROM photos WHERE district_id = ? AND state = 'held' AND id > ? ORDER BY id LIMIT ?
"""
NAMED = """
    SELECT n.id, n.photo_id, n.sha256 AS signed, p.sha256, p.state
    FROM case_photos n JOIN cases c ON c.id = n.case_id LEFT JOIN photos p ON p.id = n.photo_id
    WHERE c.district_id = ? AND n.state = 'held' AND n.id > ? ORDER BY n.id LIMIT ?
"""


async def verify_photos(db: Database, blobs: Blobs, district_id: UUID) -> AsyncIterator[Fault]:
    """Each photo that was acknowledged lies in the store, byte for byte."""
    last = FIRST
    while rows := await db.all(HELD, district_id, last, PAGE):
        for row in rows:
            last = row["id"]
            if why := await _photo_fault(blobs, row):
                yield Fault("photo", str(row["id"]), why)


async def verify_named_photos(db: Database, district_id: UUID) -> AsyncIterator[Fault]:
    """Each photo that stands in a case is held, with the digest that the act signed."""
    last = FIRST
    while rows := await db.all(NAMED, district_id, last, PAGE):
        for row in rows:
            last = row["id"]
            if row["state"] != "held":
                yield Fault("photo", str(row["photo_id"]), f"stands in a case and is {row['state'] or 'nowhere'}")
            elif row["signed"] is not None and row["signed"] != row["sha256"]:
                yield Fault("photo", str(row["photo_id"]), "has another digest than the act signed")


async def _photo_fault(blobs: Blobs, row: Row) -> str | None:
    try:
        content = await blobs.read(original(row["sha256"]))
    except KeyError:
        return "is not in the store"
    if len(content) != row["length"]:
        return f"has {len(content)} octets, should have {row['length']}"
    return None if hashlib.sha256(content).hexdigest() == row["sha256"] else "has other bytes than the phone sealed"
