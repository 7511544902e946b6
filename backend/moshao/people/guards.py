"""Who may use a route, by role. Whose cases or people he then finds there is the room's own question.

Guards are asynchronous for their speed alone: Litestar runs any other in a thread, at every request.
"""

from litestar.handlers.base import BaseRouteHandler
from litestar.types import Guard

from moshao.kit import errors
from moshao.people.actor import ROLES
from moshao.people.origins import Connection

not_your_role = errors.refusal("not_your_role", 403, "您的岗位不能做这项操作")


def requires(*roles: str) -> Guard:
    """Only these roles."""
    if unknown := set(roles) - ROLES:
        raise ValueError(f"no such role: {unknown}")

    async def guard(connection: Connection, _: BaseRouteHandler) -> None:
        if connection.user.role not in roles:
            raise not_your_role()

    return guard


async def any_session(connection: Connection, _: BaseRouteHandler) -> None:
    """Everybody who is signed in. Says so where a route is meant for all roles."""
    assert connection.user
