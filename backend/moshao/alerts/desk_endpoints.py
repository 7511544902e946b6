"""What leaders and desks ask of the bell: whom it did not reach, words to many, what became of what."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.alerts.broadcasting import SPEAKERS, BroadcastBody, begin_broadcast
from moshao.alerts.calling import CALLERS, CallBody, CallList, call_list, tell_called
from moshao.alerts.fates_shown import (
    WATCHERS,
    Chosen,
    DeliveryCounts,
    DeliveryList,
    Fate,
    count_deliveries,
    list_deliveries,
)
from moshao.alerts.progress import BroadcastList, BroadcastView, list_broadcasts, progress_of
from moshao.alerts.reaching import LEADERS, Reachability, reachability
from moshao.alerts.trying import RingTestBody, RingTestView, how_it_went, try_bell
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.guards import any_session, requires

Asking = Request[Actor, Any, Any]

callers = [requires(*CALLERS)]
speakers = [requires(*SPEAKERS)]

# A test costs nothing, an eager thumb on it does.
_TESTS = Limits(per_second=0.2, burst=10)


@get("/api/call_list", operation_id="get_call_list", guards=callers)
async def get_call_list(request: Asking, db: NamedDependency[Database]) -> CallList:
    """Whom the bell did not reach, the most urgent first: the district's for its desk, else one's unit and below."""
    async with db.reading() as reader:
        return await call_list(reader, request.user)


@put("/api/calls/{call_id:uuid}", operation_id="put_call", guards=callers)
async def put_call(
    request: Asking,
    call_id: FromPath[UUID],
    data: JSONBody[CallBody],
    db: NamedDependency[Database],
    pulse: NamedDependency[Pulse],
) -> Response[CallList]:
    """「已电话通知」: I told this person by telephone. 201, again 200; the call list as it is then."""
    actor = request.user
    new = await db.write(lambda tx: tell_called(tx, actor, call_id, data))
    pulse.beat(actor.district_id)
    async with db.reading() as reader:
        return Response(await call_list(reader, actor), status_code=201 if new else 200)


@put("/api/broadcasts/{broadcast_id:uuid}", operation_id="put_broadcast", guards=speakers)
async def put_broadcast(
    request: Asking,
    broadcast_id: FromPath[UUID],
    data: JSONBody[BroadcastBody],
    db: NamedDependency[Database],
    pulse: NamedDependency[Pulse],
) -> Response[BroadcastView]:
    """Words to everybody of the district, a unit or a role: 201, again 200. Who leads a unit speaks to his own."""
    actor = request.user
    new = await db.write(lambda tx: begin_broadcast(tx, actor, broadcast_id, data))
    pulse.beat(actor.district_id)
    async with db.reading() as reader:
        return Response(await progress_of(reader, actor, broadcast_id), status_code=201 if new else 200)


@get("/api/broadcasts", operation_id="list_broadcasts", guards=speakers)
async def get_broadcasts(request: Asking, db: NamedDependency[Database]) -> BroadcastList:
    """The latest of the last 30 days, without how they stand."""
    async with db.reading() as reader:
        return await list_broadcasts(reader, request.user)


@get("/api/broadcasts/{broadcast_id:uuid}", operation_id="get_broadcast", guards=speakers)
async def get_broadcast(request: Asking, broadcast_id: FromPath[UUID], db: NamedDependency[Database]) -> BroadcastView:
    """How far it has come, in numbers."""
    async with db.reading() as reader:
        return await progress_of(reader, request.user, broadcast_id)


@put("/api/ring_tests/{ring_id:uuid}", operation_id="put_ring_test", guards=[any_session])
async def put_ring_test(
    request: Asking,
    ring_id: FromPath[UUID],
    data: JSONBody[RingTestBody],
    db: NamedDependency[Database],
    pulse: NamedDependency[Pulse],
) -> Response[RingTestView]:
    """Ring my own phones, to see whether they ring. 201, again 200."""
    actor = request.user
    taken_or_refused(_TESTS, str(actor.person_id))
    new = await db.write(lambda tx: try_bell(tx, actor.district_id, actor.person_id, ring_id, gateways=data.gateways))
    pulse.beat(actor.district_id)
    async with db.reading() as reader:
        view = await how_it_went(reader, actor.person_id, actor.session_id, ring_id)
    return Response(view, status_code=201 if new else 200)


@get("/api/ring_tests/{ring_id:uuid}", operation_id="get_ring_test", guards=[any_session])
async def get_ring_test(request: Asking, ring_id: FromPath[UUID], db: NamedDependency[Database]) -> RingTestView:
    """What became of it on each way."""
    async with db.reading() as reader:
        return await how_it_went(reader, request.user.person_id, request.user.session_id, ring_id)


@get("/api/reachability", operation_id="get_reachability", guards=[requires(*LEADERS)])
async def get_reachability(request: Asking, db: NamedDependency[Database]) -> Reachability:
    """可达 or 不可达: whose phones can be rung, of those I lead directly."""
    async with db.reading() as reader:
        return await reachability(reader, request.user)


@get("/api/deliveries", operation_id="list_deliveries", guards=[requires(*WATCHERS)])
async def get_deliveries(
    request: Asking,
    db: NamedDependency[Database],
    case_id: FromQuery[UUID | None] = None,
    fate: FromQuery[list[Fate] | None] = None,
    channel: FromQuery[str | None] = None,
    after: FromQuery[UUID | None] = None,
) -> DeliveryList:
    """What became of each, the latest first; `fate` may be given more than once. `after`: the last `number` of the page
    before."""
    chosen = Chosen(case_id=case_id, fates=tuple(fate or ()), channel=channel, after=after)
    async with db.reading() as reader:
        return await list_deliveries(reader, request.user, chosen)


@get("/api/delivery_counts", operation_id="count_deliveries", guards=[requires(*WATCHERS)])
async def get_delivery_counts(request: Asking, db: NamedDependency[Database]) -> DeliveryCounts:
    """How many of the last day's deliveries became what, and why."""
    async with db.reading() as reader:
        return await count_deliveries(reader, request.user)


HANDLERS = [
    get_call_list,
    put_call,
    put_broadcast,
    get_broadcasts,
    get_broadcast,
    put_ring_test,
    get_ring_test,
    get_reachability,
    get_deliveries,
    get_delivery_counts,
]
