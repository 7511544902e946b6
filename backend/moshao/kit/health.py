"""/healthz, /readyz, /metrics, /version: for load balancers and monitoring."""

import hmac
import ipaddress
from typing import Any

import msgspec
from litestar import Request, Response, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency

from moshao import __version__
from moshao.kit import errors, metrics
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.kit.migrating import NewerSchema, pending

metrics_locked = errors.refusal("metrics_locked", 401, "监控数据需要令牌")
# Asking for what is not there shows that the store answers.
PROBE = "probe/none"
EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


class Alive(msgspec.Struct, frozen=True):
    status: str


class Ready(msgspec.Struct, frozen=True):
    """`checks`: database, blobs, migrations, serving → "ok" or what is wrong."""

    status: str
    checks: dict[str, str]


class Version(msgspec.Struct, frozen=True):
    version: str


@get("/healthz", opt={"open": True}, operation_id="get_health")
async def get_health() -> Alive:
    """The process answers."""
    return Alive("ok")


@get("/readyz", opt={"open": True}, operation_id="get_readiness")
async def get_readiness(state: State, db: NamedDependency[Database]) -> Response[Ready]:
    """Whether requests can be served: database, photo store, schema, not about to stop."""
    checks = {
        "database": await _database(db),
        "migrations": await _migrations(db),
        "blobs": await _blobs(state.get("blobs")),
        "serving": "stopping" if state["stopping"].is_set() else "ok",
    }
    well = set(checks.values()) == {"ok"}
    return Response(Ready("ok" if well else "unavailable", checks), status_code=200 if well else 503)


@get("/version", opt={"open": True}, operation_id="get_version")
async def get_version() -> Version:
    return Version(__version__)


@get("/metrics", opt={"open": True}, operation_id="get_metrics", media_type=EXPOSITION)
async def get_metrics(
    request: Request[Any, Any, Any], settings: NamedDependency[Settings], db: NamedDependency[Database]
) -> bytes:
    """Prometheus' text. With the token, or from loopback where nothing was forwarded."""
    if not (_from_here(request) or _has_token(request, settings.metrics_token)):
        raise metrics_locked(headers={"WWW-Authenticate": "Bearer"})
    return await metrics.exposition(db)


router = Router("/", route_handlers=[get_health, get_readiness, get_version, get_metrics])


async def _database(db: Database) -> str:
    if reason := db.failed():
        return reason
    try:
        await db.value("SELECT 1 AS one")
    except Exception as fault:
        return type(fault).__name__
    return "ok"


async def _migrations(db: Database) -> str:
    try:
        left = await pending(db)
    except NewerSchema as newer:
        return str(newer)
    except Exception as fault:
        return type(fault).__name__
    return "ok" if not left else f"{len(left)} pending"


async def _blobs(blobs: Any) -> str:
    if reason := blobs.failed():
        return str(reason)
    try:
        await blobs.size(PROBE)
    except Exception as fault:
        return type(fault).__name__
    return "ok"


def _from_here(request: Request[Any, Any, Any]) -> bool:
    if request.scope.get("forwarded") or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


def _has_token(request: Request[Any, Any, Any], token: str) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())
