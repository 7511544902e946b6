"""What the phone and the desk know of classes."""

import hashlib
from typing import Annotated, Any, Protocol
from uuid import UUID

from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter

from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.schemas import CatalogueOut, catalogue_out
from moshao.kit.db import Database


class OwnCodeSet(Protocol):
    @property
    def code_set(self) -> str: ...


class Asker(Protocol):
    """What this room has to know of a session; who that is, people say."""

    @property
    def district_id(self) -> UUID: ...

    @property
    def settings(self) -> OwnCodeSet: ...


@get("/api/catalogue", operation_id="get_catalogue", summary="Classes, conditions, photo rules and groups")
async def get_catalogue(
    request: Request[Asker, Any, State],
    db: NamedDependency[Database],
    code_set: Annotated[str | None, QueryParameter(description="Default: the one the district runs.")] = None,
    if_none_match: Annotated[str, HeaderParameter(name="If-None-Match")] = "",
) -> Response[CatalogueOut | None]:
    catalogue = await catalogue_of(db, request.user.district_id)
    wanted = code_set or request.user.settings.code_set
    tag = f'"{hashlib.sha256(f"{catalogue.version} {wanted}".encode()).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in if_none_match:
        return Response(None, status_code=304, headers=headers)
    return Response(catalogue_out(catalogue, wanted), headers=headers)
