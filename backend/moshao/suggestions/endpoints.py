"""投诉建议 over HTTP: made as any other act, answered by an admin."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.cases.act_routes import act_handler
from moshao.kit.db import Database
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.guards import any_session, requires
from moshao.suggestions.answering import answer, see
from moshao.suggestions.listing import PAGE_MOST, find_received, list_mine, list_received
from moshao.suggestions.schemas import AnswerBody, MySuggestions, SuggestionPage, SuggestionView
from moshao.suggestions.suggesting import SUGGESTIONS

Asking = Request[Actor, Any, Any]

admins = [requires("admin")]


@get("/api/suggestions", operation_id="list_my_suggestions", guards=[any_session])
async def get_mine(request: Asking, db: NamedDependency[Database]) -> MySuggestions:
    """What I complained about or suggested, with the answers, the newest first."""
    async with db.reading() as reader:
        return MySuggestions(await list_mine(reader, request.user))


@get("/api/suggestions/received", operation_id="list_suggestions", guards=admins)
async def get_received(
    request: Asking,
    db: NamedDependency[Database],
    answered: FromQuery[bool | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> SuggestionPage:
    """The district's, the newest first; `answered` narrows them to those that were, or were not."""
    async with db.reading() as reader:
        return await list_received(reader, request.user, answered=answered, after=after, limit=limit)


@put("/api/suggestions/{suggestion_id:uuid}/answer", operation_id="put_suggestion_answer", guards=admins)
async def put_answer(
    request: Asking,
    suggestion_id: FromPath[UUID],
    data: JSONBody[AnswerBody],
    db: NamedDependency[Database],
    pulse: NamedDependency[Pulse],
) -> SuggestionView:
    """Answer it, or put one's own answer right. It reaches the phone of who asked."""
    actor = request.user
    await db.write(lambda tx: answer(tx, actor, suggestion_id, data.words.strip()))
    pulse.beat(actor.district_id)
    async with db.reading() as reader:
        return await find_received(reader, actor, suggestion_id)


@put(
    "/api/suggestions/{suggestion_id:uuid}/seen",
    operation_id="put_suggestion_seen",
    guards=[any_session],
    status_code=204,
)
async def put_seen(request: Asking, suggestion_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    """I have read the answer. Again: 204."""
    await db.write(lambda tx: see(tx, request.user, suggestion_id))


router = Router("/", route_handlers=[act_handler(SUGGESTIONS), get_mine, get_received, put_answer, put_seen])
