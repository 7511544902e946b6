"""Closed in a cellar and put away: with no page open the browser wakes the worker once there is a network."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Playwright, ViewportSize, expect

from tests.browser.browsers import program
from tests.browser.handset import NEAR, SMALL, Handset
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent, photos_held
from tests.browser.watching import Watch
from tests.browser.wire import a_wire

pytestmark = pytest.mark.asyncio(loop_scope="package")
# It asks again after minutes and three times at most; here after seconds, as often as a busy machine may need.
SOONER = (
    "--force-fieldtrials=BackgroundSync/T/",
    "--force-fieldtrial-params=BackgroundSync.T:initial_retry_delay_sec/2/retry_delay_factor/1/"
    "min_sync_recovery_time_sec/1/max_sync_attempts/100",
)
PATIENCE_SECONDS = 120
# To grant one permission is to deny all the others.
ALLOWED = {**NEAR, "permissions": ["geolocation", "background-sync"]}
ASKED_TO_WAKE = """async () => {
    const { sync } = await navigator.serviceWorker.ready
    while (!(await sync.getTags()).includes('outbox')) await new Promise((resolve) => setTimeout(resolve, 50))
}"""


async def test_what_waits_is_sent_with_no_page_open(street: Street, playwright: Playwright, tmp_path: Path) -> None:
    (case,) = await street.given_to_one(street.unit(), 1)
    async with a_wire(urlsplit(street.demo.base_url).port or 0) as (wire, port):
        home = f"http://127.0.0.1:{port}"
        # Only what has a folder of its own is woken: nothing is kept for a window that leaves no trace.
        context = await playwright.chromium.launch_persistent_context(
            tmp_path, executable_path=program("chromium"), args=["--no-sandbox", *SOONER], base_url=home,
            viewport=ViewportSize(width=SMALL["width"], height=SMALL["height"]), locale="zh-CN", **ALLOWED,
        )  # fmt: skip
        try:
            elsewhere = context.pages[0]
            phone = Handset(context, await context.new_page(), Watch(home), street.handler_of(case))
            await phone.sign_in()
            await expect(phone.card(case["id"])).to_be_visible()
            await phone.ready_for_no_network()
            wire.go_down()
            await phone.open(case["id"])
            await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
            await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "再拍一张")
            await phone.submit()
            await expect(phone.page.get_by_text("已处置 · 待上传 2 张").first).to_be_visible()
            await phone.page.evaluate(ASKED_TO_WAKE)
            await phone.page.close()
            assert context.pages == [elsewhere]
            wire.is_up = True
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not is_all_there(await street.case(case["id"])):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.2)
            phone = Handset(context, elsewhere, Watch(home), phone.member)
            await phone.open(case["id"])
            await all_sent(phone)
            truth = await street.case(case["id"])
            assert [line["kind"] for line in truth["journal"]].count("handled") == 1
            await photos_held(street, phone, truth, 2)
        finally:
            await context.close()


def is_all_there(case: dict[str, object]) -> bool:
    photos = case["photos"]
    assert isinstance(photos, list)
    after = [photo for photo in photos if photo["usage"] == "after"]
    return case["state"] == "handled" and len(after) == 2 and not any(photo["missing"] for photo in after)
