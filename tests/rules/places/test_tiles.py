"""Pictures under the map: by which setting, from which hosts, out of a pack."""

from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.di import Provide
from tests.rules.places.tile_pack import make_pack, picture

from moshao.kit.asgi import Surroundings
from moshao.kit.config import BadSetting, Settings, load
from moshao.kit.problems import HANDLERS
from moshao.kit.tile_packs import BLANK
from moshao.kit.tiles import hosts_of, map_tiles
from moshao.places.tile_endpoints import get_tile

KEY = "0123456789abcdef0123456789abcdef"
SERVER = "https://{s}.tiles.example/{z}/{x}/{y}.png"


def test_without_a_setting_a_map_has_no_pictures() -> None:
    assert load({}).map_tiles == ""
    assert map_tiles("", "wgs84", "") is None
    assert hosts_of(None) == []


def test_a_key_of_tianditu_is_two_layers_from_eight_hosts() -> None:
    tiles = map_tiles(f"tianditu:{KEY}", "wgs84", "")
    assert tiles is not None
    assert [layer.partition("LAYER=")[2][:3] for layer in tiles.layers] == ["vec", "cva"]
    assert all(f"tk={KEY}" in layer and "TILECOL={x}" in layer for layer in tiles.layers)
    assert (len(hosts_of(tiles)), tiles.attribution) == (8, "天地图")


def test_a_server_is_named_in_the_policy_with_all_its_hosts() -> None:
    tiles = map_tiles(SERVER, "gcj02", "示例")
    assert tiles is not None
    assert tiles.datum == "gcj02"
    assert hosts_of(tiles) == ["https://a.tiles.example", "https://b.tiles.example", "https://c.tiles.example"]


@pytest.mark.parametrize(
    "bad",
    ["ftp://x/{z}/{x}/{y}", "https://tiles.example/{z}/{x}", "tianditu:", "tianditu:a b", "map.zip",
     "https://tiles.example/{z}/{x}/{y}; script-src *"],
)  # fmt: skip
def test_a_source_that_makes_no_sense_stops_the_start(bad: str) -> None:
    with pytest.raises(BadSetting, match="MOSHAO_MAP_TILES"):
        load({"MOSHAO_MAP_TILES": bad})


def test_a_datum_is_one_of_two() -> None:
    with pytest.raises(BadSetting, match="MOSHAO_MAP_DATUM"):
        load({"MOSHAO_MAP_DATUM": "bd09"})


async def test_a_pack_gives_its_pictures_and_nothing_outside_of_it(tmp_path: Path) -> None:
    pack = make_pack(tmp_path / "district.mbtiles", {(3, 6, 3): "red"})
    async with asking(load({"MOSHAO_MAP_TILES": str(pack)})) as client:
        answer = await client.get("/api/tiles/3/6/3")
        assert (answer.status_code, answer.content) == (200, picture("red"))
        assert answer.headers["content-type"] == "image/png"
        known = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get("/api/tiles/3/6/3", headers=known)).status_code == 304
        assert (await client.get("/api/tiles/3/6/4")).content == BLANK
        assert (await client.get("/api/tiles/3/8/3")).status_code == 404
        assert (await client.get("/api/tiles/99/0/0")).status_code == 404


async def test_without_a_pack_there_are_no_tiles() -> None:
    async with asking(load({"MOSHAO_MAP_TILES": SERVER})) as client:
        assert (await client.get("/api/tiles/3/6/3")).status_code == 404
        policy = (await client.get("/api/tiles/3/6/3")).headers["content-security-policy"]
    images = next(part for part in policy.split("; ") if part.startswith("img-src"))
    assert images.split()[1:4] == ["'self'", "blob:", "data:"]
    assert "https://b.tiles.example" in images
    assert policy.count("tiles.example") == 3


def asking(settings: Settings) -> httpx.AsyncClient:
    app = Litestar(
        [get_tile], dependencies={"settings": Provide(lambda: settings, sync_to_thread=False)},
        exception_handlers=HANDLERS,
    )  # fmt: skip
    transport = httpx.ASGITransport(app=Surroundings(app, settings))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1")
