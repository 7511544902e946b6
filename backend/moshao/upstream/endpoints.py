"""Where upstream platforms come in."""

from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from moshao.evidence.room import Evidence
from moshao.kit import errors
from moshao.kit.db import Database
from moshao.kit.openapi import Header
from moshao.kit.pulse import Pulse
from moshao.upstream import admin_endpoints, egova_endpoints
from moshao.upstream.answering import take_message
from moshao.upstream.doorkeeping import BODY_MOST, signed, too_many_strangers
from moshao.upstream.linked_photos import find_linked
from moshao.upstream.schemas import CloudEvent, IntakeAnswer

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


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
        too_many_strangers(request)
        raise errors.not_found()
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": POLICY, "ETag": f'"{found.sha256}"'}
    return Response(found.content, media_type=found.media_type, headers=headers)


router = Router(
    "/", route_handlers=[post_events, get_feedback_photo, *admin_endpoints.HANDLERS, *egova_endpoints.HANDLERS]
)
