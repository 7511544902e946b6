"""A sheet brought in row by row: each stands for itself, and of each is said what became of it."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Database, Tx
from moshao.people.keeping import Kept

ROWS_AT_ONCE = 100
# Where msgspec says that something does not fit: the outermost member.
AT = re.compile(r" - at `\$\.(\w+)")
MISSING, UNFIT = "不能空着", "不符合要求"

Status = Literal["new", "changed", "same", "refused"]
Cells = dict[str, str]


class ImportedRow(msgspec.Struct, kw_only=True):
    """What became of a row of the sheet (the head is line 1). `column`, as the sheet calls it, holds the `value` that
    is at fault; empty where no single one is."""

    line: int
    status: Status
    person_id: UUID | None = None
    column: str = ""
    value: str = ""
    code: str = ""
    detail: str = ""


class ImportReport(msgspec.Struct, kw_only=True):
    new: int
    changed: int
    same: int
    refused: int
    rows: list[ImportedRow]


# Keeps one row, its cells under our names for the columns; whom it is about, if about somebody.
KeepRow = Callable[[Tx, Cells], Awaitable[tuple[Status, UUID | None]]]


class Columns(msgspec.Struct, frozen=True):
    """`names`: what a sheet calls a column → our name for it. `of_refusals`: code of a refusal → the column it is
    about. `says`: column → what may stand there."""

    names: Mapping[str, str]
    of_refusals: Mapping[str, str] = {}
    says: Mapping[str, str] = {}


async def import_rows(
    db: Database, rows: list[Cells], columns: Columns, keep_row: KeepRow, *, keep: bool
) -> ImportReport:
    """Keep every row that fits, say of every other what is wrong. `keep` False only tries."""
    done: list[ImportedRow] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = list(enumerate(rows[start : start + ROWS_AT_ONCE], start=start + 2))

        async def work(tx: Tx, part: list[tuple[int, Cells]] = part) -> list[ImportedRow]:
            return [await _one(tx, line, cells, columns, keep_row, keep) for line, cells in part if any(cells.values())]

        done += await db.write(work)
    counts = {status: sum(row.status == status for row in done) for status in ("new", "changed", "same", "refused")}
    return ImportReport(rows=done, **counts)


def status_of(*kept: Kept) -> Status:
    """In one word, by what became of the first above all."""
    if kept[0].new:
        return "new"
    return "changed" if any(each.changed for each in kept) else "same"


class _Tried(Exception):
    """Undoes a row that was only tried."""


async def _one(tx: Tx, line: int, cells: Cells, columns: Columns, keep_row: KeepRow, keep: bool) -> ImportedRow:
    named = {columns.names.get(name, name): value for name, value in cells.items() if value}
    outcome = ImportedRow(line=line, status="same")
    try:
        async with tx.savepoint():
            status, person_id = await keep_row(tx, named)
            outcome = ImportedRow(line=line, status=status, person_id=person_id)
            if not keep:
                raise _Tried
    except _Tried:
        return outcome
    except errors.Refused as refused:
        code = refused.kind.code
        named_faults = [(each.field, each.detail) for each in refused.errors]
        faults = named_faults or [(columns.of_refusals.get(code, ""), refused.kind.title)]
        return _refused(line, cells, columns, code, faults)
    except msgspec.ValidationError as fault:
        return _refused(line, cells, columns, errors.bad_field.code, [_unfit(str(fault), columns)])
    return outcome


def _unfit(words: str, columns: Columns) -> tuple[str, str]:
    """The column that msgspec speaks of, and what is wrong with it."""
    missing = errors.member_fault("", words).field
    if missing:
        return missing, MISSING
    found = AT.search(words)
    return (found[1], columns.says.get(found[1], UNFIT)) if found else ("", words)


def _refused(line: int, cells: Cells, columns: Columns, code: str, faults: list[tuple[str, str]]) -> ImportedRow:
    """`faults`: our name of a column and a sentence. The first says which cell to look at."""
    field, detail = faults[0][0], "；".join(each for _, each in faults)
    heading = next((name for name in cells if columns.names.get(name, name) == field), "")
    if not heading:
        # The sheet lacks the column: it is named as the template does.
        heading = next((name for name, ours in columns.names.items() if ours == field), field)
    value = cells.get(heading, "")
    return ImportedRow(line=line, status="refused", column=heading, value=value, code=code, detail=detail)
