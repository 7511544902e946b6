"""A message from upstream: whole, once, each event by itself, durable before the answer."""

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from moshao.dispatch.choosing import OnDutyOf
from moshao.kit import clock, errors, ids
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Tx, Unique
from moshao.upstream import splitting
from moshao.upstream.applying import apply
from moshao.upstream.envelope import Event, id_in, read_event
from moshao.upstream.inline import Inline, store_inline
from moshao.upstream.intake import Intake, begin
from moshao.upstream.keeping import keep, readable
from moshao.upstream.queries import Upstream
from moshao.upstream.schemas import EventResult, IntakeAnswer
from moshao.upstream.splitting import Piece

log = logging.getLogger(__name__)

# One transaction holds the district's journal for so many events, some tens of milliseconds.
CHUNK = 50
# Octets of a body that takes so long to read that others should not wait for it.
LARGE = 200_000
ANSWERS_KEPT = timedelta(days=30)
CONTENT_FAULTS = (ValueError, TypeError, LookupError, ArithmeticError, Unique)

event_failed = errors.refusal("event_failed", 422, "这条事件处理出错，已原样保存，请联系管理员")

Read = Event | errors.Refused


async def take_message(
    db: Database, blobs: Blobs, upstream: Upstream, webhook_id: str, body: bytes, *, is_batch: bool
) -> bytes:
    """The answer to a signed message, as it was given first. Raises `bad_json`, `bad_request`, `too_many_events`."""
    digest = hashlib.sha256(body).hexdigest()
    if first := await _first_answer(db, upstream, webhook_id, digest):
        return first
    heard_at = clock.now()
    pieces, read = await _events(db, upstream, body, is_batch=is_batch)
    results = await _take(db, blobs, upstream, pieces, read, heard_at)
    return await _remember(db, upstream, webhook_id, digest, IntakeAnswer(results), heard_at)


async def take_pieces(db: Database, blobs: Blobs, upstream: Upstream, pieces: Sequence[Piece]) -> list[EventResult]:
    """Events that came another way than signed by `POST …/events`: one result each, durable when this returns."""
    return await _take(db, blobs, upstream, pieces, [_read(piece) for piece in pieces], clock.now())


async def forget_old_answers(db: Database) -> int:
    """Answers older than 30 days: nobody repeats a message for so long."""
    until = clock.now() - ANSWERS_KEPT
    return await db.write(lambda tx: tx.run("DELETE FROM intake_messages WHERE heard_at < ?", until))


async def _take(
    db: Database, blobs: Blobs, upstream: Upstream, pieces: Sequence[Piece], read: Sequence[Read], heard_at: datetime
) -> list[EventResult]:
    inline = await store_inline(blobs, [event for event in read if isinstance(event, Event)])
    results: list[EventResult] = []
    on_duty: OnDutyOf = {}
    for at in range(0, len(pieces), CHUNK):
        chunk = list(zip(pieces[at : at + CHUNK], read[at : at + CHUNK], strict=True))
        results += await _write_chunk(db, upstream, chunk, inline, heard_at, on_duty)
    return results


async def _first_answer(db: Database, upstream: Upstream, webhook_id: str, digest: str) -> bytes | None:
    found = await db.value(
        "SELECT answer FROM intake_messages WHERE upstream_id = ? AND webhook_id = ? AND digest = ?",
        upstream.id, webhook_id, digest,
    )  # fmt: skip
    return found.encode() if found else None


async def _events(db: Database, upstream: Upstream, body: bytes, *, is_batch: bool) -> tuple[list[Piece], list[Read]]:
    """The events; a body that is none is kept before it is refused."""
    try:
        if len(body) < LARGE:
            return _split(body, is_batch=is_batch)
        return await asyncio.to_thread(_split, body, is_batch=is_batch)
    except errors.Refused as refused:
        kind, detail, text = refused.kind, refused.detail, readable(body)
        await db.write(lambda tx: keep(tx, upstream.id, "refused", kind.code, detail, text))
        raise


def _split(body: bytes, *, is_batch: bool) -> tuple[list[Piece], list[Read]]:
    pieces = splitting.batch(body) if is_batch else [splitting.one(body)]
    return pieces, [_read(piece) for piece in pieces]


def _read(piece: Piece) -> Read:
    try:
        return read_event(piece)
    except errors.Refused as refused:
        return refused


async def _write_chunk(
    db: Database,
    upstream: Upstream,
    chunk: Sequence[tuple[Piece, Read]],
    inline: Inline,
    heard_at: datetime,
    on_duty: OnDutyOf,
) -> list[EventResult]:
    """One transaction. A part of its own for each event costs a server of databases two more questions, so all are
    taken without first; only where one fails, once more by parts."""
    events = [event for _, event in chunk if isinstance(event, Event)]

    async def smoothly(tx: Tx) -> list[EventResult]:
        intake = await begin(tx, upstream, inline, heard_at, events, on_duty)
        pieces = (piece for piece, _ in chunk)
        return [
            await _kept(tx, intake, piece, await apply(tx, intake, event))
            for piece, event in zip(pieces, events, strict=True)
        ]

    async def by_parts(tx: Tx) -> list[EventResult]:
        intake = await begin(tx, upstream, inline, heard_at, events, on_duty)
        return [await _one(tx, intake, piece, read) for piece, read in chunk]

    if len(events) == len(chunk) > 1:
        with contextlib.suppress(errors.Refused, *CONTENT_FAULTS):
            return await db.write(smoothly)
    return await db.write(by_parts)


async def _one(tx: Tx, intake: Intake, piece: Piece, read: Read) -> EventResult:
    """One event in its own part of the transaction: what it breaks is undone, what it was is kept."""
    try:
        if isinstance(read, errors.Refused):
            raise read
        result = await _applied(tx, intake, read)
    except errors.Refused as refused:
        result = _refused(piece, refused)
    except CONTENT_FAULTS as fault:
        log.error("event_failed", exc_info=fault, extra={"upstream": intake.upstream.name})
        result = _refused(piece, event_failed())
    return await _kept(tx, intake, piece, result)


async def _kept(tx: Tx, intake: Intake, piece: Piece, result: EventResult) -> EventResult:
    """The result; what was not taken is kept as it came."""
    if result.status in ("refused", "stale"):
        await keep(tx, intake.upstream.id, result.status, result.code or "stale", result.detail or "", piece.raw)
    return result


async def _applied(tx: Tx, intake: Intake, event: Event) -> EventResult:
    try:
        async with tx.savepoint():
            return await apply(tx, intake, event)
    except Unique:
        # The same case or event in another message at this moment: that one was first, and is there now.
        intake.new_events.clear()
        intake.new_cases.clear()
        async with tx.savepoint():
            return await apply(tx, intake, event)


def _refused(piece: Piece, refused: errors.Refused) -> EventResult:
    detail = f"{refused.kind.title}（{refused.detail}）" if refused.detail else refused.kind.title
    return EventResult(id=id_in(piece), status="refused", code=refused.kind.code, detail=detail)


async def _remember(
    db: Database, upstream: Upstream, webhook_id: str, digest: str, answer: IntakeAnswer, heard_at: datetime
) -> bytes:
    """Store the answer; where the same message came twice at one moment, the one stored first is given."""
    text = msgspec.json.encode(answer).decode()

    async def work(tx: Tx) -> str:
        await tx.run(
            "INSERT INTO intake_messages (id, upstream_id, webhook_id, digest, answer, heard_at) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (upstream_id, webhook_id, digest) DO NOTHING",
            ids.new_id(), upstream.id, webhook_id, digest, text, heard_at,
        )  # fmt: skip
        stored: str = await tx.value(
            "SELECT answer FROM intake_messages WHERE upstream_id = ? AND webhook_id = ? AND digest = ?",
            upstream.id, webhook_id, digest,
        )  # fmt: skip
        return stored

    return (await db.write(work)).encode()
