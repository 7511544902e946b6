"""The gateways of an installation, open: each rings at its own pace, and what goes wrong is a fate."""

import asyncio
import logging
from uuid import UUID

import msgspec

from moshao.alerts.fates import Outcome
from moshao.alerts.gateways.gateway import Gateway, Means, Rung, TellsWhenAsked
from moshao.alerts.gateways.kinds import KINDS
from moshao.alerts.message import Message
from moshao.kit import clock
from moshao.kit.config import Settings
from moshao.kit.db import Database, Row, Tx
from moshao.kit.limits import Limits
from moshao.kit.outgoing import Outgoing
from moshao.people.queries import find_person

log = logging.getLogger(__name__)

RING_SECONDS = 25.0
# Rather than wait longer here, the delivery comes up again.
WAIT_MOST_S = 5.0


class _Open(msgspec.Struct):
    """`made_of`: the row's settings and secrets; another text opens it anew."""

    made_of: tuple[str, str]
    gateway: Gateway
    pace: Limits


class GatewayRoom:
    """Of one process."""

    def __init__(self, db: Database, outgoing: Outgoing, settings: Settings) -> None:
        self._db = db
        self._outgoing = outgoing
        self._base_url = settings.base_url
        self._own_hosts = frozenset(settings.gateway_hosts)
        self._open: dict[UUID, _Open] = {}

    async def ring(self, delivery: Row, message: Message) -> Outcome:
        """One attempt by the gateway that the delivery names."""
        row = await self._db.one("SELECT * FROM gateways WHERE id = ? AND active", delivery["gateway_id"])
        person = await find_person(self._db, delivery["person_id"])
        if row is None or person is None or row["kind"] not in KINDS:
            return Outcome("failed", "gateway_gone")
        opened = self.opened(row)
        wait = opened.pace.take("")
        if wait > WAIT_MOST_S:
            return Outcome("later", "too_many", wait)
        while wait:
            await asyncio.sleep(wait)
            wait = opened.pace.take("")
        address = await self._db.value(
            "SELECT address FROM gateway_addresses WHERE gateway_id = ? AND person_id = ?", row["id"], person.id
        )
        rung = Rung(
            person_id=person.id, name=person.name, staff_no=person.staff_no, phone=person.phone, address=address
        )
        return await self._rung(opened.gateway, message, rung, row["id"])

    async def has_read(self, gateway: Row, foreign_id: str, address: str) -> bool:
        """Whether the person of this address has read what `gateway` calls so; False where it can't tell."""
        opened = self.opened(gateway)
        if not isinstance(opened.gateway, TellsWhenAsked) or opened.pace.take(""):
            return False
        try:
            async with asyncio.timeout(RING_SECONDS):
                return await opened.gateway.has_read(foreign_id, address)
        except TimeoutError:
            return False

    def opened(self, row: Row) -> _Open:
        """The gateway of this row of `gateways`."""
        made_of = (row["settings"], row["secrets"])
        known = self._open.get(row["id"])
        if known is None or known.made_of != made_of:
            kind = KINDS[row["kind"]]
            gateway = kind.open(
                msgspec.json.decode(row["settings"], type=kind.settings),
                msgspec.json.decode(row["secrets"], type=kind.secrets),
                Means(self._outgoing, self._base_url, row["id"], self._own_hosts),
            )
            pace = Limits(per_second=gateway.per_second, burst=max(1.0, gateway.per_second))
            known = self._open[row["id"]] = _Open(made_of, gateway, pace)
        return known

    async def _rung(self, gateway: Gateway, message: Message, rung: Rung, gateway_id: UUID) -> Outcome:
        try:
            async with asyncio.timeout(RING_SECONDS):
                fate = await gateway.ring(message, rung)
        except TimeoutError:
            return Outcome("later", "unreachable")
        if fate.nobody:
            await self._db.write(lambda tx: _forget(tx, gateway_id, rung.person_id))
        return Outcome(fate.outcome, fate.why, fate.after_s, fate.foreign_id)


async def _forget(tx: Tx, gateway_id: UUID, person_id: UUID) -> None:
    """The gateway says there is nobody of that name."""
    await tx.run(
        "UPDATE gateway_addresses SET invalid_at = ? WHERE gateway_id = ? AND person_id = ?",
        clock.now(), gateway_id, person_id,
    )  # fmt: skip
