"""A phone in a poor state: what is wrong with it stands on the screen, nothing is lost by it, and work goes on."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, expect

from moshao.kit import clock
from tests.browser.browsers import FAKE_DEVICES, launched
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent
from tests.browser.test_faults import handled_once

pytestmark = pytest.mark.asyncio(loop_scope="package")
# To grant one permission is to deny all the others.
DENIED = {"permissions": ["clipboard-read"]}
# More than what the server has as well, which is let go of first.
LARGE = PHOTOS / "gps_street_DSC00497.jpg"
UNSENT = "还有 1 件没有传完。退出后它们仍在手机里，但要等您再登录才会传。"
THREE_DAYS_AHEAD = """{
    const Right = Date, ahead = 3 * 86400000
    window.Date = class extends Right {
        constructor(...given) { given.length ? super(...given) : super(Right.now() + ahead) }
        static now() { return Right.now() + ahead }
    }
}"""
SMALL_QUOTA_BYTES = 16 * 1024 * 1024
# A browser hands room out ahead, and asks again only when that is used up.
FILL = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('filler', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true })
    opening.onsuccess = () => {
        const more = () => {
            const bytes = crypto.getRandomValues(new Uint8Array(65536))
            const transaction = opening.result.transaction(['bytes'], 'readwrite')
            transaction.objectStore('bytes').add(bytes)
            transaction.oncomplete = more
            transaction.onabort = () => { opening.result.close(); resolve(transaction.error.name) }
        }
        more()
    }
    opening.onerror = () => reject(opening.error)
})"""
EMPTY = """() => new Promise((resolve, reject) => {
    const emptying = indexedDB.deleteDatabase('filler')
    emptying.onsuccess = () => resolve()
    emptying.onerror = () => reject(emptying.error)
})"""
EMPTY_CASES = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open('moshao')
    opening.onsuccess = () => {
        const transaction = opening.result.transaction(['cases'], 'readwrite')
        transaction.objectStore('cases').clear()
        transaction.oncomplete = () => { opening.result.close(); resolve() }
        transaction.onabort = () => reject(transaction.error)
    }
})"""


@pytest_asyncio.fixture(loop_scope="package")
async def asking_chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    """On a machine with a camera that a page is given only where its person said so."""
    async with launched(playwright, "chromium", arguments=FAKE_DEVICES) as browser:
        yield browser


async def test_no_room_no_place_and_no_camera_are_said_and_the_case_is_closed(
    street: Street, asking_chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(asking_chromium, street.handler_of(case), **DENIED)
    page = phone.page
    devtools = await phone.context.new_cdp_session(page)
    home = {"origin": street.demo.base_url}
    await devtools.send("Storage.overrideQuotaForOrigin", {**home, "quotaSize": SMALL_QUOTA_BYTES})
    await phone.sign_in()
    await phone.open(case["id"])
    await page.get_by_role("button", name="对照拍").click()
    await expect(page.get_by_text("打不开相机，请改用系统相机")).to_be_visible()
    assert await page.evaluate(FILL) == "QuotaExceededError"
    await devtools.send("Storage.overrideQuotaForOrigin", {**home, "quotaSize": 1000})
    async with page.expect_file_chooser() as chooser:
        await page.locator("label.camera", has_text="拍照处置").first.click()
    await (await chooser.value).set_files(LARGE)
    await expect(page.get_by_text("手机空间不足，照片没有存下。请清理空间后重拍。")).to_be_visible()
    assert await phone.kept("photos") == []
    await page.evaluate(EMPTY)
    await devtools.send("Storage.overrideQuotaForOrigin", home)
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    await expect(page.get_by_text("没有定位权限，照样能提交")).to_be_visible()
    await phone.submit()
    await all_sent(phone)
    await handled_once(street, phone, case)


async def test_a_wrong_clock_rows_taken_away_and_leaving_with_work_unsent_lose_nothing(
    street: Street, chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    page = phone.page
    await phone.context.add_init_script(THREE_DAYS_AHEAD)
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    # As a browser short of room does: the rows are gone, and the phone still knows how far it had read.
    await page.evaluate(EMPTY_CASES)
    await page.reload()
    await expect(phone.card(case["id"])).to_be_visible()
    await page.goto("/#/check")
    await expect(page.get_by_text("手机时间可能不准")).to_be_visible()
    await page.goto(f"/#/c/{case['id']}")
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    with phone.watch.server_away():
        async with phone.no_network():
            await phone.submit()
            await expect(page.locator(".done-bar")).to_be_visible()
            await page.goto("/#/me")
            await page.get_by_role("button", name="退出登录").click()
            await expect(page.get_by_text(UNSENT)).to_be_visible()
            await page.get_by_role("button", name="仍要退出").click()
            await expect(page.locator("input[name=password]")).to_be_visible()
        assert len(await phone.kept("outbox")) == 1
        await page.locator("input[name=username]").fill(phone.member.staff_no)
        await page.locator("input[name=password]").fill(phone.member.password)
        await page.locator("button[type=submit]").click()
        await expect(page.locator("nav.tab-bar")).to_be_visible()
        await all_sent(phone)
    await handled_once(street, phone, case)
    handled_at = datetime.fromisoformat((await street.case(case["id"]))["handled_at"])
    assert abs(clock.now() - handled_at) < timedelta(hours=1)
