"""The browser dies as by kill -9 while it saves and while it sends; opened again it sends each thing once."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Error, Playwright, ViewportSize, expect

from tests.browser.browsers import program
from tests.browser.handset import NEAR, SMALL, Handset
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent, photos_held
from tests.browser.watching import Watch

pytestmark = pytest.mark.asyncio(loop_scope="package")
SLOW = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4_000}


async def test_killed_while_it_saves_and_while_it_sends(street: Street, playwright: Playwright, tmp_path: Path) -> None:
    (case,) = await street.given_to_one(street.unit(), 1)
    member = street.handler_of(case)
    async with a_phone_that_dies(playwright, street, tmp_path) as context:
        phone = Handset(context, context.pages[0], Watch(street.demo.base_url), member)
        await phone.sign_in()
        await phone.open(case["id"])
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
        # The second photo is on its way to the disk.
        async with phone.page.expect_file_chooser() as chooser:
            await phone.page.locator("label.camera", has_text="再拍一张").first.click()
        await (await chooser.value).set_files(PHOTOS / "drawn_stall_after.jpg")
    async with a_phone_that_dies(playwright, street, tmp_path) as context:
        phone = Handset(context, context.pages[0], Watch(street.demo.base_url), member)
        await phone.open(case["id"])
        # The first is there; the second is there whole, or not at all.
        saved = len(await phone.kept("photos"))
        await expect(phone.page.locator(".strip figure img")).to_have_count(saved)
        assert saved in (1, 2)
        if saved == 1:
            await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "再拍一张")
        devtools = await context.new_cdp_session(phone.page)
        await devtools.send("Network.enable")
        await devtools.send("Network.emulateNetworkConditions", SLOW)
        async with phone.page.expect_request(lambda request: request.url.endswith("/api/uploads")):
            await phone.submit()
    async with a_phone_that_dies(playwright, street, tmp_path) as context:
        phone = Handset(context, context.pages[0], Watch(street.demo.base_url), member)
        await phone.page.goto("/")
        await all_sent(phone)
        truth = await street.case(case["id"])
        assert [line["kind"] for line in truth["journal"]].count("handled") == 1
        await photos_held(street, phone, truth, 2)


@asynccontextmanager
async def a_phone_that_dies(playwright: Playwright, street: Street, home: Path) -> AsyncIterator[BrowserContext]:
    """Chromium with what it keeps in this folder; at the end of the block it is killed."""
    context = await playwright.chromium.launch_persistent_context(
        home, executable_path=program("chromium"), args=["--no-sandbox"], base_url=street.demo.base_url,
        viewport=ViewportSize(width=SMALL["width"], height=SMALL["height"]), locale="zh-CN", **NEAR,
    )  # fmt: skip
    try:
        yield context
    finally:
        kill_all_of(home)
        with suppress(Error):
            await context.close()


def kill_all_of(home: Path) -> None:
    """The processes that were started with this folder, and no others."""
    for one in Path("/proc").iterdir():
        with suppress(OSError):
            if one.name.isdigit() and str(home).encode() in (one / "cmdline").read_bytes():
                os.kill(int(one.name), signal.SIGKILL)
