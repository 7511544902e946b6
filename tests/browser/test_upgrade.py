"""The server is upgraded while a tab of the build before is open and its items wait: all goes, and both tabs go on."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent
from tests.browser.test_faults import handled_once
from tests.browser.test_offline import sent_once
from tests.browser.upgrading import a_door

pytestmark = pytest.mark.asyncio(loop_scope="package")
BUILDS = "async () => (await caches.keys()).filter((name) => name.startsWith('shell-')).length"
TAKE_THE_NEW_BUILD = """async () => {
    const workers = navigator.serviceWorker
    const changed = new Promise((resolve) => workers.addEventListener('controllerchange', resolve, { once: true }))
    await (await workers.ready).update()
    await changed
}"""
IS_NEW = "() => document.querySelector('script[type=module]').src.includes('NEW')"


async def test_an_old_tab_with_items_and_a_new_one_send_each_thing_once(
    street: Street, chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    async with a_door(street.demo.base_url) as (door, home):
        phone = await hand(chromium, street.handler_of(case), base_url=home)
        await phone.sign_in()
        await expect(phone.card(case["id"])).to_be_visible()
        await phone.ready_for_no_network()
        await phone.open(case["id"])
        with phone.watch.server_away():
            async with phone.no_network():
                await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
                door.upgrade()
                # In the middle of his work, before it is confirmed.
                await phone.page.evaluate(TAKE_THE_NEW_BUILD)
                assert await phone.page.evaluate(BUILDS) == 2
                await phone.submit()
                await expect(phone.page.get_by_text("已处置 · 待上传 1 张").first).to_be_visible()
                newer = await phone.context.new_page()
                await newer.goto("/#/outbox")
                assert await newer.evaluate(IS_NEW)
                await expect(newer.get_by_role("heading", name="处置 · 暴露垃圾")).to_be_visible()
                # A screen that this tab has not opened yet, and no server has any more.
                assert not await phone.page.evaluate(IS_NEW)
                await phone.page.evaluate("location.hash = '#/check'")
                await expect(phone.page.get_by_role("heading", level=1, name="手机自检")).to_be_visible()
            await all_sent(phone)
            await expect(newer.get_by_role("heading", name="没有待传的东西")).to_be_visible()
        sent_once(phone, photos=1)
        await handled_once(street, phone, case)
        # Before its server goes.
        await phone.context.close()
