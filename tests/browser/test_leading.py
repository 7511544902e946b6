"""A crew leader's morning on the phone: cases signed and given out, many at once; work looked at and passed."""

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from moshao.kit import clock
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent

pytestmark = pytest.mark.asyncio(loop_scope="package")
SIXTY = 60
LONGEST_SECONDS = 90


async def test_sixty_cases_are_given_out_within_a_minute_and_a_half(
    street: Street, chromium: Browser, hand: Any
) -> None:
    unit = street.unit()
    given = [await street.dispatch(unit, photos=[]) for _ in range(SIXTY)]
    await asyncio.gather(*(street.take_back(case["id"]) for case in given))
    phone = await hand(chromium, street.leader_of(unit))
    await phone.sign_in()
    began = clock.monotonic()
    await phone.page.get_by_role("link", name="班组", exact=True).click()
    await expect(phone.page.get_by_role("button", name="待指派 60")).to_be_visible()
    await phone.page.get_by_label("全选").check()
    await phone.page.get_by_role("button", name="指派 60 件").click()
    worker = phone.page.locator("button.worker").first
    name = await worker.locator("strong").inner_text()
    await worker.click()
    await all_sent(phone)
    assert clock.monotonic() - began <= LONGEST_SECONDS
    for case in given:
        truth = await street.case(case["id"])
        assert (truth["state"], truth["handler"]["name"]) == ("assigned", name)
    assert phone.watch.written.count("PUT assignments 201") == SIXTY


async def test_work_is_looked_at_passed_and_sent_back(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    good, bad = [await street.dispatch(unit) for _ in range(2)]
    for case in (good, bad):
        handler = await hand(chromium, street.handler_of(case))
        await handler.sign_in()
        await handler.open(case["id"])
        await handler.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
        await handler.submit()
        await all_sent(handler)
    phone = await hand(chromium, street.leader_of(unit))
    await phone.sign_in()
    await phone.page.get_by_role("link", name="班组", exact=True).click()
    await phone.page.get_by_role("button", name="待审核 2").click()
    await phone.page.locator("li.row", has=phone.card(good["id"])).get_by_role("checkbox").check()
    await phone.page.get_by_role("button", name="通过 1 件").click()
    await phone.page.get_by_label("全选").check()
    await phone.page.get_by_role("button", name="退回返工").click()
    await phone.page.get_by_text("没有处理干净").click()
    await phone.page.locator("form").get_by_role("button", name="退回返工").click()
    await all_sent(phone)
    assert (await street.case(good["id"]))["state"] == "feedback"
    truth = await street.case(bad["id"])
    assert (truth["state"], truth["round"]) == ("in_progress", 2)
    assert truth["reasons"][-1]["words"] == "没有处理干净"
