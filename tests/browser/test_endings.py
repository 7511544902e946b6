"""How a phone ends, and how it does not: replaced, returned, lost ones say so; a session over is no ending."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.office import Office
from tests.browser.street import PHOTOS, Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def with_one_unsent(street: Street, phone: Handset, office: Office, case: dict[str, Any], how: str) -> None:
    """He closes the case with no network, and meanwhile his phone ends so."""
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    device_id = await office.phone_of(phone.member.person_id)
    async with phone.no_network():
        await phone.page.goto(f"/#/c/{case['id']}")
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
        await phone.submit()
        await expect(phone.page.get_by_text("已处置 · 待上传 1 张").first).to_be_visible()
        await office.end(device_id, how)


async def test_a_replaced_phone_still_delivers(street: Street, browser: Browser, hand: Any) -> None:
    unit = street.unit()
    office, case = Office(street, unit), await street.dispatch(unit)
    phone = await hand(browser, street.handler_of(case))
    await with_one_unsent(street, phone, office, case, "replaced")
    with phone.watch.server_away():
        await phone.page.goto("/#/")
        await phone.page.reload()
        await expect(phone.page.get_by_role("heading", name="这部手机已换下")).to_be_visible()
        await expect(phone.page.get_by_text("该传的都已传完。")).to_be_visible()
    assert (await street.case(case["id"]))["state"] == "handled"
    assert await phone.kept("outbox") == []


async def test_a_returned_phone_keeps_what_it_can_not_send(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    office, case = Office(street, unit), await street.dispatch(unit)
    phone = await hand(chromium, street.handler_of(case))
    await with_one_unsent(street, phone, office, case, "returned")
    with phone.watch.server_away():
        await phone.page.goto("/#/")
        await phone.page.reload()
        await expect(phone.page.get_by_role("heading", name="这部手机已交回")).to_be_visible()
        await expect(phone.page.get_by_text("还有 1 件没传")).to_be_visible()
        await expect(phone.page.get_by_role("button", name="导出待传文件")).to_be_visible()
    assert len(await phone.kept("outbox")) == 1


async def test_a_lost_phone_is_emptied_and_says_so(street: Street, browser: Browser, hand: Any) -> None:
    unit = street.unit()
    office, case = Office(street, unit), await street.dispatch(unit)
    phone = await hand(browser, street.handler_of(case))
    await with_one_unsent(street, phone, office, case, "lost")
    with phone.watch.server_away():
        await phone.page.goto("/#/")
        await phone.page.reload()
        await expect(phone.page.get_by_role("heading", name="这部手机已挂失")).to_be_visible()
    for store in ("cases", "outbox", "photos", "slices", "identities"):
        assert await phone.kept(store) == []
    await phone.page.get_by_role("link", name="重新配对这部手机").click()
    await expect(phone.page.locator("input[name=code]")).to_be_visible()


async def test_a_bound_phone_goes_on_without_a_password(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    case = await street.dispatch(unit)
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    # The browser has lost its session; the key has not.
    await phone.context.clear_cookies()
    with phone.watch.server_away():
        await phone.page.reload()
        another = await street.dispatch(unit)
        while street.handler_of(another) != phone.member:
            another = await street.dispatch(unit)
        await expect(phone.card(another["id"])).to_be_visible()
        await expect(phone.page.locator("input[name=password]")).to_have_count(0)
