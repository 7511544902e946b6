"""The leader's page, in the hand and on a desk: the day at a glance, an order given there, the last known without
contact."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from moshao.kit import clock
from tests.browser.desks import USUAL
from tests.browser.judging import DRESS, judge
from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")
PHONE = {"width": 360, "height": 740}
TOO_WIDE = """() => [...document.querySelectorAll('html, #main, .today')]
    .filter(({scrollWidth, clientWidth}) => scrollWidth > clientWidth)
    .map((one) => `${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`)"""


async def test_a_leader_sees_the_day_and_orders(street: Street, chromium: Browser, seat: Any) -> None:
    long_ago = (clock.now() - timedelta(days=3)).isoformat()
    late = await street.dispatch(street.unit(), title="窨井盖松动", deadline=long_ago)
    desk = await seat(chromium, street.one("leader"), viewport=PHONE, reduced_motion="reduce")
    page = desk.page
    await desk.sign_in()
    await expect(page).to_have_title("今日 · 末梢")
    await expect(page.locator(".told strong")).to_have_count(6)
    await expect(page.locator(".trend tbody tr")).to_have_count(14)
    # Others' cases may be late in this district, too.
    line = page.locator("section[aria-labelledby=today-late] li").filter(
        has=page.locator(f"a[href='#/case/{late['id']}']")
    )
    await expect(line).to_have_count(1)
    await keeps_nobody_out(page)
    await line.get_by_role("button", name="督办").click()
    await page.locator(".order-form textarea").fill("今天处理好，回复我")
    await page.locator(".order-form button[type=submit]").click()
    ordered = page.locator(f"section[aria-labelledby=today-ordered] a[href='#/case/{late['id']}']")
    await expect(ordered).to_be_visible()
    await page.set_viewport_size(USUAL)
    await keeps_nobody_out(page)
    with desk.watch.server_away():
        await desk.context.set_offline(True)
        await expect(page.locator(".last-known")).to_contain_text("连不上服务器")
        await expect(ordered).to_be_visible()
        await desk.context.set_offline(False)
        await expect(page.locator(".last-known")).to_have_count(0)


async def keeps_nobody_out(page: Page) -> None:
    """By day and by night; nothing is wider than the screen."""
    assert await page.evaluate(TOO_WIDE) == []
    for look in ("dark", "light"):
        await page.evaluate(DRESS, (look, "normal"))
        assert await judge(page) == []
