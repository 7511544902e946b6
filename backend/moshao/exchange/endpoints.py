"""Sheets at the desk: brought in, looked up, the report taken along."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, RawBody

from moshao.evidence.room import Evidence
from moshao.exchange import book_endpoints
from moshao.exchange.queries import find_report, list_files, upstream_of
from moshao.exchange.reporting import as_csv
from moshao.exchange.schemas import ExchangeFileList, SheetReport
from moshao.exchange.taking import take_sheet
from moshao.kit.db import Database
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.guards import requires

SHEET_MOST = 20 * 1024 * 1024
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Asking = Request[Actor, Any, Any]
takers = [requires("admin", "supervisor")]


@post(
    "/api/upstreams/{name:str}/sheets",
    operation_id="take_sheet",
    status_code=200,
    guards=takers,
    opt={"bodies": {CSV: None, XLSX: None}},
    request_max_body_size=SHEET_MOST,
)
async def post_sheet(
    request: Asking,
    name: FromPath[str],
    body: RawBody,
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    pulse: NamedDependency[Pulse],
    file_name: FromQuery[str] = "",
) -> SheetReport:
    """Cases of that platform from a CSV or XLSX sheet, as its folder takes them. Again: nothing doubles."""
    upstream = await upstream_of(db, request.user.district_id, name)
    report = await take_sheet(db, evidence.blobs, upstream, file_name, body, origin="desk", by=request.user)
    pulse.beat(upstream.district_id)
    return report


@get("/api/exchange_files", operation_id="list_exchange_files", guards=takers)
async def get_files(request: Asking, db: NamedDependency[Database]) -> ExchangeFileList:
    """The sheets that came, the latest first."""
    return ExchangeFileList(await list_files(db, request.user.district_id))


@get(
    "/api/exchange_files/{file_id:uuid}/report",
    operation_id="get_sheet_report",
    guards=takers,
    opt={"answers": {200: SheetReport}, "media": {200: CSV}},
)
async def get_report(
    request: Asking, file_id: FromPath[UUID], db: NamedDependency[Database], format: FromQuery[str] = "json"
) -> Response[bytes]:
    """Row by row what became of a sheet; `format=csv` as a sheet."""
    report = await find_report(db, request.user.district_id, file_id)
    if format == "csv":
        named = {"Content-Disposition": f'attachment; filename="report-{file_id}.csv"'}
        return Response(as_csv(report), media_type=CSV, headers=named)
    return Response(msgspec.json.encode(report), media_type="application/json")


router = Router("/", route_handlers=[post_sheet, get_files, get_report, *book_endpoints.HANDLERS])
