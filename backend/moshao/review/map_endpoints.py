"""What a GIS desk asks for."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import Stream

from moshao.cases.states import STATES
from moshao.kit import errors
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.places.box import read_box
from moshao.review.mapping import Wanted, collection, find_cases

GEOJSON = "application/geo+json"
NO_STORE = {"Cache-Control": "private, no-store"}


@get(
    "/api/cases.geojson",
    operation_id="get_cases_geojson",
    guards=[requires("crew_leader", "unit_operator", "supervisor", "leader")],
    opt={"media": {200: GEOJSON}},
)
async def get_cases_geojson(
    request: Request[Actor, Any, Any],
    db: NamedDependency[Database],
    bbox: Annotated[str, QueryParameter(description="west,south,east,north in degrees. Default: everywhere.")] = "",
    states: Annotated[
        str, QueryParameter(name="state", description="States, with commas. Default: all that are open.")
    ] = "",
    since: Annotated[
        datetime | None, QueryParameter(description="Changed then or later; without `state` whatever its state.")
    ] = None,
) -> Stream:
    """The cases one sees as points, WGS-84 (RFC 7946). A case without a place has no geometry, and is in no bbox."""
    wanted = Wanted(box=read_box(bbox) if bbox else None, states=_states(states), since=_instant(since))
    async with db.reading() as reader:
        found = await find_cases(reader, request.user, wanted)
    return Stream(collection(db, request.user, found), media_type=GEOJSON, headers=NO_STORE)


def _states(text: str) -> frozenset[str]:
    named = frozenset(part.strip() for part in text.split(",")) - {""}
    if named - STATES.keys():
        raise _wrong("state", "unknown", "没有这种案件状态")
    return named


def _instant(since: datetime | None) -> datetime | None:
    if since is not None and since.tzinfo is None:
        raise _wrong("since", "invalid", "时间要带时区，如 2026-11-16T08:00:00+08:00")
    return since


def _wrong(field: str, code: str, sentence: str) -> errors.Refused:
    return errors.bad_field(sentence, errors=(errors.FieldError(field, code, sentence),))


router = Router("/", route_handlers=[get_cases_geojson])
