"""Whatever a handler does on a case is done by taps: nothing here types a letter."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.street import PHOTOS, Street, done_to
from tests.browser.test_closing import all_sent

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_every_act_of_a_handler_needs_no_letter(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    mine = await street.dispatch(unit)
    phone = await hand(chromium, street.handler_of(mine), reduced_motion="reduce")
    await phone.sign_in()
    await phone.open(mine["id"])
    await with_reason(phone, "申请延期", "天气原因")
    await more(phone, "补充说明")
    await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "附照片")
    await phone.page.get_by_role("button", name="提交 · 补充说明").click()
    await expect(phone.page.locator(".van-popup:visible")).to_have_count(0)
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    await phone.submit()
    await all_sent(phone)
    done = [line["kind"] for line in done_to(await street.case(mine["id"]))]
    assert [kind for kind in done if kind in ("extension_requested", "noted", "handled")] == [
        "extension_requested", "noted", "handled",
    ]  # fmt: skip


async def test_a_case_is_handed_back_by_taps(street: Street, chromium: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case), reduced_motion="reduce")
    await phone.sign_in()
    await phone.open(case["id"])
    await with_reason(phone, "退回", "没有工具或条件")
    await all_sent(phone)
    assert "handed_back" in [line["kind"] for line in done_to(await street.case(case["id"]))]


async def more(phone: Handset, act: str) -> None:
    await phone.page.locator(".closing .others button").last.click()
    await phone.page.locator(".van-popup:visible").get_by_role("button", name=act, exact=True).click()


async def with_reason(phone: Handset, act: str, reason: str) -> None:
    await more(phone, act)
    await phone.page.locator("label.chip", has_text=reason).click()
    await phone.page.get_by_role("button", name=f"提交 · {act}").click()
    await expect(phone.page.locator(".van-popup:visible")).to_have_count(0)
