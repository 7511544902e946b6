"""Every screen of the phone app and the desk's main ones as WebP into a folder, by `python -m tests.browser.pictures
FOLDER` (bin/pictures)."""

import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.browsers import launched
from tests.browser.desk_screens import walk_desk
from tests.browser.handset import SMALL, a_handset
from tests.browser.screens import walk
from tests.browser.street import Street, a_street

LARGE = {"width": 412, "height": 915}
DESK = {"width": 1366, "height": 768}
DENSITY = 1.5
QUALITY = 75
MOST_BYTES = 150 * 1024
# For the front page: side by side, a little apart.
STRIP = ("list", "case", "closing", "outbox")
GAP_PX = 36
# Of the desk's walk, what people have before them all day.
ON_THE_DESK = ("queue", "board", "case", "figures", "bulletin", "deliveries")


async def main(folder: Path) -> None:
    expect.set_options(timeout=30_000)
    async with AsyncExitStack() as stack:
        data = stack.enter_context(tempfile.TemporaryDirectory())
        street = await stack.enter_async_context(a_street(Path(data)))
        playwright = await stack.enter_async_context(async_playwright())
        browser = await stack.enter_async_context(launched(playwright, "chromium"))
        small = await taken(street, browser, SMALL, "zh")
        large = await taken(street, browser, LARGE, "zh")
        english = await taken(street, browser, SMALL, "en")
        desk = await taken_at_desk(street, browser)
    for size, pictures in ((SMALL, small), (LARGE, large)):
        for name, picture in pictures.items():
            keep(picture, folder / f"{name}-{size['width']}.webp")
    for name, picture in desk.items():
        keep(picture, folder / f"desk-{name}.webp")
    keep(strip(small), folder / "phone.webp")
    keep(strip(english), folder / "phone-en.webp")


async def taken(street: Street, browser: Browser, size: dict[str, int], language: str) -> dict[str, Image.Image]:
    """A picture of each screen by its name."""
    looks = {"viewport": size, "device_scale_factor": DENSITY}
    pictures = {name: await shot(page) async for name, page in walk(street, browser, language, **looks)}
    if language == "zh":
        pictures |= {name: await shot(page) async for name, page in walk_around(street, browser, **looks)}
    return pictures


async def walk_around(street: Street, browser: Browser, **looks: Any) -> AsyncIterator[tuple[str, Page]]:
    """What a crew leader has besides: his people, and the map without tiles."""
    unit = street.unit()
    await street.dispatch(unit)
    async with a_handset(
        browser, street.demo.base_url, street.leader_of(unit), reduced_motion="reduce", **looks
    ) as phone:
        await phone.sign_in()
        await phone.page.goto("/#/crew")
        await expect(phone.page.locator("main .card").first).to_be_visible()
        yield "crew", phone.page
        await phone.page.goto("/#/map")
        await expect(phone.page.locator(".leaflet-container canvas, .leaflet-container svg").first).to_be_attached()
        yield "map", phone.page


async def shot(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(await page.screenshot()))


async def taken_at_desk(street: Street, browser: Browser) -> dict[str, Image.Image]:
    screens = walk_desk(street, browser, "zh", viewport=DESK)
    return {name: await shot(page) async for name, page in screens if name in ON_THE_DESK}


def strip(pictures: dict[str, Image.Image]) -> Image.Image:
    shown = [pictures[name] for name in STRIP]
    width, height = shown[0].size
    whole = Image.new("RGBA", (len(shown) * (width + GAP_PX) - GAP_PX, height))
    for number, picture in enumerate(shown):
        whole.paste(picture, (number * (width + GAP_PX), 0))
    return whole


def keep(picture: Image.Image, path: Path) -> None:
    picture.save(path, quality=QUALITY, method=6)
    size = path.stat().st_size
    assert size <= MOST_BYTES, f"{path.name} has {size} bytes"


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
