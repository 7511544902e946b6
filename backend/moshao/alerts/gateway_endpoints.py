"""Gateways: kept by the administrator, heard by callbacks."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from moshao.alerts.gateway_hearing import hear
from moshao.alerts.gateway_keeping import (
    AddressesBody,
    AddressList,
    GatewayBody,
    GatewayList,
    drop_gateway,
    keep_addresses,
    keep_gateway,
    list_addresses,
    list_gateways,
)
from moshao.alerts.gateway_room import GatewayRoom
from moshao.alerts.gateways.gateway import Callback
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.people.tries import address_of

Asking = Request[Actor, Any, Any]
keepers = [requires("admin")]

_CALLBACKS = Limits(per_second=50, burst=1000)


@get("/api/gateways", operation_id="list_gateways", guards=keepers)
async def get_gateways(request: Asking, db: NamedDependency[Database]) -> GatewayList:
    """In the order in which they ring, without their secrets."""
    async with db.reading() as reader:
        return await list_gateways(reader, request.user)


@put("/api/gateways/{gateway_id:uuid}", operation_id="put_gateway", guards=keepers)
async def put_gateway(
    request: Asking, gateway_id: FromPath[UUID], data: JSONBody[GatewayBody], db: NamedDependency[Database]
) -> Response[GatewayList]:
    """201 new, 200 changed."""
    new = await db.write(lambda tx: keep_gateway(tx, request.user, gateway_id, data))
    async with db.reading() as reader:
        return Response(await list_gateways(reader, request.user), status_code=201 if new else 200)


@delete("/api/gateways/{gateway_id:uuid}", operation_id="delete_gateway", guards=keepers)
async def delete_gateway(request: Asking, gateway_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    """It rings nobody any more."""
    await db.write(lambda tx: drop_gateway(tx, request.user, gateway_id))


@get("/api/gateways/{gateway_id:uuid}/addresses", operation_id="list_gateway_addresses", guards=keepers)
async def get_addresses(request: Asking, gateway_id: FromPath[UUID], db: NamedDependency[Database]) -> AddressList:
    """Who is called what there."""
    async with db.reading() as reader:
        return await list_addresses(reader, request.user, gateway_id)


@put("/api/gateways/{gateway_id:uuid}/addresses", operation_id="put_gateway_addresses", guards=keepers)
async def put_addresses(
    request: Asking, gateway_id: FromPath[UUID], data: JSONBody[AddressesBody], db: NamedDependency[Database]
) -> AddressList:
    """Those named are called so from now on; others stay as they are."""
    await db.write(lambda tx: keep_addresses(tx, request.user, gateway_id, data.addresses))
    async with db.reading() as reader:
        return await list_addresses(reader, request.user, gateway_id)


@get(
    "/api/gateways/{gateway_id:uuid}/callbacks",
    operation_id="confirm_gateway_callback",
    opt={"open": True, "media": {200: "text/plain"}},
)
async def confirm_gateway_callback(
    request: Request[Any, Any, Any],
    gateway_id: FromPath[UUID],
    db: NamedDependency[Database],
    gateways: NamedDependency[GatewayRoom],
) -> Response[bytes]:
    """Some gateways' makers ask first whether this address is ours."""
    return await _heard(request, gateway_id, db, gateways)


@post(
    "/api/gateways/{gateway_id:uuid}/callbacks",
    operation_id="hear_gateway",
    status_code=200,
    opt={"open": True, "bodies": {"*/*": None}, "media": {200: "text/plain"}},
)
async def hear_gateway(
    request: Request[Any, Any, Any],
    gateway_id: FromPath[UUID],
    db: NamedDependency[Database],
    gateways: NamedDependency[GatewayRoom],
) -> Response[bytes]:
    """What became of a ring, told by a gateway's makers in their own form and signed by their own rules."""
    return await _heard(request, gateway_id, db, gateways)


HANDLERS = [
    get_gateways,
    put_gateway,
    delete_gateway,
    get_addresses,
    put_addresses,
    confirm_gateway_callback,
    hear_gateway,
]


async def _heard(
    request: Request[Any, Any, Any], gateway_id: UUID, db: Database, gateways: GatewayRoom
) -> Response[bytes]:
    taken_or_refused(_CALLBACKS, address_of(request))
    callback = Callback(
        method=request.method, query=dict(request.query_params.items()),
        headers={name.lower(): value for name, value in request.headers.items()}, body=await request.body(),
    )  # fmt: skip
    reply = await hear(db, gateways, gateway_id, callback)
    return Response(reply.body, status_code=reply.status, media_type=reply.media_type)
