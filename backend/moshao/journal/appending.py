"""Write what happened: gapless numbers per district, each line chained to the one before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.journal.chain import COLUMNS, START, chained
from moshao.journal.chaining_at_once import at_once
from moshao.journal.numbers import known
from moshao.kit import clock, ids
from moshao.kit.db import Statement, Tx, inserted

LINES_A_STATEMENT = 200
# More lines than these are chained here and not by the server of databases, whose statement would grow with them.
AT_ONCE_MOST = 4


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line to be written. `facts` holds ids, codes, numbers and times, never what a person wrote or is called.
    `seals`: the digests of the rows that it leaves behind, by id; None: the row is gone."""

    kind: str
    case_id: UUID | None = None
    act_id: UUID | None = None
    person_id: UUID | None = None
    unit_id: UUID | None = None
    round: int = 0
    state: str | None = None
    done_at: datetime | None = None
    facts: Mapping[str, Any] = {}
    content: str | None = None
    seals: Mapping[str, str | None] = {}


async def open_journal(tx: Tx, district_id: UUID) -> None:
    """Start the journal of a new district."""
    head = {"district_id": district_id, "seq": 0, "digest": START, "epoch": str(ids.new_id())}
    await tx.insert("journal_heads", head)


async def append(tx: Tx, district_id: UUID, lines: Sequence[Line]) -> int:
    """Append `lines`; the number of the last one. Holds the district's head until the transaction ends."""
    seq, _ = await append_with(tx, district_id, lines)
    return seq


async def append_with(
    tx: Tx, district_id: UUID, lines: Sequence[Line], *statements: Statement
) -> tuple[int, list[int]]:
    """Append `lines` and run `statements` `together` with them: the number of the last line, and rows touched by each
    statement. Arguments of theirs may be `numbers.LAST` and `numbers.Around`.

    Everybody who writes waits for the district's head, so PostgreSQL is asked once for all of it.
    """
    now = clock.now()
    rows = [_fields(district_id, line, now) for line in lines]
    if tx.dialect == "postgres" and len(rows) <= AT_ONCE_MOST:
        sql, args = at_once(district_id, rows, statements)
        found = await tx.one(sql, *args)
        seq, *touched = found.values() if found else (None,)
        if seq is None:
            raise _no_journal(district_id)
        return int(seq), touched
    return await _one_by_one(tx, district_id, rows, statements)


def _fields(district_id: UUID, line: Line, now: datetime) -> tuple[Any, ...]:
    """The columns of a line but for its digest; it has no number yet."""
    facts = msgspec.json.encode(line.facts, order="sorted").decode()
    seals = msgspec.json.encode(line.seals, order="sorted").decode() if line.seals else None
    return (
        ids.new_id(), district_id, None, line.kind, now, line.done_at, line.case_id, line.act_id, line.person_id,
        line.unit_id, line.round, line.state, facts, line.content, seals,
    )  # fmt: skip


async def _one_by_one(
    tx: Tx, district_id: UUID, rows: Sequence[tuple[Any, ...]], statements: Sequence[Statement]
) -> tuple[int, list[int]]:
    head = await tx.one("SELECT seq, digest FROM journal_heads WHERE district_id = ?" + tx.for_update(), district_id)
    if head is None:
        raise _no_journal(district_id)
    seq, digest = int(head["seq"]), head["digest"]
    written: list[tuple[Any, ...]] = []
    for row_id, district, _, *rest in rows:
        seq += 1
        digest = chained(digest, (district, seq, *rest))
        written.append((row_id, district, seq, *rest, digest))
    parts = [written[start : start + LINES_A_STATEMENT] for start in range(0, len(written), LINES_A_STATEMENT)]
    head_moved = "UPDATE journal_heads SET seq = ?, digest = ? WHERE district_id = ?", (seq, digest, district_id)
    touched = await tx.together(
        *((sql, [known(arg, seq) for arg in args]) for sql, args in statements),
        *(inserted("journal_lines", COLUMNS, part) for part in parts),
        head_moved,
    )
    return seq, touched[: len(statements)]


def _no_journal(district_id: UUID) -> LookupError:
    return LookupError(f"district {district_id} has no journal")
