"""Every refusal and every fault leaves as problem+json (RFC 9457): never HTML, never a stack trace."""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import (
    ClientException,
    HTTPException,
    InternalServerException,
    MethodNotAllowedException,
    NotFoundException,
    SerializationException,
    ValidationException,
)

from moshao.kit import errors

log = logging.getLogger(__name__)
MEDIA = "application/problem+json"
# What Litestar calls a body that is wrong as a whole: the handler's own argument.
WHOLE_BODY = "data"
# And what it says of a request whose sender is gone before its body is whole.
CUT = "client disconnected prematurely"


def answer(refused: errors.Refused) -> Response[bytes]:
    """The response that says no."""
    body = msgspec.json.encode(errors.problem(refused))
    return Response(body, status_code=refused.kind.status, media_type=MEDIA, headers=refused.headers)


def on_refused(_: Request[Any, Any, Any], refused: errors.Refused) -> Response[bytes]:
    return answer(refused)


def on_http(_: Request[Any, Any, Any], fault: HTTPException) -> Response[bytes]:
    """Litestar's own: routes that are not there, bodies that do not fit."""
    return answer(_told(fault))


def _told(fault: HTTPException) -> errors.Refused:
    headers = dict(fault.headers or {})
    if isinstance(fault, NotFoundException):
        return errors.not_found(headers=headers)
    if isinstance(fault, MethodNotAllowedException):
        return errors.method_not_allowed(headers=headers)
    if isinstance(fault, ValidationException):
        return _invalid(fault)
    kinds = {413: errors.too_large, 415: errors.unsupported_type, 429: errors.too_many_requests}
    if kind := kinds.get(fault.status_code):
        return kind(headers=headers)
    if isinstance(fault, InternalServerException) and fault.detail == CUT:
        # Everyday in the street: no fault of ours, and nobody listens any more but who stalled.
        log.info("body_cut")
        return errors.body_cut(headers=headers)
    if isinstance(fault.__cause__, SerializationException):
        return errors.bad_json(headers=headers)
    if isinstance(fault, ClientException):
        return errors.bad_request(fault.detail, headers=headers)
    log.error("http_fault", exc_info=fault)
    return errors.internal_error(headers=headers)


def _invalid(fault: ValidationException) -> errors.Refused:
    """msgspec's messages: broken JSON and unknown members are 400, a member out of its bounds 422."""
    found = fault.extra if isinstance(fault.extra, list) else []
    wrong = [_wrong(str(item.get("key", "")), str(item.get("message", ""))) for item in found if isinstance(item, dict)]
    text = " ".join(error.detail for error in wrong) or fault.detail
    if "unknown field" in text:
        return errors.unknown_field(text, errors=tuple(wrong))
    if "JSON is malformed" in text or "Input data was truncated" in text:
        return errors.bad_json(text)
    return errors.bad_field(text, errors=tuple(wrong))


def _wrong(key: str, words: str) -> errors.FieldError:
    return errors.member_fault("" if key == WHOLE_BODY else key, words)


def on_fault(request: Request[Any, Any, Any], fault: Exception) -> Response[bytes]:
    """Whatever nobody expected: logged whole, told briefly."""
    log.error("unexpected", exc_info=fault, extra={"path": request.url.path, "method": request.method})
    return answer(errors.internal_error())


HANDLERS: dict[int | type[Exception], Any] = {
    errors.Refused: on_refused,
    HTTPException: on_http,
    Exception: on_fault,
}
