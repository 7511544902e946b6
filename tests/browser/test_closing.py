"""The loop on the phone: a case comes from above, is accepted, photographed, closed; the server has all of it."""

import hashlib
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.signatures import signed_body
from tests.browser.street import HERE, PHOTOS, Street, done_to
from tests.browser.webkit import WebKit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_case_from_above_is_accepted_and_closed_with_photos(
    street: Street, browser: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_contain_text("待接单")
    await phone.card(case["id"]).click()
    await phone.page.get_by_role("button", name="接单").click()
    await expect(phone.page.get_by_role("status").filter(has_text="已接单")).to_be_visible()
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "再拍一张")
    # Nobody has to wait for it; this test is about a place that was found.
    await expect(phone.page.get_by_text("定位误差约")).to_be_visible()
    await phone.submit()
    await all_sent(phone)
    truth = await street.case(case["id"])
    assert truth["state"] == "handled"
    assert [line["kind"] for line in done_to(truth)][-2:] == ["accepted", "handled"]
    await photos_held(street, phone, truth, 2)
    body = await signed_body(street.database_url, case["id"], "closures")
    assert body["outcome"] == "fixed"
    assert body["place"]["location"]["coordinates"] == pytest.approx(HERE, abs=0.001)


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_closing_takes_a_tap_for_each_photo_and_one_more(
    street: Street, chromium: Browser, hand: Any, count: int
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    for number in range(count):
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "再拍一张" if number else "拍照处置")
    await phone.submit()
    await all_sent(phone)
    # With the tap on the notification that opened the page: n + 2.
    assert await phone.taps() == count + 1
    truth = await street.case(case["id"])
    assert truth["state"] == "handled"
    await photos_held(street, phone, truth, count)


async def all_sent(phone: Handset) -> None:
    """Until nothing waits on this phone any more."""
    await phone.page.evaluate("location.hash = '#/outbox'")
    await expect(phone.page.get_by_role("heading", name="没有待传的东西")).to_be_visible()


async def photos_held(street: Street, phone: Handset | WebKit, truth: dict[str, Any], count: int) -> None:
    """Each photo's bytes on the server are those that the phone sealed."""
    after = [photo for photo in truth["photos"] if photo["usage"] == "after"]
    assert len(after) == count
    sealed = {row["photo_id"]: row["sha256"] for row in await phone.kept("photos")}
    for photo in after:
        assert not photo["missing"]
        assert hashlib.sha256(await street.photo(photo["id"])).hexdigest() == photo["sha256"] == sealed[photo["id"]]
