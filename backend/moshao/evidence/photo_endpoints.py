"""The photos themselves (contracts §7)."""

import re
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from moshao.evidence import serving
from moshao.evidence.room import Evidence
from moshao.evidence.tus import Asked
from moshao.kit.openapi import Header
from moshao.people.guards import any_session

CACHING = "private, max-age=31536000, immutable"
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")


@get(
    "/api/photos/{photo_id:uuid}",
    operation_id="get_photo",
    guards=[any_session],
    opt={
        "answers": {304: None},
        "media": {200: "image/*", 206: "*/*"},
        "asks": (
            Header("If-None-Match", "An ETag: 304 where it still stands."),
            Header("Range", "`bytes=from-until`, of originals."),
        ),
        "sends": {"ETag": "Of the original: its SHA-256."},
    },
)
async def get_photo(
    request: Asked,
    photo_id: FromPath[UUID],
    evidence: NamedDependency[Evidence],
    size: FromQuery[serving.Size] = "screen",
) -> Response[Any]:
    """The photo: `thumb` at most 320 px, `screen` at most 1280 px, `stamped` with time and place on it, `original`."""
    photo = await serving.find_visible(evidence, request.user, photo_id)
    shown = serving.shown_as(photo, size)
    headers = {
        "ETag": shown.etag,
        "Cache-Control": CACHING,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": f'inline; filename="{shown.name}"',
    }
    if _matches(request.headers.get("if-none-match"), shown.etag):
        return Response(b"", status_code=304, headers=headers, media_type=shown.media_type)
    if size != "original":
        content = await serving.picture(evidence, photo, size)
        return Response(content, media_type=shown.media_type, headers=headers)
    # Some browsers play sound only from servers that give parts of it.
    start, stop = range_of(request.headers.get("range"), photo.length)
    part = (start, stop) != (0, photo.length)
    headers |= {"Content-Length": str(stop - start), "Accept-Ranges": "bytes"}
    headers |= {"Content-Range": f"bytes {start}-{stop - 1}/{photo.length}"} if part else {}
    pieces = await serving.original(evidence, photo, start, stop)
    return Stream(pieces, status_code=206 if part else 200, media_type=shown.media_type, headers=headers)


def range_of(header: str | None, length: int) -> tuple[int, int]:
    """The octets asked for, from the first to before the second; all of them where the header makes no sense."""
    match = RANGE.fullmatch(header or "")
    first, last = match.groups() if match else ("", "")
    if first:
        start, stop = int(first), min(length, int(last) + 1 if last else length)
    else:
        start, stop = max(0, length - int(last or length)), length
    return (start, stop) if start < stop else (0, length)


def _matches(header: str | None, etag: str) -> bool:
    return header is not None and (header.strip() == "*" or etag in re.findall(r'"[^"]*"', header))
