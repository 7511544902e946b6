"""What phones and desks follow: changes, a case whole, the live stream."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from litestar.types import ASGIApp

from moshao.cases.case import find_case
from moshao.cases.schemas_shown import CaseDocument
from moshao.cases.showing import show
from moshao.cases.visibility import standing
from moshao.catalogue.queries import catalogue_of
from moshao.kit import clock, errors, ids
from moshao.kit.db import Database
from moshao.kit.openapi import Header
from moshao.people.actor import Actor
from moshao.people.guards import any_session
from moshao.sync.changes import changes
from moshao.sync.rules import Asked
from moshao.sync.schemas import Changes
from moshao.sync.squeezing import squeezed
from moshao.sync.streaming import EventStream
from moshao.sync.streams import Streams

Number = Annotated[int | None, QueryParameter(ge=0, le=2**53)]


@get("/api/changes", operation_id="get_changes", opt={"answers": {200: Changes}, "any_session": True})
async def get_changes(
    request: Request[Actor, Any, Any],
    db: NamedDependency[Database],
    after: Annotated[
        int, QueryParameter(ge=0, le=2**53, description="The `seq` of the page before; 0: everything.")
    ] = 0,
    epoch: Annotated[str | None, QueryParameter(max_length=36, description="As answered with `after`.")] = None,
    roster: Number = None,
    until: Number = None,
) -> ASGIApp:
    """What is new since `after`, in journal order."""
    asked = Asked(after=after, epoch=epoch, roster=roster, until=until)
    body = await changes(db, request.user, asked, clock.now())
    return await squeezed(body, request.headers.get("accept-encoding", ""))


@get("/api/cases/{case_id:str}", operation_id="get_case", guards=[any_session])
async def get_case(
    request: Request[Actor, Any, Any], db: NamedDependency[Database], case_id: FromPath[str]
) -> CaseDocument:
    """A case with its whole journal, for who may see it now; to others it is not there."""
    actor = request.user
    async with db.reading() as reader:
        case = await find_case(reader, ids.parse_id(case_id) or UUID(int=0))
        if case is None or (await standing(reader, actor, case)).sight != "see":
            raise errors.not_found()
        catalogue = await catalogue_of(reader, actor.district_id)
        (document,) = await show(reader, [case], actor, clock.now(), catalogue, lines=None)
    return document


@get(
    "/api/stream",
    operation_id="get_stream",
    guards=[any_session],
    opt={"media": {200: "text/event-stream"}, "asks": (Header("Last-Event-ID", "The last `id` that was heard."),)},
)
async def get_stream(
    request: Request[Actor, Any, Any], streams: NamedDependency[Streams], after: Number = None
) -> ASGIApp:
    """Server-sent events: `changes` with `{"seq": …}`; `ring`: GET /api/alerts has something to hear. `Last-Event-ID`,
    or `after`, says what is known already."""
    last = request.headers.get("last-event-id", "")
    since = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else after
    return EventStream(streams, request.user, since)


router = Router("/", route_handlers=[get_changes, get_case, get_stream])
