"""Who does a standing task. Several processes may want it; one has it, and another takes over when it falls silent."""

from datetime import datetime, timedelta
from uuid import UUID

from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader, Row, Tx, Unique

ERROR_MOST = 500
_NOTE = """
INSERT INTO leases (name, holder, until, failures, error) VALUES (?, NULL, ?, ?, ?) ON CONFLICT (name) DO NOTHING
"""


class Leases:
    """The leases of one process, each `seconds` long: `renew` them more often, `release` them when stopping."""

    def __init__(self, database: Database, seconds: float = 10) -> None:
        self.holder: UUID = ids.new_id()
        self.held: set[str] = set()
        self.seconds = seconds
        self._database = database
        self._ran: dict[str, datetime] = {}

    async def take(self, name: str) -> bool:
        """Have the lease of `name`, or get it where nobody has it (any more)."""
        if name in self.held:
            return True
        now = clock.now()
        row = await self._database.one("SELECT holder, until FROM leases WHERE name = ?", name)
        if row and row["holder"] is not None and row["until"] > now:
            return False
        if not await self._grab(name, now, known=row is not None):
            return False
        self.held.add(name)
        return True

    async def _grab(self, name: str, now: datetime, known: bool) -> bool:
        until = now + timedelta(seconds=self.seconds)

        async def work(tx: Tx) -> int:
            if not known:
                await tx.insert("leases", {"name": name, "holder": self.holder, "until": until})
                return 1
            return await tx.run(
                "UPDATE leases SET holder = ?, until = ? WHERE name = ? AND (holder IS NULL OR until <= ?)",
                self.holder, until, name, now,
            )  # fmt: skip

        try:
            return bool(await self._database.write(work))
        except Unique:
            return False

    async def renew(self) -> None:
        """Keep what is held, and forget what another process took while this one was silent."""
        names = sorted(self.held)
        if not names:
            return
        until = clock.now() + timedelta(seconds=self.seconds)

        async def work(tx: Tx) -> list[str]:
            lost = []
            for name in names:
                kept = await tx.run(
                    "UPDATE leases SET until = ?, ran_at = coalesce(?, ran_at) WHERE name = ? AND holder = ?",
                    until, self._ran.get(name), name, self.holder,
                )  # fmt: skip
                if not kept:
                    lost.append(name)
            return lost

        self.held.difference_update(await self._database.write(work))

    async def release(self) -> None:
        """Give everything back at once, so that nobody waits for the end of a lease."""
        await self.renew()
        self.held.clear()
        await self._database.write(
            lambda tx: tx.run("UPDATE leases SET holder = NULL, until = ? WHERE holder = ?", clock.now(), self.holder)
        )

    def ran(self, name: str) -> None:
        """The task went well just now; the next renewal writes it down."""
        self._ran[name] = clock.now()

    async def failed(self, name: str, failures: int, error: str) -> None:
        """Note that the task failed so often in a row (0: it goes well again)."""
        values = (failures, error[:ERROR_MOST] or None)

        async def work(tx: Tx) -> None:
            if not await tx.run(
                "UPDATE leases SET failures = ?, error = ? WHERE name = ? AND (holder IS NULL OR holder = ?)",
                *values, name, self.holder,
            ):  # fmt: skip
                await tx.run(_NOTE, name, clock.now(), *values)

        await self._database.write(work)


async def standing(reader: Reader | Database) -> list[Row]:
    """Rows {name, holder, until, ran_at, failures, error}: how every standing task goes."""
    return await reader.all("SELECT name, holder, until, ran_at, failures, error FROM leases ORDER BY name")
