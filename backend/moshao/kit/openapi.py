"""/openapi.json: what Litestar knows, and what it can't see: bodies read raw because they are signed as sent.

A handler names in its `opt`: `body` (a Struct), or `bodies` {media type: Struct, a list of it, or None for any octets};
`answers` {status: Struct | None}; `media` {status: media type} of answers that are no JSON; `asks`, the headers it
reads (`Header`); `sends` {header: what it says} of its good answers. A handler that is `open` asks for no session.
"""

from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

REF = "#/components/schemas/{name}"
TEXT = {"type": "string"}
SESSION = {
    "type": "apiKey",
    "in": "cookie",
    "name": "__Host-moshao",
    "description": "From POST /api/sessions; called moshao on loopback without https.",
}
DELIVERY = {
    "type": "http",
    "scheme": "bearer",
    "description": "The token of a session that only delivers, from POST /api/sessions with `deliver`.",
}


class Header(msgspec.Struct, frozen=True):
    """A header that a request carries."""

    name: str
    says: str
    required: bool = False


class FieldProblem(msgspec.Struct, frozen=True):
    field: str
    code: str
    detail: str


class Problem(msgspec.Struct, frozen=True):
    """Every answer that is no success (RFC 9457). `title` is for the user; `retry` tells a client to try again."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    retry: bool
    errors: list[FieldProblem]


def document(app: Litestar) -> dict[str, Any]:
    """The whole description, as JSON-ready members."""
    made: dict[str, Any] = app.openapi_schema.to_schema()
    components = made.setdefault("components", {})
    components["securitySchemes"] = {"session": SESSION, "delivery": DELIVERY}
    schemas = components.setdefault("schemas", {})
    _define(schemas, Problem)
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods:
                    operation = made.get("paths", {}).get(route.path_format, {}).get(method.lower())
                    if operation is not None:
                        _complete(operation, handler, schemas)
    # Litestar keeps some of it in sets; a document that differs by accident can't be compared.
    made["paths"] = {path: dict(sorted(methods.items())) for path, methods in sorted(made["paths"].items())}
    components["schemas"] = dict(sorted(schemas.items()))
    return made


def _complete(operation: dict[str, Any], handler: HTTPRouteHandler, schemas: dict[str, Any]) -> None:
    opt = handler.opt
    asked: list[dict[str, Any]] = [{"session": []}, {"delivery": []}] if opt.get("deliver") else [{"session": []}]
    operation["security"] = [] if opt.get("open") else asked
    parameters = operation.get("parameters", []) + [_asked(header) for header in opt.get("asks", ())]
    for parameter in parameters:
        if parameter["in"] == "path" and parameter["name"].endswith("_id"):
            # Read as text, so that what is no id is answered like one that is not there.
            parameter["schema"] = {"type": "string", "format": "uuid"}
    if parameters:
        operation["parameters"] = parameters
    if body := opt.get("body"):
        content = {"application/json": {"schema": {"$ref": _define(schemas, body)}}}
        operation["requestBody"] = {"required": True, "content": content}
    if bodies := opt.get("bodies"):
        content = {media: {"schema": _schema(schemas, kind)} for media, kind in bodies.items()}
        operation["requestBody"] = {"required": True, "content": content}
    if answers := opt.get("answers"):
        operation["responses"] = {str(status): _answer(schemas, kind) for status, kind in answers.items()}
    responses = operation.setdefault("responses", {})
    responses.pop("400", None)
    for status, media in opt.get("media", {}).items():
        responses[str(status)] = {"description": "Done", "content": {media: {}}}
    if sends := opt.get("sends"):
        for good in responses.values():
            good["headers"] = {name: {"description": says, "schema": TEXT} for name, says in sends.items()}
    problem = {"application/problem+json": {"schema": {"$ref": REF.format(name="Problem")}}}
    responses["default"] = {"description": "Refused; see docs/errors.md", "content": problem}


def _asked(header: Header) -> dict[str, Any]:
    named = {"name": header.name, "in": "header", "required": header.required}
    return named | {"description": header.says, "schema": TEXT}


def _answer(schemas: dict[str, Any], kind: Any) -> dict[str, Any]:
    if kind is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {"application/json": {"schema": {"$ref": _define(schemas, kind)}}}}


def _schema(schemas: dict[str, Any], kind: Any) -> dict[str, Any]:
    """The schema of a Struct, of a list of it (`list[Struct]`), or of any octets (None)."""
    if kind is None:
        return {}
    if get_origin(kind) is list:
        return {"type": "array", "items": {"$ref": _define(schemas, get_args(kind)[0])}}
    return {"$ref": _define(schemas, kind)}


def _define(schemas: dict[str, Any], kind: Any) -> str:
    """Put `kind` and what it holds into the components; the reference to it."""
    (reference,), found = msgspec.json.schema_components([kind], ref_template=REF)
    for name, schema in found.items():
        schemas.setdefault(name, schema)
    return str(reference["$ref"])


@get("/openapi.json", opt={"open": True}, operation_id="get_openapi", include_in_schema=False, sync_to_thread=True)
def serve_openapi(request: Request[Any, Any, Any]) -> Response[bytes]:
    """This document."""
    return Response(
        msgspec.json.encode(document(request.app)), media_type="application/vnd.oai.openapi+json;version=3.1"
    )
