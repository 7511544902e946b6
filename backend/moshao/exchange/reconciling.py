"""对账: their book, from a sheet or asked for, laid beside ours; every difference is kept until somebody settles it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.exchange.columns import find_columns
from moshao.exchange.comparing import Difference, Ours, Theirs, compare, on_time_of, standing_of, theirs_of
from moshao.exchange.moments import moment_of
from moshao.exchange.rows import read_row
from moshao.kit import clock, errors, ids
from moshao.kit.db import Database, Row, Tx, as_time, marks
from moshao.kit.outgoing import Outgoing, Unreachable
from moshao.kit.sheets import read_cells
from moshao.kit.webhooks import signed_headers
from moshao.people.actor import Actor
from moshao.upstream.queries import Upstream

NAME_MOST = 255
ASK_SECONDS = 30.0
PAGES_MOST = 1000
PAGE_MOST = 10 * 1024 * 1024
KEYS_AT_ONCE = 500
QUERY_MEDIA = "application/json"

no_query_url = errors.refusal("no_query_url", 409, "这个上级平台没有约定查询地址，请上传它导出的表格")
upstream_not_answering = errors.refusal("upstream_not_answering", 502, "上级平台没有回答查询，请稍后再试", retry=True)
empty_period = errors.refusal("empty_period", 422, "对账的起止时间不对")


class Period(msgspec.Struct, frozen=True):
    """[from_at, until_at) by dispatch."""

    from_at: datetime | None = None
    until_at: datetime | None = None


class _Page(msgspec.Struct):
    """What a platform answers: cases, and where to go on."""

    cases: list[dict[str, Any]]
    next: str | None = None


async def reconcile_sheet(
    db: Database, upstream: Upstream, name: str, content: bytes, period: Period, by: Actor | None
) -> UUID:
    """The reconciliation's id. Without a period that of the sheet's own 派遣时间. Raises `bad_sheet`,
    `no_case_column`, `empty_period`."""
    check(period)
    theirs = await asyncio.to_thread(_book, upstream, content)
    times = [one.dispatched_at for one in theirs if one.dispatched_at]
    if period.from_at is None and period.until_at is None and times:
        period = Period(min(times), max(times))
    return await keep(db, upstream, "sheet", name, theirs, period, by)


async def reconcile_by_query(
    db: Database, outgoing: Outgoing, upstream: Upstream, period: Period, by: Actor | None
) -> UUID:
    """The same, asked page by page. Raises `no_query_url`, `upstream_not_answering`, `empty_period`."""
    check(period)
    url, after = upstream.settings.query_url, None
    if url is None:
        raise no_query_url()
    theirs: list[Theirs] = []
    for _ in range(PAGES_MOST):
        page = await _ask(outgoing, upstream, url, period, after)
        theirs += [found for said in page.cases if (found := theirs_of(said, upstream.zone))]
        if not page.next or page.next == after:
            break
        after = page.next
    return await keep(db, upstream, "query", url, theirs, period, by)


def check(period: Period) -> None:
    if period.from_at and period.until_at and period.from_at > period.until_at:
        raise empty_period()


async def _ask(outgoing: Outgoing, upstream: Upstream, url: str, period: Period, after: str | None) -> _Page:
    asked = {"from": period.from_at, "until": period.until_at, "after": after}
    body = msgspec.json.encode({name: value for name, value in asked.items() if value is not None})
    headers = {"Content-Type": QUERY_MEDIA, **signed_headers(upstream.secrets, f"query-{ids.new_id()}", body)}
    try:
        answer = await outgoing.post(url, body, headers, seconds=ASK_SECONDS, public_only=False, most=PAGE_MOST)
        if not answer.good:
            raise upstream_not_answering(f"answered {answer.status}")
        return msgspec.json.decode(answer.body, type=_Page)
    except (Unreachable, msgspec.DecodeError) as fault:
        raise upstream_not_answering(str(fault)) from fault


def _book(upstream: Upstream, content: bytes) -> list[Theirs]:
    """Rows that name no case are none of a book."""
    lines = read_cells(content)
    columns = find_columns(lines, upstream.settings.sheet_columns)
    theirs = []
    for line, cells in enumerate(lines[columns.first_row :], start=columns.first_row + 1):
        try:
            row = read_row(line, cells, columns, upstream.zone, ())
        except errors.Refused:
            continue
        said = {name: cells[at] for name, at in columns.fields.items() if at < len(cells) and cells[at] != ""}
        dispatched = moment_of(said.get("dispatched_at", ""), upstream.zone)
        theirs.append(
            Theirs(
                external_case_id=row.key,
                standing=standing_of(said.get("state", "")),
                deadline=moment_of(said.get("deadline", ""), upstream.zone),
                on_time=on_time_of(said.get("on_time"), said.get("overdue")),
                dispatched_at=dispatched if isinstance(dispatched, datetime) else None,
                said={**row.data, "external_case_id": row.key},
            )
        )
    return theirs


async def keep(
    db: Database,
    upstream: Upstream,
    origin: str,
    name: str,
    theirs: Sequence[Theirs],
    period: Period,
    by: Actor | None,
) -> UUID:
    """Compare with what stands here now, and keep what differs."""
    ours = await _ours(db, upstream, {one.external_case_id for one in theirs}, period)
    differences = compare(theirs, ours, upstream.zone)
    reconciliation_id, keys = ids.new_id(), {one.external_case_id for one in theirs}
    differing = {one.external_case_id for one in differences}
    row = {
        "id": reconciliation_id, "district_id": upstream.district_id, "upstream_id": upstream.id, "origin": origin,
        "name": name[:NAME_MOST], "from_at": period.from_at, "until_at": period.until_at, "theirs": len(keys),
        "ours": len(ours), "agree": len(keys - differing), "by_id": by.person_id if by else None,
        "made_at": clock.now(),
    }  # fmt: skip

    async def work(tx: Tx) -> None:
        await tx.insert("reconciliations", row)
        for one in differences:
            await tx.insert("reconciled_lines", _line(reconciliation_id, one))

    await db.write(work)
    return reconciliation_id


def _line(reconciliation_id: UUID, one: Difference) -> dict[str, Any]:
    return {
        "id": ids.new_id(), "reconciliation_id": reconciliation_id, "kind": one.kind,
        "external_case_id": one.external_case_id, "case_id": one.case_id, "ours": one.ours, "theirs": one.theirs,
        "said": msgspec.json.encode(one.said).decode(),
    }  # fmt: skip


async def _ours(db: Database, upstream: Upstream, keys: set[str], period: Period) -> list[Ours]:
    """Every case that their book names, and those that began in its period."""
    columns = "SELECT id, external_case_id, state, deadline, on_time FROM cases WHERE upstream_id = ?"
    found: dict[UUID, Row] = {}
    within: set[UUID] = set()
    async with db.reading() as reader:
        named = sorted(keys)
        for at in range(0, len(named), KEYS_AT_ONCE):
            some = named[at : at + KEYS_AT_ONCE]
            rows = await reader.all(f"{columns} AND external_case_id IN ({marks(len(some))})", upstream.id, *some)
            found |= {row["id"]: row for row in rows}
        if period.from_at and period.until_at:
            rows = await reader.all(
                f"{columns} AND external_case_id IS NOT NULL AND COALESCE(clock_started_at, created_at) >= ? "
                "AND COALESCE(clock_started_at, created_at) < ?",
                upstream.id, period.from_at, period.until_at,
            )  # fmt: skip
            within = {row["id"] for row in rows}
            found |= {row["id"]: row for row in rows}
    return [
        Ours(
            case_id=case_id, external_case_id=row["external_case_id"], state=row["state"],
            deadline=as_time(row["deadline"]), on_time=None if row["on_time"] is None else bool(row["on_time"]),
            in_period=case_id in within,
        )
        for case_id, row in found.items()
    ]  # fmt: skip
