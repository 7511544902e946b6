"""Deliveries leave: encrypted to browsers, handed to gateways; what became of each is written down."""

import asyncio
import base64
import hashlib
import logging
from collections.abc import Sequence
from uuid import UUID

import msgspec

from moshao.alerts import fates
from moshao.alerts.claiming import Result, claim, keep
from moshao.alerts.composing import Composer
from moshao.alerts.fates import Outcome
from moshao.alerts.gateway_room import GatewayRoom
from moshao.alerts.keys import all_keys
from moshao.alerts.lanes import Lanes
from moshao.alerts.message import Message
from moshao.alerts.planning import PUSH
from moshao.alerts.webpush import PAYLOAD_MOST, Encrypter, Request, Target
from moshao.kit import clock, pulse
from moshao.kit.config import Settings
from moshao.kit.db import Database, Reader, Row, marks
from moshao.kit.outgoing import Outgoing, Unreachable
from moshao.people.sessions import ringable_among

log = logging.getLogger(__name__)

SEND_SECONDS = 10.0
# Results of so short a time are written down together.
GATHER_SECONDS = 0.06
LOOK_SECONDS = 0.25
TTL_MOST_S = 28 * 86400
TOPIC_LENGTH = 22


class Parcel(msgspec.Struct, frozen=True):
    """A claimed delivery with all that sending it needs: for a browser what is posted to its `endpoint`."""

    delivery: Row
    message: Message
    endpoint: str = ""
    request: Request | None = None


class Ringer:
    """Sends what is due. One per process; its task runs in one process at a time."""

    def __init__(self, db: Database, outgoing: Outgoing, settings: Settings, stopping: asyncio.Event) -> None:
        self._db = db
        self._outgoing = outgoing
        self._stopping = stopping
        self._contact = contact_of(settings)
        self.gateways = GatewayRoom(db, outgoing, settings)
        self._encrypters: dict[UUID, Encrypter] = {}
        self._lanes = Lanes()
        self._results: list[Result] = []
        self._under_way: set[asyncio.Task[None]] = set()
        self._ended = asyncio.Event()

    async def send_due(self) -> int:
        """Send until nothing is due any more; how many were tried."""
        tried = 0
        await self._write_down()
        try:
            while True:
                claimed = [] if self._stopping.is_set() else await claim(self._db, self._lanes)
                tried += len(claimed)
                for parcel in await self._pack(claimed):
                    self._begin(parcel)
                if self._under_way:
                    await pulse.wait(self._ended, LOOK_SECONDS)
                    await asyncio.sleep(GATHER_SECONDS)
                elif not (claimed or self._results):
                    return tried
                self._ended.clear()
                await self._write_down()
        finally:
            for task in self._under_way:
                task.cancel()
            await asyncio.gather(*self._under_way, return_exceptions=True)
            await self._write_down()

    def _begin(self, parcel: Parcel) -> None:
        self._lanes.begin(parcel.delivery["origin"])
        task = asyncio.create_task(self._send(parcel))
        self._under_way.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._ended.set()

    async def _write_down(self) -> None:
        results, self._results = self._results, []
        if not results:
            return
        try:
            await keep(self._db, results)
        except Exception:
            # A database that is back before their leases end is told then, and none of them leaves twice.
            self._results = results + self._results
            raise

    async def _pack(self, claimed: Sequence[Row]) -> list[Parcel]:
        """What can be sent of them; the rest has its fate already."""
        if not claimed:
            return []
        async with self._db.reading() as reader:
            browsers = await _browsers(reader, claimed)
            composer = Composer(reader, claimed)
            await composer.load()
            if any(row["key_id"] not in self._encrypters for row in browsers.values()):
                self._encrypters = {
                    key_id: Encrypter(pair, self._contact) for key_id, pair in (await all_keys(reader)).items()
                }
        parcels = []
        for row in claimed:
            made = self._wrap(row, composer, browsers.get(row["subscription_id"]))
            if isinstance(made, Outcome):
                self._results.append(Result(row, made))
            else:
                parcels.append(made)
        return parcels

    def _wrap(self, row: Row, composer: Composer, browser: Row | None) -> Parcel | Outcome:
        """Ready to leave, or why it does not.

        Encrypted here, one after the other: between two calls of the network each costs half as much again.
        """
        try:
            return self._why_not(row, composer, browser) or self._encrypted(row, composer, browser)
        except Exception as fault:
            log.error("ring_failed", exc_info=fault, extra={"channel": row["channel"]})
            return Outcome("later", "failed_here")

    def _why_not(self, row: Row, composer: Composer, browser: Row | None) -> Outcome | None:
        if row["expires_at"] <= clock.now():
            return Outcome("failed", "expired")
        if composer.is_over(row):
            return Outcome("needless", "over")
        return Outcome("failed", "signed_out") if row["channel"] == PUSH and browser is None else None

    def _encrypted(self, row: Row, composer: Composer, browser: Row | None) -> Parcel | Outcome:
        message = composer.message(row, browser["language"] if browser else "zh")
        if browser is None:
            return Parcel(row, message)
        payload = msgspec.json.encode(message)
        if len(payload) > PAYLOAD_MOST:
            return Outcome("failed", "too_large")
        left = (row["expires_at"] - clock.now()).total_seconds()
        request = self._encrypters[browser["key_id"]].request(
            Target(browser["endpoint"], browser["p256dh"], browser["auth"]), payload,
            ttl_s=int(min(left, TTL_MOST_S)), urgency="high" if row["urgent"] else "normal", topic=topic_of(message),
        )  # fmt: skip
        return Parcel(row, message, browser["endpoint"], request)

    async def _send(self, parcel: Parcel) -> None:
        outcome, answered = Outcome("later", "failed_here"), True
        try:
            outcome, answered = await self._attempt(parcel)
        except Exception as fault:
            log.error("ring_failed", exc_info=fault, extra={"channel": parcel.delivery["channel"]})
        finally:
            self._lanes.end(parcel.delivery["origin"], answered=answered)
            self._results.append(Result(parcel.delivery, outcome))

    async def _attempt(self, parcel: Parcel) -> tuple[Outcome, bool]:
        """What became of it, and whether there was somebody at all."""
        if parcel.request is None:
            return await self.gateways.ring(parcel.delivery, parcel.message), True
        try:
            answer = await self._outgoing.post(
                parcel.endpoint, parcel.request.body, parcel.request.headers, seconds=SEND_SECONDS, public_only=True
            )
            return fates.of_answer(answer.status, answer.retry_after_s), True
        except Unreachable as fault:
            log.info("push_unreachable", extra={"origin": parcel.delivery["origin"], "fault": str(fault)})
            return Outcome("later", "unreachable"), False


def topic_of(message: Message) -> str:
    """A phone that was off is told the latest of each case once (RFC 8030 §5.4)."""
    named = str(message.case_id) if message.case_id else message.tag
    return base64.urlsafe_b64encode(hashlib.sha256(named.encode()).digest())[:TOPIC_LENGTH].decode()


def contact_of(settings: Settings) -> str:
    """Where a push service finds who sends (RFC 8292 `sub`)."""
    if settings.push_contact:
        return settings.push_contact
    return settings.base_url if settings.base_url.startswith("https://") else "mailto:moshao@localhost"


async def _browsers(reader: Reader, claimed: Sequence[Row]) -> dict[UUID, Row]:
    """The subscriptions of these deliveries that still stand, by id."""
    wanted = sorted({row["subscription_id"] for row in claimed if row["subscription_id"]})
    if not wanted:
        return {}
    rows = await reader.all(f"SELECT * FROM push_subscriptions WHERE id IN ({marks(len(wanted))})", *wanted)
    alive = await ringable_among(reader, {row["session_id"] for row in rows})
    return {row["id"]: row for row in rows if row["session_id"] in alive}
