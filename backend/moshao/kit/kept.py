"""What a process may keep of the database: things read often and changed rarely, with the version they had.

Whoever changes such a thing says so by `touch`, in the same transaction. Versions are random, so no rollback,
restore or other database can bring one back for different content.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar
from uuid import UUID

from moshao.kit.db import Database, Reader, Statement, Tx
from moshao.kit.ids import new_id

Asked = Reader | Database
T = TypeVar("T")


async def touch(tx: Tx, subject: str, owner_id: UUID | None) -> None:
    """What stands under `subject` has changed for `owner_id`, or (None) for everybody."""
    await tx.run(
        "INSERT INTO versions (name, token) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET token = excluded.token",
        _name(subject, owner_id),
        new_id(),
    )
    tx.forget()


async def version(reader: Asked, subject: str, owner_id: UUID) -> str:
    """Text that differs after any `touch` that concerns `owner_id`."""
    sql, args = version_asked(subject, owner_id)
    return ".".join(row["token"].hex for row in await reader.all(sql, *args))


def version_asked(subject: str, owner_id: UUID) -> Statement:
    """What `version` asks."""
    return "SELECT token FROM versions WHERE name IN (?, ?) ORDER BY name", (
        _name(subject, None),
        _name(subject, owner_id),
    )


class Kept(Generic[T]):
    """Values of `subject` by owner, read by `load` when their version is not the one kept; `most` owners at once."""

    def __init__(self, subject: str, load: Callable[[Asked, UUID], Awaitable[T]], most: int = 256) -> None:
        self.subject = subject
        self._load = load
        self._most = most
        self._values: OrderedDict[UUID, tuple[str, T]] = OrderedDict()

    async def get(self, reader: Asked, owner_id: UUID) -> T:
        """The value as it is now; within a transaction asked once."""
        if isinstance(reader, Tx):
            return await reader.once((self.subject, owner_id), lambda: self._now(reader, owner_id))
        return await self._now(reader, owner_id)

    async def _now(self, reader: Asked, owner_id: UUID) -> T:
        now = await version(reader, self.subject, owner_id)
        kept = self._values.get(owner_id)
        if kept is None or kept[0] != now:
            kept = self._values[owner_id] = (now, await self._load(reader, owner_id))
        self._values.move_to_end(owner_id)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return kept[1]


def _name(subject: str, owner_id: UUID | None) -> str:
    return f"{subject}:{owner_id}" if owner_id else subject
