"""PUT and DELETE of one row of the roster: idempotent by the id in its URL."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response

from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import Kept
from moshao.people.pages import only

Asking = Request[Actor, Any, Any]
Keep = Callable[[Tx, UUID, UUID, Any, Actor | None], Awaitable[Kept]]
Drop = Callable[[Tx, UUID, UUID, Actor | None], Awaitable[None]]


async def kept(
    keep: Keep, find: Callable[..., Any], request: Asking, db: Database, row_id: UUID, data: Any
) -> Response[Any]:
    """201 with the new row, 200 with what it is now, changed or as it stood."""
    actor = request.user
    done = await db.write(lambda tx: keep(tx, actor.district_id, row_id, data, actor))
    view = only(await find(db, actor, one=row_id))
    return Response(view, status_code=201 if done.new else 200)


async def dropped(drop: Drop, request: Asking, db: Database, row_id: UUID) -> None:
    actor = request.user
    await db.write(lambda tx: drop(tx, actor.district_id, row_id, actor))
