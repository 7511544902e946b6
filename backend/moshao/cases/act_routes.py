"""The HTTP side of acts: one handler for each word of the URL."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from moshao.cases.acting import ActKind, Call
from moshao.cases.schemas import ActAnswer
from moshao.cases.taking import take
from moshao.kit import clock, errors, ids
from moshao.kit.openapi import Header
from moshao.people.actor import Actor

BODY_MOST = 256 * 1024
ANSWERS = {200: ActAnswer, 201: ActAnswer, 202: ActAnswer}
ASKS = (
    Header("Act-Signature", "Detached JWS (ES256, `header..signature`) of a session bound to a device."),
    Header("Device-Time", "The phone's clock when it sends, RFC 3339."),
)


def act_handler(kind: ActKind[Any]) -> HTTPRouteHandler:
    """`PUT /api/cases/{case_id}/{acts}/{act_id}`, or `PUT /api/{acts}/{act_id}` where it names no case."""
    # `take` itself asks for the device, in its turn, and deliver-only sessions are there for acts.
    opt = {"body": kind.body, "answers": ANSWERS, "asks": ASKS, "act": kind.word, "deliver": True, "any_device": True}
    if not kind.names_case:

        @put(
            f"/api/{kind.word}/{{act_id:str}}",
            operation_id=f"put_{kind.word}",
            opt=opt,
            status_code=201,
            request_max_body_size=BODY_MOST,
        )
        async def put_new(request: Request[Actor, Any, Any], act_id: FromPath[str]) -> Response[bytes]:
            return await _answer(kind, request, None, act_id)

        return put_new

    @put(
        f"/api/cases/{{case_id:str}}/{kind.word}/{{act_id:str}}",
        operation_id=f"put_{kind.word}",
        opt=opt,
        status_code=201,
        request_max_body_size=BODY_MOST,
    )
    async def put_act(
        request: Request[Actor, Any, Any], case_id: FromPath[str], act_id: FromPath[str]
    ) -> Response[bytes]:
        return await _answer(kind, request, _id(case_id), act_id)

    return put_act


async def _answer(
    kind: ActKind[Any], request: Request[Actor, Any, Any], case_id: UUID | None, act_id: str
) -> Response[bytes]:
    # Database and pulse come from the state itself: for two dependencies Litestar starts two tasks, and nothing is
    # asked as often as this.
    state = request.app.state
    heard_at = clock.now()
    call = Call(
        actor=request.user,
        act_id=_id(act_id),
        case_id=case_id,
        body=await request.body(),
        signature=request.headers.get("act-signature"),
        device_time=device_time(request.headers.get("device-time")),
        heard_at=heard_at,
    )
    outcome = await take(state.db, kind, call)
    state.pulse.beat(request.user.district_id)
    return Response(outcome.body, status_code=outcome.status, media_type="application/json")


def device_time(text: str | None) -> datetime | None:
    """The phone's clock from its header; one that is no instant counts as none."""
    try:
        at = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else None


def _id(text: str) -> UUID:
    value = ids.parse_id(text)
    if value is None:
        raise errors.not_found()
    return value
