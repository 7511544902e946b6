"""The camera inside the page: the photo from before lies over what the lens sees; it opens by itself where he is used
to it and stands at the place; n photos take n + 2 taps."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.street import Street
from tests.browser.test_closing import all_sent, photos_held

pytestmark = pytest.mark.asyncio(loop_scope="package")
FAR = {"longitude": 112.60, "latitude": 32.99, "accuracy": 8}


async def test_the_old_photo_lies_over_the_lens(street: Street, with_media: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(with_media, street.handler_of(case))
    await opened(phone, case["id"])
    ghost = phone.page.locator(".finder img.before")
    await expect(ghost).to_be_visible()
    assert case["photos"][0]["id"] in (await ghost.get_attribute("src"))
    await phone.page.get_by_role("button", name="对照原照").click()
    await expect(ghost).to_be_hidden()
    await shot(phone, 1)
    await shot(phone, 2)
    await phone.page.get_by_role("button", name="删除第 2 张").click()
    await expect(phone.page.locator(".strip figure img")).to_have_count(1)
    await phone.submit()
    await all_sent(phone)
    truth = await street.case(case["id"])
    assert truth["state"] == "handled"
    await photos_held(street, phone, truth, 1)


@pytest.mark.parametrize("count", [1, 2, 4])
async def test_who_is_used_to_it_needs_a_tap_for_each_photo_and_one_more(
    street: Street, media_chromium: Browser, hand: Any, count: int
) -> None:
    unit = street.unit()
    first = await street.dispatch(unit)
    phone = await hand(media_chromium, street.handler_of(first))
    await phone.context.grant_permissions(["camera", "geolocation"])
    await opened(phone, first["id"])
    await phone.page.goto("/#/")
    await phone.open(first["id"])
    for number in range(1, count + 1):
        await shot(phone, number)
    await phone.submit()
    await all_sent(phone)
    # With the tap on the notification that opened the page: n + 2.
    assert await phone.taps() == count + 1
    assert (await street.case(first["id"]))["state"] == "handled"


async def test_nobodys_camera_goes_on_far_from_the_place(street: Street, with_media: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(with_media, street.handler_of(case))
    await opened(phone, case["id"])
    await phone.context.set_geolocation(FAR)
    await phone.page.goto("/#/")
    await phone.open(case["id"])
    await expect(phone.page.locator(".case-page .place")).to_contain_text("公里")
    await expect(phone.page.locator(".finder")).to_have_count(0)
    await expect(phone.page.locator("label.camera.primary")).to_be_visible()


async def opened(phone: Handset, case_id: str) -> None:
    """At the case, with the lens open by his own tap."""
    await phone.sign_in()
    await phone.open(case_id)
    await phone.page.get_by_role("button", name="对照拍").click()
    await expect(phone.page.locator(".shutter")).to_be_enabled()


async def shot(phone: Handset, number: int) -> None:
    await phone.page.locator(".shutter").click()
    await expect(phone.page.locator(".strip figure img")).to_have_count(number)
