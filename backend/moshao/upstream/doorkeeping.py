"""Who may come in from above: signed messages of platforms that are known."""

from typing import Any

from litestar import Request

from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.kit.webhooks import ID_MOST, is_signed, is_timely
from moshao.upstream.queries import Upstream, find_upstream

BODY_MOST = 10 * 1024 * 1024

not_from_upstream = errors.refusal("not_from_upstream", 401, "签名不正确、已过期，或没有这个上级平台")

# A storm brings some 17 cases a second to the largest city; a batch counts once.
_PER_UPSTREAM = Limits(per_second=50, burst=500)
_STRANGERS = Limits(per_second=5, burst=100)


async def signed(request: Request[Any, Any, Any], name: str, db: Database) -> tuple[Upstream, bytes]:
    """Who sent this message, and its bytes. Raises `not_from_upstream`: an unknown name looks like a bad signature."""
    webhook_id, timestamp, signatures = (
        request.headers.get(f"webhook-{header}", "") for header in ("id", "timestamp", "signature")
    )
    upstream = await find_upstream(db, name)
    if upstream is None or not upstream.active or not is_timely(timestamp, clock.now()):
        raise _stranger(request)
    if not (0 < len(webhook_id) <= ID_MOST and webhook_id.isascii() and webhook_id.isprintable()):
        raise _stranger(request)
    body = await request.body()
    if not is_signed(upstream.secrets, webhook_id, timestamp, signatures, body):
        raise _stranger(request)
    taken_or_refused(_PER_UPSTREAM, str(upstream.id))
    return upstream, body


def _stranger(request: Request[Any, Any, Any]) -> errors.Refused:
    """The 401; 429 for an address that was told so too often."""
    too_many_strangers(request)
    return not_from_upstream()


def too_many_strangers(request: Request[Any, Any, Any]) -> None:
    """Raises 429 for an address that asked in vain too often."""
    taken_or_refused(_STRANGERS, request.client.host if request.client else "")
