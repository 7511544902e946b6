"""Marks on photos: judged one by one, measured together."""

from typing import Any
from uuid import UUID

from litestar import Request, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from moshao.kit import clock
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.review.judging import judge, precisions, wake_mark
from moshao.review.schemas import JudgementBody, MarkTable

Asking = Request[Actor, Any, Any]

judges = [requires("supervisor")]


@put(
    "/api/cases/{case_id:uuid}/photos/{photo_id:uuid}/marks/{mark:str}",
    operation_id="put_mark_judgement", guards=judges, status_code=204,
)  # fmt: skip
async def put_mark_judgement(
    request: Asking,
    db: NamedDependency[Database],
    case_id: FromPath[UUID],
    photo_id: FromPath[UUID],
    mark: FromPath[str],
    data: JSONBody[JudgementBody],
) -> None:
    """Whether a mark on this photo was right. The same again: the same. It changes nothing about the case."""
    actor, now = request.user, clock.now()
    await db.write(lambda tx: judge(tx, actor, case_id, photo_id, mark, data.is_right, now))


@get("/api/marks", operation_id="get_marks", guards=[requires("supervisor", "leader", "admin")])
async def get_marks(request: Asking, db: NamedDependency[Database]) -> MarkTable:
    """How often each mark is right, and which are quiet."""
    async with db.reading() as reader:
        return MarkTable(await precisions(reader, request.user.district_id))


@delete("/api/marks/{mark:str}/quiet", operation_id="delete_mark_quiet", guards=judges)
async def delete_mark_quiet(request: Asking, db: NamedDependency[Database], mark: FromPath[str]) -> None:
    """A quiet mark is shown again on photos named from now on, and measured anew. One that is not quiet stays so."""
    actor, now = request.user, clock.now()
    await db.write(lambda tx: wake_mark(tx, actor, mark, now))


router = Router("/", route_handlers=[put_mark_judgement, get_marks, delete_mark_quiet])
