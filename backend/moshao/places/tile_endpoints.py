"""Pictures under the map from a pack of our own: no other host is asked, and phones keep what they saw."""

import asyncio
import hashlib
from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter

from moshao.kit import errors
from moshao.kit.config import Settings
from moshao.kit.tile_packs import read_tile
from moshao.kit.tiles import pack_of

DEEPEST = 24
CACHING = "private, max-age=604800"


@get(
    "/api/tiles/{z:int}/{x:int}/{y:int}",
    operation_id="get_tile",
    summary="A tile of the map from our own pack",
    opt={"media": {200: "image/*"}, "answers": {304: None}, "sends": {"ETag": "Of the picture."}},
)
async def get_tile(
    request: Request[Any, Any, Any],
    z: FromPath[int],
    x: FromPath[int],
    y: FromPath[int],
    settings: NamedDependency[Settings],
    if_none_match: Annotated[str, HeaderParameter(name="If-None-Match")] = "",
) -> Response[bytes]:
    """Web Mercator, `y` from the north. Outside of the pack: an empty picture; without a pack: 404."""
    pack = pack_of(settings.map_tiles)
    if pack is None or not 0 <= z <= DEEPEST or not (0 <= x < 1 << z and 0 <= y < 1 << z):
        raise errors.not_found()
    tile = await asyncio.to_thread(read_tile, pack, z, x, y)
    headers = {"ETag": f'"{hashlib.sha256(tile.content).hexdigest()[:32]}"', "Cache-Control": CACHING}
    if headers["ETag"] in if_none_match:
        return Response(b"", status_code=304, headers=headers, media_type=tile.media_type)
    return Response(tile.content, media_type=tile.media_type, headers=headers)
