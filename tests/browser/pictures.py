"""Every screen of the phone app as WebP into a folder: `python -m tests.browser.pictures FOLDER` (bin/pictures)."""

import asyncio
import io
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.browsers import launched
from tests.browser.handset import SMALL
from tests.browser.screens import walk
from tests.browser.street import Street, a_street

LARGE = {"width": 412, "height": 915}
DENSITY = 1.5
QUALITY = 75
MOST_BYTES = 150 * 1024
# For the front page: side by side, a little apart.
STRIP = ("list", "case", "closing", "outbox")
GAP_PX = 36


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
    for size, pictures in ((SMALL, small), (LARGE, large)):
        for name, picture in pictures.items():
            keep(picture, folder / f"{name}-{size['width']}.webp")
    keep(strip(small), folder / "phone.webp")
    keep(strip(english), folder / "phone-en.webp")


async def taken(street: Street, browser: Browser, size: dict[str, int], language: str) -> dict[str, Image.Image]:
    """A picture of each screen by its name."""
    screens = walk(street, browser, language, viewport=size, device_scale_factor=DENSITY)
    return {name: Image.open(io.BytesIO(await page.screenshot())) async for name, page in screens}


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
