"""投诉建议: said with no network, sent by itself, answered at the desk, read on the phone."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.judging import judge
from tests.browser.street import PHOTOS, Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_said_offline_answered_at_the_desk_read_on_the_phone(
    street: Street, chromium: Browser, hand: Any, seat: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case), reduced_motion="reduce")
    said, answered = f"响铃太小声（{case['id']}）", f"可在设置里换（{case['id']}）"
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    await phone.page.goto("/#/me")
    await phone.page.get_by_role("link", name="投诉建议").click()
    await expect(phone.page.get_by_role("heading", name="投诉建议")).to_be_visible()
    async with phone.no_network():
        await phone.page.locator("textarea").fill(said)
        await phone.photograph(PHOTOS / "drawn_garbage_before.jpg")
        await phone.page.get_by_label("附上程序版本和手机自检结果").check()
        await phone.page.get_by_role("button", name="提交").click()
        mine = phone.page.locator(".mine li", has_text=said)
        await expect(mine).to_contain_text("待上传")
        assert await judge(phone.page) == []
    await phone.page.reload()
    await phone.page.goto("/#/outbox")
    await expect(phone.page.get_by_role("heading", name="没有待传的东西")).to_be_visible()
    desk = await seat(chromium, street.one("admin"))
    await desk.sign_in("suggestions")
    asked = desk.page.locator(".suggestion", has_text=said)
    await expect(asked.locator(".pictures img")).to_have_count(1)
    await expect(asked).to_contain_text("版本")
    assert await judge(desk.page) == []
    await asked.locator("textarea").fill(answered)
    await asked.get_by_role("button", name="答复").click()
    await expect(asked.locator(".answered")).to_contain_text("对方还没看")
    await phone.page.goto("/#/")
    await phone.page.get_by_role("link", name="1 条答复").click()
    await expect(mine).to_contain_text(answered)
    assert await judge(phone.page) == []
    await phone.page.goto("/#/")
    await expect(phone.card(case["id"])).to_be_visible()
    await expect(phone.page.get_by_role("link", name="1 条答复")).to_have_count(0)
    await desk.page.reload()
    await desk.page.get_by_role("button", name="已答复").click()
    await expect(asked.locator(".answered")).to_contain_text("对方已看")
