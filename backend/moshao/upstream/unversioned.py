"""What comes from above without a version: rows of sheets, messages of other dialects. The version is counted here."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Row, marks
from moshao.kit.ids import parse_id
from moshao.upstream.answering import CHUNK, take_pieces
from moshao.upstream.applying import CONTENT_TYPES, version_conflict
from moshao.upstream.envelope import TYPE_PREFIX, cleaned, read_event
from moshao.upstream.queries import Upstream
from moshao.upstream.schemas import EventResult
from moshao.upstream.splitting import Piece

TRIES = 3


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """`type` as in envelope.TYPES. `id` where the platform names the message; what says how a case is needs none: the
    same content again is the same. `data` names the case by `external_case_id` or `case_id`."""

    type: str
    data: dict[str, Any]
    id: str | None = None


class Known(msgspec.Struct, frozen=True):
    """A case as it stands: its version, and version and digest of the last that said how it is."""

    case_id: UUID
    version: int
    content: tuple[int, str] | None


class Outcome(msgspec.Struct, frozen=True):
    """`was_known`: the case was here before."""

    result: EventResult
    was_known: bool


async def take_unversioned(
    db: Database, blobs: Blobs, upstream: Upstream, source: str, said: Sequence[Said]
) -> list[Outcome]:
    """In their order, a chunk to a transaction. Who loses a race for a version counts once more."""
    outcomes: list[Outcome] = []
    for chunk in _chunks(said):
        mine = await _take(db, blobs, upstream, source, chunk)
        for _ in range(TRIES):
            again = [at for at, one in enumerate(mine) if one.result.code == version_conflict.code]
            if not again:
                break
            for at, one in zip(again, await _take(db, blobs, upstream, source, [chunk[a] for a in again]), strict=True):
                mine[at] = one
        outcomes += mine
    return outcomes


def _chunks(said: Sequence[Said]) -> Iterator[list[Said]]:
    """Never twice the same case in one: the second has to count on from the first."""
    chunk: list[Said] = []
    named: set[str] = set()
    for one in said:
        if len(chunk) == CHUNK or _named(one) in named:
            yield chunk
            chunk, named = [], set()
        chunk.append(one)
        named.add(_named(one))
    if chunk:
        yield chunk


async def _take(db: Database, blobs: Blobs, upstream: Upstream, source: str, chunk: Sequence[Said]) -> list[Outcome]:
    known = await _known(db, upstream, chunk)
    outcomes: dict[int, Outcome] = {}
    pieces: list[tuple[int, Piece]] = []
    for at, one in enumerate(chunk):
        case = known.get(_named(one))
        if case is not None and one.type in CONTENT_TYPES and _is_same(case, source, one):
            result = EventResult(id=one.id, status="duplicate", case_id=case.case_id)
            outcomes[at] = Outcome(result, was_known=True)
        else:
            pieces.append((at, _piece(source, one, case.version + 1 if case else 1)))
    results = await take_pieces(db, blobs, upstream, [piece for _, piece in pieces])
    for (at, _), result in zip(pieces, results, strict=True):
        outcomes[at] = Outcome(result, was_known=_named(chunk[at]) in known)
    return [outcomes[at] for at in range(len(chunk))]


async def _known(db: Database, upstream: Upstream, chunk: Sequence[Said]) -> dict[str, Known]:
    """By what the messages call the cases."""
    async with db.reading() as reader:
        theirs = {_named(one) for one in chunk}
        own = {one: found for one in theirs if (found := parse_id(one))}
        rows = await reader.all(
            "SELECT id, external_case_id, version FROM cases "
            f"WHERE upstream_id = ? AND external_case_id IN ({marks(len(theirs))})",
            upstream.id, *theirs,
        )  # fmt: skip
        named: dict[str, Row] = {row["external_case_id"]: row for row in rows}
        if own:
            rows = await reader.all(
                f"SELECT id, version FROM cases WHERE district_id = ? AND id IN ({marks(len(own))})",
                upstream.district_id, *own.values(),
            )  # fmt: skip
            by_id = {row["id"]: row for row in rows}
            named |= {name: by_id[case_id] for name, case_id in own.items() if case_id in by_id and name not in named}
        if not named:
            return {}
        case_ids = {row["id"] for row in named.values()}
        rows = await reader.all(
            f"SELECT case_id, version, content FROM intake_events WHERE case_id IN ({marks(len(case_ids))}) "
            f"AND type IN ({marks(len(CONTENT_TYPES))}) ORDER BY version",
            *case_ids, *sorted(CONTENT_TYPES),
        )  # fmt: skip
    last = {row["case_id"]: (row["version"], row["content"]) for row in rows}
    return {name: Known(row["id"], row["version"], last.get(row["id"])) for name, row in named.items()}


def _is_same(case: Known, source: str, one: Said) -> bool:
    """Whether the last that was said of the case is just this."""
    if case.content is None:
        return False
    version, content = case.content
    return read_event(_piece(source, one, version)).content == content


def _piece(source: str, one: Said, version: int) -> Piece:
    """As CloudEvents, so that there is one way in."""
    event = {
        "specversion": "1.0", "id": one.id or f"{_named(one)}:{version}", "source": source,
        "type": TYPE_PREFIX + one.type, "data": {**one.data, "version": version},
    }  # fmt: skip
    return Piece(cleaned(json.dumps(event, ensure_ascii=False)), event)


def _named(one: Said) -> str:
    return str(one.data.get("external_case_id") or one.data.get("case_id"))
