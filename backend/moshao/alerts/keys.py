"""The key by which push services know us: made at the first start, changed without losing a phone."""

from uuid import UUID

import msgspec

from moshao.alerts.webpush import KeyPair, new_key_pair
from moshao.kit import clock, ids
from moshao.kit.db import Database, Row, Tx
from moshao.kit.kept import Asked

FIRST = UUID(int=1)
_CURRENT = "SELECT * FROM vapid_keys WHERE retired_at IS NULL ORDER BY made_at DESC, id DESC LIMIT 1"


class Key(msgspec.Struct, frozen=True):
    id: UUID
    pair: KeyPair


async def ensure_key(db: Database) -> None:
    """Make the first key, where there is none."""
    if await db.one(_CURRENT) is None:
        await db.write(lambda tx: _make(tx, FIRST))


async def current_key(reader: Asked) -> Key:
    """The key for new subscriptions."""
    row = await reader.one(_CURRENT)
    if row is None:
        raise LookupError("no key was made")
    return key_of(row)


async def all_keys(reader: Asked) -> dict[UUID, KeyPair]:
    """Those that subscriptions may still use."""
    return {row["id"]: key_of(row).pair for row in await reader.all("SELECT * FROM vapid_keys")}


async def rotate(tx: Tx, *, drop_old: bool) -> Key:
    """A new key. Phones take it when they next open the app, and ring under the old one until then.

    `drop_old`: the old one was seen by others. What was subscribed under it rings no more.
    """
    now = clock.now()
    await tx.run("UPDATE vapid_keys SET retired_at = ? WHERE retired_at IS NULL", now)
    if drop_old:
        await tx.run("DELETE FROM push_subscriptions")
        await tx.run("DELETE FROM vapid_keys")
    return await _make(tx, ids.new_id())


async def forget_unused(tx: Tx) -> int:
    """Drop retired keys under which nothing is subscribed."""
    return await tx.run(
        "DELETE FROM vapid_keys WHERE retired_at IS NOT NULL AND id NOT IN (SELECT key_id FROM push_subscriptions)"
    )


def key_of(row: Row) -> Key:
    return Key(row["id"], KeyPair(row["private_key"], row["public_key"]))


async def _make(tx: Tx, key_id: UUID) -> Key:
    """Servers and workers start at the same time: whoever is second with an id changes nothing."""
    pair = new_key_pair()
    await tx.run(
        "INSERT INTO vapid_keys (id, private_key, public_key, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        key_id, pair.private_key, pair.public_key, clock.now(),
    )  # fmt: skip
    return Key(key_id, pair)
