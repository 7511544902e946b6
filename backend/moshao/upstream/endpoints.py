"""Where upstream platforms come in."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from moshao.evidence.room import Evidence
from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.kit.openapi import Header
from moshao.kit.pulse import Pulse
from moshao.kit.webhooks import ID_MOST, is_signed, is_timely
from moshao.upstream import admin_endpoints
from moshao.upstream.answering import take_message
from moshao.upstream.linked_photos import find_linked
from moshao.upstream.queries import Upstream, find_upstream
from moshao.upstream.schemas import CloudEvent, IntakeAnswer

BODY_MOST = 10 * 1024 * 1024
STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"

not_from_upstream = errors.refusal("not_from_upstream", 401, "签名不正确、已过期，或没有这个上级平台")

# A storm brings some 17 cases a second to the largest city; a batch counts once.
_PER_UPSTREAM = Limits(per_second=50, burst=500)
_STRANGERS = Limits(per_second=5, burst=100)


@post(
    "/api/upstream/{name:str}/events",
    operation_id="post_upstream_events",
    opt={
        "open": True,
        "bodies": {STRUCTURED: CloudEvent, BATCH: list[CloudEvent]},
        "answers": {200: IntakeAnswer},
        "asks": (
            Header("webhook-id", "The message's; the same again gets the first answer.", required=True),
            Header("webhook-timestamp", "Seconds since 1970, within five minutes.", required=True),
            Header("webhook-signature", "`v1,<base64>` (Standard Webhooks), several parted by spaces.", required=True),
        ),
    },
    status_code=200,
    request_max_body_size=BODY_MOST,
)
async def post_events(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    pulse: NamedDependency[Pulse],
) -> Response[bytes]:
    """Signed CloudEvents, one or a batch."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (STRUCTURED, BATCH):
        raise errors.unsupported_type(f"{STRUCTURED} or {BATCH}")
    upstream, body = await signed(request, name, db)
    webhook_id = request.headers["webhook-id"]
    answer = await take_message(db, evidence.blobs, upstream, webhook_id, body, is_batch=media == BATCH)
    pulse.beat(upstream.district_id)
    return Response(answer, media_type="application/json")


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
    taken_or_refused(_STRANGERS, request.client.host if request.client else "")
    return not_from_upstream()


@get(
    "/api/feedback_photos/{token:str}",
    operation_id="get_feedback_photo",
    opt={"open": True, "media": {200: "image/*"}, "sends": {"ETag": "The photo's SHA-256."}},
)
async def get_feedback_photo(
    request: Request[Any, Any, Any], token: FromPath[str], evidence: NamedDependency[Evidence]
) -> Response[bytes]:
    """A photo of a case of that upstream, by the link it was told. 404 while the photo is on its way."""
    found = await find_linked(evidence, token)
    if found is None:
        taken_or_refused(_STRANGERS, request.client.host if request.client else "")
        raise errors.not_found()
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": POLICY, "ETag": f'"{found.sha256}"'}
    return Response(found.content, media_type=found.media_type, headers=headers)


router = Router("/", route_handlers=[post_events, get_feedback_photo, *admin_endpoints.HANDLERS])
