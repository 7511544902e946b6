"""对账 at the desk: two books compared, every difference settled, and when the platform could not be reached."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, RawBody

from moshao.evidence.room import Evidence
from moshao.exchange.book_schemas import ReconciliationAnswer, ReconciliationList
from moshao.exchange.books import find_book, list_books
from moshao.exchange.queries import upstream_of
from moshao.exchange.reconciling import Period, reconcile_sheet
from moshao.exchange.settling import SettlementBody, settle
from moshao.kit.db import Database
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.upstream.outages import Outage, outages_of

SHEET_MOST = 20 * 1024 * 1024
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Asking = Request[Actor, Any, Any]
keepers = [requires("admin", "supervisor")]


class OutageList(msgspec.Struct):
    """The latest first."""

    outages: list[Outage]


@post(
    "/api/upstreams/{name:str}/reconciliations",
    operation_id="reconcile_sheet",
    status_code=201,
    guards=keepers,
    opt={"bodies": {CSV: None, XLSX: None}},
    request_max_body_size=SHEET_MOST,
)
async def post_reconciliation(
    request: Asking,
    name: FromPath[str],
    body: RawBody,
    db: NamedDependency[Database],
    file_name: FromQuery[str] = "",
    from_at: FromQuery[datetime | None] = None,
    until_at: FromQuery[datetime | None] = None,
) -> ReconciliationAnswer:
    """Their book as a sheet that they exported, beside ours; without a period that of its own 派遣时间."""
    actor = request.user
    upstream = await upstream_of(db, actor.district_id, name)
    made = await reconcile_sheet(db, upstream, file_name, body, Period(from_at, until_at), actor)
    return await find_book(db, actor.district_id, made)


@get("/api/reconciliations", operation_id="list_reconciliations", guards=keepers)
async def get_reconciliations(request: Asking, db: NamedDependency[Database]) -> ReconciliationList:
    """The latest first."""
    return ReconciliationList(await list_books(db, request.user.district_id))


@get("/api/reconciliations/{reconciliation_id:uuid}", operation_id="get_reconciliation", guards=keepers)
async def get_reconciliation(
    request: Asking, reconciliation_id: FromPath[UUID], db: NamedDependency[Database]
) -> ReconciliationAnswer:
    """With every difference."""
    return await find_book(db, request.user.district_id, reconciliation_id)


@put("/api/reconciled_lines/{line_id:uuid}/settlement", operation_id="settle_line", guards=keepers, status_code=204)
async def put_settlement(
    request: Asking,
    line_id: FromPath[UUID],
    data: JSONBody[SettlementBody],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    pulse: NamedDependency[Pulse],
) -> None:
    """resend · take · note; once."""
    await settle(db, evidence.blobs, request.user, line_id, data)
    pulse.beat(request.user.district_id)


@get("/api/upstream_outages", operation_id="list_upstream_outages", guards=keepers)
async def get_outages(request: Asking, db: NamedDependency[Database]) -> OutageList:
    """When platforms could not be reached."""
    return OutageList(await outages_of(db, request.user.district_id))


HANDLERS = [post_reconciliation, get_reconciliations, get_reconciliation, put_settlement, get_outages]
