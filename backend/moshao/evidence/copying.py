"""The copies that people look at: made soon after a photo is held, or when somebody asks before that."""

import logging
from collections.abc import Callable
from uuid import UUID

from moshao.evidence import keys
from moshao.evidence.kinds import HEAD_OCTETS, is_quick, kind_of
from moshao.evidence.pixel_messages import Bad, Copies, Derive, Kind, Order, Result, Stamp, Stamped
from moshao.evidence.pixel_pool import Rank
from moshao.evidence.room import FONTS, Evidence, Held
from moshao.kit import errors

log = logging.getLogger(__name__)

no_copy = errors.refusal("no_copy", 503, "暂时无法显示这张照片，请稍后再试", retry=True)

# Part of the names in the store and of the ETags: raise it when copies come to look otherwise.
EDITION = 1
THUMB = f"thumb{EDITION}.webp"
SCREEN = f"screen{EDITION}.jpg"


async def copy_of(evidence: Evidence, held: Held, what: str) -> bytes:
    """The copy called `what` (THUMB or SCREEN), made now where it is not there yet."""
    try:
        return await evidence.blobs.read(keys.copy(held.sha256, what))
    except KeyError:
        thumb, screen = await evidence.once.run(("copy", held.sha256), lambda: _make(evidence, held, Rank.LOOKING))
        return thumb if what == THUMB else screen


async def stamped_copy_of(evidence: Evidence, held: Held, what: str, lines: list[str]) -> bytes:
    """The screen copy with `lines` on it; `what` names it in the store."""
    key = keys.copy(held.sha256, what)
    try:
        return await evidence.blobs.read(key)
    except KeyError:
        return await evidence.once.run(key, lambda: _stamp(evidence, held, key, lines))


async def keep_copying(evidence: Evidence) -> None:
    """Make the copies of what arrived, one after the other, while nobody waits for anything else."""
    while True:
        held = await evidence.copies_wanted.get()
        try:
            if await evidence.blobs.size(keys.copy(held.sha256, SCREEN)) is None:
                await _make(evidence, held, Rank.SOMETIME)
        except errors.Refused as refused:
            # Whoever looks at the photo asks again, and is told.
            log.warning("no_copy", extra={"photo_id": str(held.photo_id), "code": refused.kind.code})


async def _make(evidence: Evidence, held: Held, rank: Rank) -> tuple[bytes, bytes]:
    result = await _ask(evidence, held, lambda path, kind: Derive(path, kind), rank)
    assert isinstance(result, Copies)
    await _put_aside(evidence, keys.copy(held.sha256, THUMB), result.thumb)
    await _put_aside(evidence, keys.copy(held.sha256, SCREEN), result.screen)
    return result.thumb, result.screen


async def _stamp(evidence: Evidence, held: Held, key: str, lines: list[str]) -> bytes:
    font = next(iter(sorted(FONTS.glob("*.[ot]tf"))))
    result = await _ask(evidence, held, lambda path, kind: Stamp(path, kind, lines, str(font)), Rank.LOOKING)
    assert isinstance(result, Stamped)
    await _put_aside(evidence, key, result.jpeg)
    return result.jpeg


async def _ask(evidence: Evidence, held: Held, order_of: Callable[[str, Kind], Order], rank: Rank) -> Result:
    key = keys.original(held.sha256)
    try:
        async with evidence.blobs.local(key) as path:
            head = await evidence.blobs.read(key, 0, HEAD_OCTETS)
            kind = kind_of(head)
            if kind is None:
                raise no_copy(held.media_type)
            result = await evidence.pixels.ask(order_of(str(path), kind), quick=is_quick(kind, head), rank=rank)
    except KeyError as missing:
        raise original_missing(held.photo_id, held.sha256) from missing
    if isinstance(result, Bad):
        raise no_copy(result.code)
    return result


def original_missing(photo_id: UUID, sha256: str) -> errors.Refused:
    """The refusal, and a line in the log for whoever can still find the bytes in a backup."""
    log.error("original_missing", extra={"photo_id": str(photo_id), "sha256": sha256})
    return errors.storage_failed("the original is missing")


async def _put_aside(evidence: Evidence, key: str, content: bytes) -> None:
    """Keep a copy for the next time, if that can be done: on a full disk people still look at photos."""
    try:
        await evidence.blobs.put(key, content)
    except errors.Refused as refused:
        log.warning("copy_not_kept", extra={"code": refused.kind.code})
