"""A sheet brought in row by row: each stands for itself, and of each is said what became of it."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Database, Tx
from moshao.people.keeping import Kept

ROWS_AT_ONCE = 100

Status = Literal["new", "changed", "same", "refused"]
Cells = dict[str, str]


class ImportedRow(msgspec.Struct, kw_only=True):
    """What became of a row of the sheet (the head is line 1)."""

    line: int
    status: Status
    person_id: UUID | None = None
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


async def import_rows(
    db: Database, rows: list[Cells], columns: Mapping[str, str], keep_row: KeepRow, *, keep: bool
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


async def _one(
    tx: Tx, line: int, cells: Cells, columns: Mapping[str, str], keep_row: KeepRow, keep: bool
) -> ImportedRow:
    named = {columns.get(name, name): value for name, value in cells.items() if value}
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
        detail = "；".join(f"{each.field}: {each.detail}" for each in refused.errors) or refused.kind.title
        return ImportedRow(line=line, status="refused", code=refused.kind.code, detail=detail)
    except msgspec.ValidationError as fault:
        return ImportedRow(line=line, status="refused", code=errors.bad_field.code, detail=str(fault))
    return outcome
