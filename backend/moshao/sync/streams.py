"""Open streams of this process: one watch over the journals wakes those whose lists changed.

A stream holds a number, not a queue: whoever reads slowly is told the latest when he reads.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec
from prometheus_client import Gauge

from moshao.cases.listing import touched_scopes
from moshao.cases.visibility import DISTRICT_ROLES, scopes_of
from moshao.journal.queries import all_heads, head_of
from moshao.kit import clock, pulse
from moshao.kit.db import Database
from moshao.kit.metrics import REGISTRY, looks_at_scrape
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.sessions import alive_among

OPEN = Gauge("moshao_streams", "Live streams open in this process.", registry=REGISTRY)
JOURNAL = Gauge("moshao_journal_lines", "Lines in a district's journal.", ["district"], registry=REGISTRY)
log = logging.getLogger(__name__)

# How long another process's line may take to be seen where nothing carries beats.
LOOK_SECONDS = 0.25
# And a sign-out elsewhere.
CHECK_SECONDS = 1.0
# A storm of acts wakes everybody so often at most.
GATHER_SECONDS = 0.05
STREAMS_PER_PERSON = 6
# Beyond so many lines at once it is cheaper to wake everybody.
LINES_MOST = 500


class Bells(msgspec.Struct, frozen=True):
    """How rings are seen from here: `given` tells how many each district has given out, `rung` whom those of some
    numbers rang. The bell is a room beside this one."""

    given: Callable[[Database], Awaitable[dict[UUID, int]]]
    rung: Callable[[Database, UUID, int, int], Awaitable[set[UUID]]]


class Stream:
    """One open stream. `seq` is the latest number to be told, `told` the last one told; `rung`: there is something to
    hear; `ended` says why it ends."""

    def __init__(self, actor: Actor, seq: int, told: int) -> None:
        self.session_id = actor.session_id
        self.person_id = actor.person_id
        self.district_id = actor.district_id
        self.scopes = None if actor.role in DISTRICT_ROLES else frozenset(scopes_of(actor))
        self.seq = seq
        self.told = told
        self.rung = False
        self.ended = ""
        self.wake = asyncio.Event()
        if seq != told:
            self.wake.set()

    def tell(self, seq: int) -> None:
        self.seq = seq
        self.wake.set()

    def ring(self) -> None:
        self.rung = True
        self.wake.set()

    def end(self, why: str) -> None:
        self.ended = why
        self.wake.set()


class Streams:
    """All streams of a process. The watch runs while there are any."""

    def __init__(self, database: Database, bells: Bells, beats: Pulse, stopping: asyncio.Event) -> None:
        self._database = database
        self._bells = bells
        self._pulse = beats
        self._stopping = stopping
        self._open: dict[Stream, None] = {}
        self._seen: dict[UUID, int] = {}
        self._rung: dict[UUID, int] = {}
        self._watch: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def following(self, actor: Actor, since: int | None) -> AsyncIterator[Stream]:
        """A stream for `actor`, who knows the journal up to `since` (None: as it is now)."""
        head = await head_of(self._database, actor.district_id)
        given = await self._bells.given(self._database)
        stream = Stream(actor, head.seq, head.seq if since is None else since)
        self._make_room(actor.person_id)
        self._add(stream, given)
        try:
            yield stream
        finally:
            self._remove(stream)

    def _add(self, stream: Stream, given: Mapping[UUID, int]) -> None:
        if self._watch is None or self._watch.done():
            self._seen, self._rung = {}, dict(given)
            self._watch = asyncio.create_task(self._watching(), name="streams")
        self._open[stream] = None
        OPEN.set(len(self._open))
        seen = self._seen.setdefault(stream.district_id, stream.seq)
        if seen > stream.seq:
            stream.tell(seen)  # lines that came while its request was on its way
        if self._stopping.is_set():
            stream.end("stopping")

    def _remove(self, stream: Stream) -> None:
        self._open.pop(stream, None)
        OPEN.set(len(self._open))
        if not self._open and self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _make_room(self, person_id: UUID) -> None:
        """A phone that lost its network leaves dead streams behind: the newest ones count."""
        his = [stream for stream in self._open if stream.person_id == person_id and not stream.ended]
        for stream in his[: max(0, len(his) + 1 - STREAMS_PER_PERSON)]:
            stream.end("crowded")

    async def _watching(self) -> None:
        async with self._pulse.listening(None) as beat:
            stopping = asyncio.create_task(self._stopping.wait())
            stopping.add_done_callback(lambda _: beat.set())
            try:
                await self._look(beat)
            finally:
                stopping.cancel()

    async def _look(self, beat: asyncio.Event) -> None:
        checked = clock.monotonic()
        while not self._stopping.is_set():
            beaten = await pulse.wait(beat, LOOK_SECONDS)
            beat.clear()
            try:
                news = await self._tell_news()
                news = await self._tell_rings() or news
                # A beat without news may be a sign-out.
                if (beaten and not news) or clock.monotonic() - checked >= CHECK_SECONDS:
                    checked = clock.monotonic()
                    await self._end_dead()
            except Exception as fault:
                log.warning("streams_blind", extra={"fault": repr(fault)})
            await asyncio.sleep(GATHER_SECONDS)
        for stream in self._open:
            stream.end("stopping")

    async def _tell_news(self) -> bool:
        """Wake those whom new lines concern; whether there were any."""
        news = False
        heads = await all_heads(self._database)
        for district_id in {stream.district_id for stream in self._open}:
            seq = heads.get(district_id, 0)
            seen = self._seen.setdefault(district_id, seq)
            if seq == seen:
                continue
            touched = await self._touched(district_id, seen, seq)
            self._seen[district_id] = seq
            news = True
            for stream in self._open:
                if stream.district_id == district_id and _concerns(stream, touched):
                    stream.tell(seq)
        return news

    async def _tell_rings(self) -> bool:
        """Wake those who were rung; whether there were any."""
        news = False
        for district_id, given in (await self._bells.given(self._database)).items():
            known = self._rung.get(district_id, 0)
            if given == known:
                continue
            rung = await self._bells.rung(self._database, district_id, known, given)
            self._rung[district_id] = given
            for stream in self._open:
                if stream.person_id in rung:
                    stream.ring()
                    news = True
        return news

    async def _touched(self, district_id: UUID, seen: int, seq: int) -> set[UUID] | None:
        """The lists that changed; None: any of them may have (so many lines, or a restored journal)."""
        if not 0 < seq - seen <= LINES_MOST:
            return None
        return await touched_scopes(self._database, district_id, seen, seq)

    async def _end_dead(self) -> None:
        """Sign-out, lost phones and dismissals end streams, in whichever process they happened."""
        alive = await alive_among(self._database, list({stream.session_id for stream in self._open}))
        for stream in self._open:
            if stream.session_id not in alive:
                stream.end("session_over")


def _concerns(stream: Stream, touched: set[UUID] | None) -> bool:
    return touched is None or stream.scopes is None or not stream.scopes.isdisjoint(touched)


@looks_at_scrape
async def look_at_journals(database: Database) -> None:
    """How far each district's journal has come."""
    for district_id, seq in (await all_heads(database)).items():
        JOURNAL.labels(str(district_id)).set(seq)
