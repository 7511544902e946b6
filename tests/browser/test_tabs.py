"""Three tabs share one outbox: each thing goes once."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent
from tests.browser.test_faults import handled_once
from tests.browser.test_offline import sent_once

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_three_tabs_send_each_thing_once(street: Street, chromium: Browser, hand: Any) -> None:
    cases = await street.given_to_one(street.unit(), 2)
    phone = await hand(chromium, street.handler_of(cases[0]))
    await phone.sign_in()
    await expect(phone.card(cases[0]["id"])).to_be_visible()
    await phone.ready_for_no_network()
    tabs = [await phone.context.new_page() for _ in range(2)]
    for tab in tabs:
        await tab.goto("/#/outbox")
        await expect(tab.get_by_role("heading", name="没有待传的东西")).to_be_visible()
    with phone.watch.server_away():
        async with street.server_dead():
            for case in cases:
                await phone.open(case["id"])
                await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
                await phone.submit()
                await expect(phone.page.locator(".done-bar")).to_be_visible()
        await all_sent(phone)
        for tab in tabs:
            await expect(tab.get_by_role("heading", name="没有待传的东西")).to_be_visible()
    sent_once(phone, photos=2, acts=2)
    for case in cases:
        await handled_once(street, phone, case)
