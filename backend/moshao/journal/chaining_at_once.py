"""Lines numbered, chained and written by one statement of PostgreSQL's, with whatever else the act writes.

The head is locked, read and moved where it stands: while one transaction holds it, nobody waits for this process.
The numbers and digests are those of `chain`, reckoned by the server.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from moshao.journal.chain import BETWEEN, COLUMNS, text_of
from moshao.journal.numbers import LAST, Around
from moshao.kit.db import Statement

_HEAD = "line0 AS (SELECT seq, digest FROM journal_heads WHERE district_id = ? FOR UPDATE)"
# A field that is missing counts as an octet that no text of PostgreSQL's can hold: what follows the number is bytes.
_LINE = """line{n} AS (SELECT seq + 1 AS seq, encode(sha256(
    convert_to(digest || ?::text || (seq + 1)::text, 'UTF8') || ?::bytea), 'hex') AS digest FROM line{before})"""
_ROW = "(?, ?, (SELECT seq FROM line{n}), " + "?, " * 12 + "(SELECT digest FROM line{n}))"
_MOVED = (
    "head AS (UPDATE journal_heads SET seq = line{n}.seq, digest = line{n}.digest FROM line{n} WHERE district_id = ?)"
)


def at_once(district_id: UUID, rows: Sequence[tuple[Any, ...]], statements: Sequence[Statement]) -> Statement:
    """`rows`: the columns of each line but for its digest, without a number. The statement answers the number of the
    last line and how many rows each of `statements` touched."""
    last = len(rows)
    begins = f"{BETWEEN}{district_id}{BETWEEN}"
    parts = [_HEAD]
    args: list[Any] = [district_id]
    for n, row in enumerate(rows, start=1):
        parts.append(_LINE.format(n=n, before=n - 1))
        args += [begins, "".join(BETWEEN + text_of(field) for field in row[3:]).encode()]
    values = ", ".join(_ROW.format(n=n) for n in range(1, last + 1))
    parts.append(f"written AS (INSERT INTO journal_lines ({COLUMNS}) VALUES {values})")
    for row in rows:
        args += [*row[:2], *row[3:]]
    parts.append(_MOVED.format(n=last))
    args.append(district_id)
    for n, statement in enumerate(statements):
        sql, values_of = _numbered_later(statement, last)
        parts.append(f"part{n} AS ({sql} RETURNING 1)")
        args += values_of
    counts = "".join(f", (SELECT count(*) FROM part{n}) AS count{n}" for n in range(len(statements)))
    return f"WITH {', '.join(parts)} SELECT (SELECT seq FROM line{last}) AS seq{counts}", args


def _numbered_later(statement: Statement, last: int) -> Statement:
    """The statement with a look at the last line wherever it wants that line's number."""
    sql, args = statement
    if not any(arg is LAST or isinstance(arg, Around) for arg in args):
        return statement
    number = f"(SELECT seq FROM line{last})"
    first, *pieces = sql.split("?")
    text, values = [first], list[Any]()
    for arg, piece in zip(args, pieces, strict=True):
        if arg is LAST:
            text += [number, piece]
        elif isinstance(arg, Around):
            text += [f"(?::text || {number}::text || ?::text)", piece]
            values += [arg.before, arg.after]
        else:
            text += ["?", piece]
            values.append(arg)
    return "".join(text), values
