"""What phones ask of the bell: its key, where to ring, what was shown."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.alerts import desk_endpoints, gateway_endpoints
from moshao.alerts.hearing import unheard
from moshao.alerts.keys import current_key
from moshao.alerts.message import Language, Message
from moshao.alerts.receiving import Receipt, receive
from moshao.alerts.subscribing import SubscriptionBody, subscribe, unsubscribe
from moshao.kit import errors
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.people.actor import Actor
from moshao.people.guards import any_session
from moshao.people.tries import address_of

Asking = Request[Actor, Any, Any]

# Receipts of a whole mobile network come from one address.
_RECEIPTS = Limits(per_second=50, burst=3000)


class AlertList(msgspec.Struct):
    alerts: list[Message]


class PushKey(msgspec.Struct):
    """base64url of the uncompressed point: `applicationServerKey`."""

    key: str


@get("/api/push_key", operation_id="get_push_key", guards=[any_session])
async def get_push_key(db: NamedDependency[Database]) -> PushKey:
    """The key to subscribe with. A browser whose subscription has another one subscribes anew."""
    return PushKey((await current_key(db)).pair.public_key)


@put("/api/push_subscriptions/{subscription_id:uuid}", operation_id="put_push_subscription", guards=[any_session])
async def put_push_subscription(
    request: Asking,
    subscription_id: FromPath[UUID],
    data: JSONBody[SubscriptionBody],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[None]:
    """Ring this browser: 201 new, 200 known. Sent again at each start of the app, so that a new session keeps it."""
    new = await db.write(lambda tx: subscribe(tx, request.user, subscription_id, data, settings.push_hosts))
    return Response(None, status_code=201 if new else 200)


@delete("/api/push_subscriptions/{subscription_id:uuid}", operation_id="delete_push_subscription", guards=[any_session])
async def delete_push_subscription(
    request: Asking, subscription_id: FromPath[UUID], db: NamedDependency[Database]
) -> None:
    """Ring this browser no more."""
    await db.write(lambda tx: unsubscribe(tx, request.user, subscription_id))


@get("/api/alerts", operation_id="list_alerts", guards=[any_session])
async def get_alerts(request: Asking, db: NamedDependency[Database], language: FromQuery[Language] = "zh") -> AlertList:
    """What I was rung for and have not heard on any way, the newest first: for an open app to sound. It confirms each
    by a receipt."""
    async with db.reading() as reader:
        return AlertList(await unheard(reader, request.user.person_id, language))


@put(
    "/api/alerts/{delivery_id:uuid}/receipts/{receipt:str}",
    operation_id="put_receipt",
    opt={"open": True},
    status_code=204,
)
async def put_receipt(
    request: Request[Any, Any, Any],
    delivery_id: FromPath[UUID],
    receipt: FromPath[Receipt],
    db: NamedDependency[Database],
) -> None:
    """`shown` or `opened`; who knows the delivery's id received it, so no session is asked for. Again: 204."""
    taken_or_refused(_RECEIPTS, address_of(request))
    if not await db.write(lambda tx: receive(tx, delivery_id, receipt)):
        raise errors.not_found()


router = Router(
    "/",
    route_handlers=[
        get_push_key,
        put_push_subscription,
        delete_push_subscription,
        get_alerts,
        put_receipt,
        *desk_endpoints.HANDLERS,
        *gateway_endpoints.HANDLERS,
    ],
)
