"""A sheet of cases comes in: each row by the same way as an event from above, and of each is said what became of it."""

import asyncio
import hashlib
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.catalogue.queries import catalogue_of
from moshao.exchange.columns import find_columns
from moshao.exchange.rows import SheetRow, read_row
from moshao.exchange.schemas import ReportedRow, RowStatus, SheetReport
from moshao.kit import clock, errors, ids
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database, Tx
from moshao.kit.sheets import SheetCell, read_cells
from moshao.people.actor import Actor
from moshao.upstream.keeping import keep, readable
from moshao.upstream.queries import Upstream
from moshao.upstream.unversioned import Outcome, Said, take_unversioned

Origin = Literal["folder", "desk", "command"]

SOURCE = "sheet"
NAME_MOST = 255
UNIT_CODE_MOST = 30
STATUSES: tuple[RowStatus, ...] = ("new", "changed", "same", "ended", "refused")


async def take_sheet(
    db: Database, blobs: Blobs, upstream: Upstream, name: str, content: bytes, *, origin: Origin, by: Actor | None
) -> SheetReport:
    """The report. The same bytes again get the first one, unless something in it was refused: then what was mended
    here since may help. Raises `bad_sheet`, `no_case_column`, after putting the file on record as refused."""
    sha256 = hashlib.sha256(content).hexdigest()
    if first := await _first_report(db, upstream, sha256):
        return msgspec.structs.replace(first, seen_before=True)
    file_id = ids.new_id()
    try:
        report = await _take(db, blobs, upstream, name, content)
    except errors.Refused as refused:
        code, nothing = refused.kind.code, _report(name, [])
        await db.write(lambda tx: _record(tx, upstream, file_id, name, sha256, origin, "refused", code, nothing, by))
        raise
    report.file_id = file_id
    await db.write(lambda tx: _record(tx, upstream, file_id, name, sha256, origin, "taken", None, report, by))
    return report


async def _first_report(db: Database, upstream: Upstream, sha256: str) -> SheetReport | None:
    text = await db.value(
        "SELECT report FROM exchange_files WHERE upstream_id = ? AND sha256 = ? AND state = 'taken'",
        upstream.id, sha256,
    )  # fmt: skip
    report = msgspec.json.decode(text, type=SheetReport) if text else None
    return report if report and not report.refused else None


async def _take(db: Database, blobs: Blobs, upstream: Upstream, name: str, content: bytes) -> SheetReport:
    lines = await asyncio.to_thread(read_cells, content)
    columns = find_columns(lines, upstream.settings.sheet_columns)
    async with db.reading() as reader:
        catalogue = await catalogue_of(reader, upstream.district_id)
        units = await reader.all("SELECT name, code FROM units WHERE district_id = ?", upstream.district_id)
    codes: dict[str, str] = {row["name"]: row["code"] for row in units}
    classes = catalogue.classes_of(upstream.district.code_set)
    good: list[SheetRow] = []
    done: list[ReportedRow] = []
    for line, cells in enumerate(lines[columns.first_row :], start=columns.first_row + 1):
        if not any(cell != "" for cell in cells):
            continue
        try:
            good.append(read_row(line, cells, columns, upstream.zone, classes))
        except errors.Refused as refused:
            done.append(_refused(line, refused))
            await _keep(db, upstream, cells, refused)
    ended = [row for row in good if row.ended]
    done += [ReportedRow(line=row.line, key=row.key, status="ended") for row in ended]
    open_rows = [row for row in good if not row.ended]
    said = [Said(type="dispatched", data=_data(row, codes)) for row in open_rows]
    outcomes = await take_unversioned(db, blobs, upstream, SOURCE, said)
    done += [_reported(row, outcome) for row, outcome in zip(open_rows, outcomes, strict=True)]
    return _report(name, sorted(done, key=lambda row: row.line))


def _data(row: SheetRow, codes: dict[str, str]) -> dict[str, Any]:
    """What an event would say; a unit by its name is as good as by its code."""
    data = {**row.data, "external_case_id": row.key}
    unit = row.data.get("sheet", {}).get("unit")
    if unit and not data.get("unit_code"):
        data["unit_code"] = codes.get(unit, unit[:UNIT_CODE_MOST])
    return data


def _reported(row: SheetRow, outcome: Outcome) -> ReportedRow:
    result = outcome.result
    status: RowStatus = "refused"
    if result.status == "accepted":
        status = "changed" if outcome.was_known else "new"
    elif result.status == "duplicate":
        status = "same"
    return ReportedRow(
        line=row.line, key=row.key, status=status, case_id=result.case_id, code=result.code or "",
        detail=result.detail or "", warnings=result.warnings, doubts=list(row.doubts),
    )  # fmt: skip


def _refused(line: int, refused: errors.Refused) -> ReportedRow:
    code, detail = refused.kind.code, refused.kind.title
    return ReportedRow(line=line, key=refused.detail or "", status="refused", code=code, detail=detail)


async def _keep(db: Database, upstream: Upstream, cells: list[SheetCell], refused: errors.Refused) -> None:
    """A row that names no case is kept as it came, beside the events that came in vain."""
    verbatim = readable(msgspec.json.encode(cells))
    code, detail = refused.kind.code, refused.detail or ""
    await db.write(lambda tx: keep(tx, upstream.id, "refused", code, detail, verbatim))


def _report(name: str, rows: list[ReportedRow]) -> SheetReport:
    counts = {status: sum(row.status == status for row in rows) for status in STATUSES}
    return SheetReport(
        name=name[:NAME_MOST], rows=rows, new=counts["new"], changed=counts["changed"], same=counts["same"],
        ended=counts["ended"], refused=counts["refused"],
    )  # fmt: skip


async def _record(
    tx: Tx,
    upstream: Upstream,
    file_id: UUID,
    name: str,
    sha256: str,
    origin: Origin,
    state: str,
    code: str | None,
    report: SheetReport,
    by: Actor | None,
) -> None:
    """The same file once; what became of it the last time it was looked at."""
    await tx.run(
        "INSERT INTO exchange_files (id, district_id, upstream_id, name, sha256, origin, state, code, report, by_id, "
        "heard_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (upstream_id, sha256) DO UPDATE SET "
        "state = excluded.state, code = excluded.code, report = excluded.report, heard_at = excluded.heard_at",
        file_id, upstream.district_id, upstream.id, name[:NAME_MOST], sha256, origin, state, code,
        msgspec.json.encode(report).decode(), by.person_id if by else None, clock.now(),
    )  # fmt: skip
