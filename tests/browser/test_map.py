"""The map: cases and grids with no tiles at all, pictures from our own pack where there is one, all of it offline."""

from collections.abc import AsyncIterator
from math import asinh, floor, pi, radians, tan
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset, a_handset
from tests.browser.street import HERE, Street, a_street
from tests.rules.places.tile_pack import make_pack

pytestmark = pytest.mark.asyncio(loop_scope="package")


def tile_at(zoom: int) -> tuple[int, int, int]:
    lon, lat = HERE
    wide = 1 << zoom
    return zoom, floor((lon + 180) / 360 * wide), floor((1 - asinh(tan(radians(lat))) / pi) / 2 * wide)


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def pictured(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """A district with pictures of the ground around, at every zoom."""
    folder = tmp_path_factory.mktemp("pictured")
    around = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    tiles = {(z, x + dx, y + dy): "seagreen" for z, x, y in map(tile_at, range(10, 20)) for dx, dy in around}
    pack = make_pack(folder / "district.mbtiles", tiles)
    async with a_street(folder, map_tiles=str(pack)) as made:
        yield made


async def test_cases_stand_on_the_map_with_no_tiles_and_no_network(street: Street, browser: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    await seen(phone)
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.page.reload()
        await seen(phone)
        await phone.page.locator(".map .mark:not(.me, .known)").first.click()
        await phone.card(case["id"]).click()
        await expect(phone.page.get_by_role("heading", name="暴露垃圾")).to_be_visible()
        await phone.context.set_offline(False)
    assert await phone.page.locator(".map img.leaflet-tile").count() == 0


async def test_pictures_of_our_own_pack_lie_under_it(pictured: Street, chromium: Browser) -> None:
    case = await pictured.dispatch(pictured.unit())
    async with a_handset(chromium, pictured.demo.base_url, pictured.handler_of(case)) as phone:
        await phone.sign_in()
        await expect(phone.card(case["id"])).to_be_visible()
        await phone.ready_for_no_network()
        await seen(phone)
        await expect(phone.page.locator(".map img.leaflet-tile-loaded").first).to_be_visible()
        with phone.watch.server_away():
            await phone.context.set_offline(True)
            await phone.page.reload()
            await seen(phone)
            await expect(phone.page.locator(".map img.leaflet-tile-loaded").first).to_be_visible()
            await phone.context.set_offline(False)


async def seen(phone: Handset) -> None:
    await phone.page.goto("/#/map")
    await expect(phone.page.locator(".map .mark:not(.me, .known)").first).to_be_visible()
    # Grids are drawn on a canvas: something of them is there.
    await expect(phone.page.locator(".map canvas")).to_be_visible()
    await expect(phone.page.get_by_text("网格为示意")).to_be_visible()
