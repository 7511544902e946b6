"""The administrator looks after the platforms above: agreements, secrets, what is stuck, what came in vain."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from moshao.kit import errors
from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.upstream.making import change_settings, drop_old_secrets, make_upstream, rotate_secret, switch
from moshao.upstream.queries import Upstream, all_upstreams, find_upstream, kept_events
from moshao.upstream.resending import resend, stuck_feedback
from moshao.upstream.schemas import (
    KeptEventList,
    KeptEventView,
    ResendBody,
    SecretAnswer,
    StuckList,
    UpstreamBody,
    UpstreamList,
    UpstreamView,
)

Asking = Request[Actor, Any, Any]

keepers = [requires("admin")]
watchers = [requires("admin", "supervisor")]


@get("/api/upstreams", operation_id="list_upstreams", guards=watchers)
async def get_upstreams(request: Asking, db: NamedDependency[Database]) -> UpstreamList:
    """Those of the district, without their secrets."""
    mine = [each for each in await all_upstreams(db) if each.district_id == request.user.district_id]
    return UpstreamList([_view(each) for each in mine])


@put(
    "/api/upstreams/{name:str}",
    operation_id="put_upstream",
    guards=keepers,
    opt={"answers": {200: UpstreamView, 201: SecretAnswer}},
)
async def put_upstream(
    request: Asking, name: FromPath[str], data: JSONBody[UpstreamBody], db: NamedDependency[Database]
) -> Response[Any]:
    """Change what was agreed; a name that is new gets its secret, shown this once (201)."""
    district_id = request.user.district_id

    async def work(tx: Tx) -> str | None:
        if await find_upstream(tx, name) is None:
            secret = await make_upstream(tx, district_id, name, data.agreed)
        else:
            await _mine(tx, district_id, name)
            secret = None
            await change_settings(tx, name, data.agreed)
        await switch(tx, name, active=data.active)
        return secret

    secret = await db.write(work)
    if secret is not None:
        return Response(SecretAnswer(secret), status_code=201)
    return Response(_view(await _mine(db, district_id, name)), status_code=200)


@post("/api/upstreams/{name:str}/secrets", operation_id="rotate_upstream_secret", guards=keepers, status_code=201)
async def post_secret(request: Asking, name: FromPath[str], db: NamedDependency[Database]) -> SecretAnswer:
    """A new secret, shown this once; the one before stays good until it is dropped or the next one comes."""

    async def work(tx: Tx) -> str:
        await _mine(tx, request.user.district_id, name)
        return await rotate_secret(tx, name)

    return SecretAnswer(await db.write(work))


@delete("/api/upstreams/{name:str}/secrets", operation_id="drop_old_upstream_secrets", guards=keepers)
async def delete_old_secrets(request: Asking, name: FromPath[str], db: NamedDependency[Database]) -> None:
    """Only the newest stays good."""

    async def work(tx: Tx) -> None:
        await _mine(tx, request.user.district_id, name)
        await drop_old_secrets(tx, name)

    await db.write(work)


@get("/api/stuck_feedback", operation_id="list_stuck_feedback", guards=watchers)
async def get_stuck(request: Asking, db: NamedDependency[Database]) -> StuckList:
    """Cases whose events upstream has not taken for a while."""
    return StuckList(await stuck_feedback(db, request.user.district_id))


@post("/api/upstreams/{name:str}/resends", operation_id="resend_feedback", guards=keepers, status_code=204)
async def post_resend(
    request: Asking, name: FromPath[str], data: JSONBody[ResendBody], db: NamedDependency[Database]
) -> None:
    """Try a case's events now; `told_too`: all of them once more, from the first on."""
    district_id, case_id = request.user.district_id, data.case_id
    if not await db.write(lambda tx: resend(tx, district_id, name, case_id, told_too=data.told_too)):
        raise errors.not_found()


@get("/api/kept_events", operation_id="list_kept_events", guards=keepers)
async def get_kept_events(request: Asking, db: NamedDependency[Database]) -> KeptEventList:
    """What upstreams sent in vain, as it came; the latest first."""
    rows = await kept_events(db, request.user.district_id)
    return KeptEventList([msgspec.convert(row, KeptEventView) for row in rows])


async def _mine(reader: Tx | Database, district_id: UUID, name: str) -> Upstream:
    """The upstream, if it belongs to the district. Raises `not_found`."""
    found = await find_upstream(reader, name)
    if found is None or found.district_id != district_id:
        raise errors.not_found()
    return found


def _view(upstream: Upstream) -> UpstreamView:
    return UpstreamView(
        id=upstream.id, name=upstream.name, active=upstream.active, agreed=upstream.settings,
        secrets=len(upstream.secrets),
    )  # fmt: skip


HANDLERS = [
    get_upstreams,
    put_upstream,
    post_secret,
    delete_old_secrets,
    get_stuck,
    post_resend,
    get_kept_events,
]
