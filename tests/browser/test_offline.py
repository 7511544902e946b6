"""The server dies while somebody is on site: his list, the case and the camera go on, and all is sent once."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from moshao.kit import ids
from tests.browser.handset import Handset
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent, photos_held

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_closed_while_the_server_is_dead(street: Street, browser: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        async with street.server_dead():
            await phone.page.reload()
            await expect(phone.card(case["id"])).to_be_visible()
            # As a notification opens it, from a cold start.
            await phone.open(case["id"])
            await expect(phone.page.get_by_role("heading", name="暴露垃圾")).to_be_visible()
            await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
            await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "再拍一张")
            await phone.submit()
            await expect(phone.page.get_by_text("已处置 · 待上传 2 张").first).to_be_visible()
            await phone.page.reload()
            await expect(phone.page.get_by_text("已处置 · 待上传 2 张").first).to_be_visible()
        await all_sent(phone)
    sent_once(phone, photos=2)
    await handled_once(street, phone, case["id"], 2)


async def test_two_tabs_send_once(street: Street, browser: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    await phone.ready_for_no_network()
    second = await phone.context.new_page()
    await second.goto("/#/outbox")
    with phone.watch.server_away():
        async with street.server_dead():
            await phone.open(case["id"])
            await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
            await phone.submit()
            await expect(second.get_by_role("heading", name="处置 · 暴露垃圾")).to_be_visible()
        await all_sent(phone)
        await expect(second.get_by_role("heading", name="没有待传的东西")).to_be_visible()
    sent_once(phone, photos=1)
    await handled_once(street, phone, case["id"], 1)


def sent_once(phone: Handset, *, photos: int, acts: int = 1) -> None:
    """Nothing was made on the server a second time; a photo whose first try failed asks where to go on, in parts."""
    written = [one for one in phone.watch.written if one not in ("POST uploads 200", "PATCH uploads 204")]
    assert sorted(written) == ["POST uploads 201"] * photos + ["PUT closures 201"] * acts


async def handled_once(street: Street, phone: Handset, case_id: str, photos: int) -> None:
    truth = await street.case(case_id)
    assert [line["kind"] for line in truth["journal"]].count("handled") == 1
    await photos_held(street, phone, truth, photos)


async def test_a_case_that_never_came_is_not_called_somebody_elses(
    street: Street, chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await phone.ready_for_no_network()
    # The console hears of failing requests, with and without a network: the last one is answered 404.
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.page.goto(f"/c/{ids.new_id()}")
        await expect(phone.page.get_by_text("这个案件还没有取到这台手机上")).to_be_visible()
        await phone.context.set_offline(False)
        await phone.page.goto(f"/#/c/{ids.new_id()}")
        await expect(phone.page.get_by_text("这个案件不在您手上了")).to_be_visible()
