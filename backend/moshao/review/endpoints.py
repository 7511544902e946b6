"""What the desk's screens ask for."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from moshao.cases.case import find_case
from moshao.cases.visibility import standing
from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.review.board import read_board
from moshao.review.claiming import Wanted, claim, leave
from moshao.review.looking import look_at
from moshao.review.schemas import Board, DeskAnswer, DeskBody, ReviewDocument

Asking = Request[Actor, Any, Any]

desks = [requires("unit_operator", "supervisor", "leader")]
reviewers = [requires("unit_operator", "supervisor")]


@get("/api/board", operation_id="get_board", guards=desks)
async def get_board(
    request: Asking,
    db: NamedDependency[Database],
    after: Annotated[int, QueryParameter(ge=0, le=2**53, description="The `next` of the page before.")] = 0,
) -> Board:
    """Open cases as lines, and those that ended within a day: the district's, or those of one's unit and below."""
    async with db.reading() as reader:
        return await read_board(reader, request.user, after, clock.now())


@get("/api/review_cases/{case_id:uuid}", operation_id="get_review_case", guards=desks)
async def get_review_case(request: Asking, db: NamedDependency[Database], case_id: FromPath[UUID]) -> ReviewDocument:
    """A case with all that its judge needs; to whom may not see it, it is not there."""
    async with db.reading() as reader:
        case = await find_case(reader, case_id)
        if case is None or (await standing(reader, request.user, case)).sight != "see":
            raise errors.not_found()
        (document,) = await look_at(reader, [case], request.user, clock.now())
    return document


@put("/api/review_desks/{desk_id:uuid}", operation_id="put_review_desk", guards=reviewers)
async def put_desk(
    request: Asking, db: NamedDependency[Database], desk_id: FromPath[UUID], data: JSONBody[DeskBody]
) -> DeskAnswer:
    """What lies on this desk from now on, and is given to no other for a while. The same again: the same."""
    actor, now = request.user, clock.now()
    wanted = Wanted(holding=data.holding, want=data.want, passed_over=data.passed_over, plain=data.plain)
    claimed = await db.write(lambda tx: claim(tx, actor, desk_id, wanted, now))
    async with db.reading() as reader:
        given = await look_at(reader, claimed.given, actor, now)
    return DeskAnswer(
        kept=claimed.kept, given=given, waiting=claimed.waiting, elsewhere=claimed.elsewhere, until=claimed.until
    )


@delete("/api/review_desks/{desk_id:uuid}", operation_id="delete_review_desk", guards=reviewers)
async def delete_desk(request: Asking, db: NamedDependency[Database], desk_id: FromPath[UUID]) -> None:
    """Everything on it goes back."""
    await db.write(lambda tx: leave(tx, request.user, desk_id))


router = Router("/", route_handlers=[get_board, get_review_case, put_desk, delete_desk])
