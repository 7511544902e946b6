"""How requests and answers say it in tus 1.0.0."""

from typing import Any, NamedTuple

from litestar import MediaType, Request, Response
from litestar.handlers.base import BaseRouteHandler

from moshao.evidence.receiving import Upload
from moshao.evidence.refusals import wrong_tus_version
from moshao.evidence.rules import EXTENSIONS, PHOTO_MOST, VERSION, http_date, read_checksum, read_count
from moshao.kit import errors, problems
from moshao.people.actor import Actor
from moshao.people.origins import Connection

Asked = Request[Actor, Any, Any]

OFFSET_TYPE = "application/offset+octet-stream"
ABOUT = {
    "Tus-Version": VERSION,
    "Tus-Extension": EXTENSIONS,
    "Tus-Max-Size": str(PHOTO_MOST),
    "Tus-Checksum-Algorithm": "sha256",
}


class Sent(NamedTuple):
    """What comes with a request. `announced`: octets of its body, None where only its end will tell."""

    announced: int | None
    checksum: bytes | None


def speaks_tus(connection: Connection, _: BaseRouteHandler) -> None:
    """Everybody who is signed in, in our version of the protocol."""
    if connection.scope.get("method") != "OPTIONS" and connection.headers.get("tus-resumable") != VERSION:
        raise wrong_tus_version(headers={"Tus-Version": VERSION})


def sent_with(request: Asked, *, always: bool) -> Sent:
    """`always`: the content type counts even where the body is empty. Raises 400, 415."""
    announced = None
    if "transfer-encoding" not in request.headers:
        announced = read_count(request.headers, "content-length") if "content-length" in request.headers else 0
    if (always or announced != 0) and request.headers.get("content-type") != OFFSET_TYPE:
        raise errors.unsupported_type(f"send {OFFSET_TYPE}")
    return Sent(announced, read_checksum(request.headers.get("upload-checksum")))


def progress(upload: Upload, size: int) -> dict[str, str]:
    """Where it stands; once it is whole it is held, and its ETag says with which bytes."""
    if size == upload.length:
        return {"Upload-Offset": str(size), "ETag": f'"{upload.sha256}"'}
    expires = {"Upload-Expires": http_date(upload.expires_at)} if upload.expires_at else {}
    return {"Upload-Offset": str(size)} | expires


def answer(status: int, headers: dict[str, str]) -> Response[None]:
    """An answer without a body (as JSON it would be `null`)."""
    always = {"Cache-Control": "no-store", "Tus-Resumable": VERSION}
    return Response(None, status_code=status, headers=headers | always, media_type=MediaType.TEXT)


def on_refused(_: Request[Any, Any, Any], refused: errors.Refused) -> Response[bytes]:
    """As everywhere, and in the version of tus."""
    said = problems.answer(refused)
    said.headers["Tus-Resumable"] = VERSION
    return said
