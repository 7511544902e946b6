"""Areas over the wire: GIS desks read them as GeoJSON and import theirs."""

import asyncio
import hashlib
from typing import Annotated, Any, Protocol
from uuid import UUID

import msgspec
from litestar import Request, Response, get, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import HeaderParameter, QueryParameter

from moshao.kit.db import Database
from moshao.kit.kept import version
from moshao.places.areas import AreaKind, collection_text
from moshao.places.datum import Datum
from moshao.places.grid_faults import GridFault
from moshao.places.grids import read_grids
from moshao.places.importing import import_grids
from moshao.places.queries import SUBJECT, load_areas

GEOJSON = "application/geo+json"
IMPORT_MOST = 50 * 1024 * 1024


class Asker(Protocol):
    """What this room has to know of a session; who that is, people say."""

    @property
    def district_id(self) -> UUID: ...


class GridsImported(msgspec.Struct):
    """What an import did. Features with faults were left out, all others are in force."""

    added: int
    changed: int
    unchanged: int
    faults: list[GridFault]


@get("/api/grids.geojson", operation_id="get_grids", summary="Areas of the district", opt={"media": {200: GEOJSON}})
async def get_grids(
    request: Request[Asker, Any, State],
    db: NamedDependency[Database],
    kind: Annotated[AreaKind | None, QueryParameter(description="Default: all kinds.")] = None,
    if_none_match: Annotated[str, HeaderParameter(name="If-None-Match")] = "",
) -> Response[str]:
    district_id = request.user.district_id
    as_of = f"{district_id} {await version(db, SUBJECT, district_id)} {kind}"
    headers = {"ETag": f'"{hashlib.sha256(as_of.encode()).hexdigest()[:32]}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in if_none_match:
        return Response("", status_code=304, headers=headers)
    areas = [area for area in await load_areas(db, district_id) if kind in (None, area.kind)]
    return Response(await asyncio.to_thread(collection_text, areas), media_type=GEOJSON, headers=headers)


@put(
    "/api/grids",
    operation_id="put_grids",
    summary="Import areas from a GeoJSON FeatureCollection",
    opt={"bodies": {GEOJSON: None}},
    request_max_body_size=IMPORT_MOST,
)
async def put_grids(
    request: Request[Asker, Any, State],
    db: NamedDependency[Database],
    kind: Annotated[AreaKind, QueryParameter(description="Of features that do not say it.")] = "unit",
    datum: Annotated[Datum, QueryParameter(description="Of the file's coordinates.")] = "wgs84",
) -> GridsImported:
    """Areas of the same kind and code are replaced, areas the file does not name stay."""
    document = await request.body()
    areas, faults = await asyncio.to_thread(read_grids, document, kind, datum)
    done = await db.write(lambda tx: import_grids(tx, request.user.district_id, areas))
    return GridsImported(done.added, done.changed, done.unchanged, faults)
