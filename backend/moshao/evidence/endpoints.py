"""Uploads by tus 1.0.0, and the photos themselves (contracts §7)."""

from typing import Any
from uuid import UUID

from litestar import Response, Router, delete, head, patch, post, route
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from litestar.types import Method

from moshao.evidence.completing import complete
from moshao.evidence.describing import ABOUT_UPLOADS, CREATES, ENDS, GOES_ON, OVERRIDES, STANDS
from moshao.evidence.ending import end
from moshao.evidence.photo_endpoints import get_photo
from moshao.evidence.receiving import Upload, begin, find_own, receive, settled_offset
from moshao.evidence.refusals import longer_than_said, wrong_offset
from moshao.evidence.room import Evidence
from moshao.evidence.rules import read_count, read_creation
from moshao.evidence.tus import ABOUT, Asked, Sent, answer, on_refused, progress, sent_with, speaks_tus
from moshao.kit import errors

Room = NamedDependency[Evidence]
UploadId = FromPath[UUID]

DELIVER = {"deliver": True}


def _name(_: HTTPRouteHandler, __: Method, path: list[Any]) -> str:
    return "describe_upload" if len(path) > 2 else "describe_uploads"


@route(
    ["/api/uploads", "/api/uploads/{upload_id:uuid}"],
    http_method=["OPTIONS"],
    operation_id=_name,
    opt={"open": True, "answers": {204: None}, **ABOUT_UPLOADS},
    status_code=204,
)
async def describe_uploads() -> Response[None]:
    """What this server speaks."""
    return answer(204, ABOUT)


@post("/api/uploads", operation_id="create_upload", opt={**DELIVER, **CREATES, "answers": {201: None, 200: None}})
async def create_upload(request: Asked, evidence: Room) -> Response[None]:
    """Announce a photo, and send as much of it as comes along."""
    creation = read_creation(request.headers)
    sent = sent_with(request, always=False)
    if sent.announced and sent.announced > creation.length:
        raise longer_than_said()
    upload, is_new = await begin(evidence, request.user, creation)
    place = {"Location": f"/api/uploads/{upload.id}"}
    if not is_new:
        return await _standing(evidence, upload, place)
    return await _received(request, evidence, upload, 0, sent, 201, place)


@head("/api/uploads/{upload_id:uuid}", operation_id="ask_upload", opt={**DELIVER, **STANDS, "answers": {200: None}})
async def ask_upload(request: Asked, upload_id: UploadId, evidence: Room) -> Response[None]:
    """Where to go on. Whoever was sending before is cut off, so that the offset stays true."""
    upload = await find_own(evidence, request.user, upload_id)
    return await _standing(evidence, upload, {"Upload-Length": str(upload.length), "Upload-Metadata": upload.metadata})


@patch(
    "/api/uploads/{upload_id:uuid}",
    operation_id="continue_upload",
    opt={**DELIVER, **GOES_ON, "answers": {204: None}},
)
async def continue_upload(request: Asked, upload_id: UploadId, evidence: Room) -> Response[None]:
    """Go on from an offset."""
    upload = await find_own(evidence, request.user, upload_id)
    sent = sent_with(request, always=True)
    at = read_count(request.headers, "upload-offset")
    if upload.state == "held" and at != upload.length:
        raise wrong_offset(headers=progress(upload, upload.length))
    return await _received(request, evidence, upload, at, sent, 204, {})


@delete("/api/uploads/{upload_id:uuid}", operation_id="end_upload", opt={**DELIVER, **ENDS, "answers": {204: None}})
async def end_upload(request: Asked, upload_id: UploadId, evidence: Room) -> Response[None]:
    """Cancel an upload, or delete a photo that no act names."""
    await end(evidence, await find_own(evidence, request.user, upload_id))
    return answer(204, {})


@post(
    "/api/uploads/{upload_id:uuid}",
    operation_id="override_upload",
    opt={**DELIVER, **OVERRIDES, "answers": {200: None, 204: None}},
)
async def override_upload(request: Asked, upload_id: UploadId, evidence: Room) -> Response[None]:
    """HEAD, PATCH and DELETE for clients that can only POST, by X-HTTP-Method-Override."""
    acts = {"HEAD": ask_upload, "PATCH": continue_upload, "DELETE": end_upload}
    act = acts.get(request.headers.get("x-http-method-override", "").upper())
    if act is None:
        raise errors.method_not_allowed(headers={"Allow": "HEAD, PATCH, DELETE, OPTIONS"})
    said: Response[None] = await act.fn(request, upload_id, evidence)
    return said


async def _received(
    request: Asked, evidence: Evidence, upload: Upload, at: int, sent: Sent, status: int, headers: dict[str, str]
) -> Response[None]:
    size = await receive(evidence, upload, at, request.stream(), announced=sent.announced, checksum=sent.checksum)
    if size == upload.length:
        await complete(evidence, upload)
    return answer(status, headers | progress(upload, size))


async def _standing(evidence: Evidence, upload: Upload, headers: dict[str, str]) -> Response[None]:
    """Where an upload stands; one that had arrived whole when the server died is completed now."""
    size = await settled_offset(evidence, upload)
    if size == upload.length:
        await complete(evidence, upload)
    return answer(200, headers | progress(upload, size))


_uploads = Router(
    "/",
    route_handlers=[describe_uploads, create_upload, ask_upload, continue_upload, end_upload, override_upload],
    guards=[speaks_tus],
    exception_handlers={errors.Refused: on_refused},
    # Never read whole: rules.py says how much may come.
    request_max_body_size=None,
)
router = Router("/", route_handlers=[_uploads, get_photo])
