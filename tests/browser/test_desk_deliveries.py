"""What became of the bell, as whoever looks after it sees it at the desk."""

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_an_admin_sees_what_became_of_each(street: Street, chromium: Browser, seat: Any) -> None:
    await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("admin"))
    await desk.sign_in()
    await expect(desk.page).to_have_title("响铃 · 末梢")
    rung = desk.page.locator(".fates tbody tr").filter(has_text="指派").filter(has_text="等打开应用").first
    await expect(rung).to_be_visible()
    await expect(desk.page.locator(".fates tbody a")).to_have_count(0)
    await desk.open(f"deliveries?fate=failed&case={uuid4()}")
    await expect(desk.page.get_by_role("button", name="没有送到")).to_have_attribute("aria-pressed", "true")
    await expect(desk.page.get_by_text("没有符合条件的")).to_be_visible()
    await desk.press("Escape")
    await expect(rung).to_be_visible()


async def test_a_supervisor_comes_to_it_from_the_case(street: Street, chromium: Browser, seat: Any) -> None:
    case = await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("supervisor"))
    await desk.sign_in(f"case/{case['id']}")
    await desk.page.get_by_role("link", name="响铃记录").click()
    await expect(desk.page.locator(".fates tbody tr").first).to_be_visible()
    await desk.page.locator(".fates tbody a").first.click()
    await expect(desk.page.locator(".case-page .facts")).to_be_visible()
