"""Every screen: by day, by night, in the sun and for elders as axe judges it, no violation of any weight; on
the phone in type of twice the size too, with nothing over anything else. The check sees each look in Chinese and the
usual one in English, the long form all of them in both, and desks of every size."""

from typing import Any

import pytest
from playwright.async_api import Browser

from tests.browser.desk_screens import walk_desk
from tests.browser.desks import USUAL
from tests.browser.judging import DRESS, LOOKS, judge_large_type, judge_looks
from tests.browser.screens import walk
from tests.browser.street import PHOTOS, Street

pytestmark = pytest.mark.asyncio(loop_scope="package")
LARGE = {"width": 1920, "height": 1080}
TABLET = {"width": 820, "height": 1180}
IS_ON_TOP = """(one) => {
    const {left, top, width, height} = one.getBoundingClientRect()
    return one.contains(document.elementFromPoint(left + width / 2, top + height / 2))
}"""


@pytest.mark.parametrize(
    ("language", "looks", "whole"),
    [
        pytest.param("zh", LOOKS, False, id="zh"),
        pytest.param("en", LOOKS[:1], False, id="en"),
        pytest.param("zh", LOOKS, True, id="zh-whole", marks=pytest.mark.long),
        pytest.param("en", LOOKS, True, id="en-whole", marks=pytest.mark.long),
    ],
)
async def test_no_screen_keeps_anybody_out(
    street: Street, chromium: Browser, language: str, looks: Any, whole: bool
) -> None:
    found: dict[str, Any] = {}
    async for name, page in walk(street, chromium, language):
        if violations := await judge_looks(page, looks, whole=whole):
            found[name] = violations
        if overlaps := await judge_large_type(page):
            found[f"{name} in large type"] = overlaps
    assert found == {}


async def test_in_elder_and_sun_no_chip_lies_under_the_last_tap(street: Street, chromium: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    await phone.page.evaluate(DRESS, ("sun", "elder"))
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg")
    await phone.page.locator(".closing button.chip").click()
    for chip in await phone.page.locator(".closing .chip").all():
        await chip.scroll_into_view_if_needed()
        assert await chip.evaluate(IS_ON_TOP), await chip.inner_text()
    assert await phone.page.locator(".closing .foot .primary").evaluate(IS_ON_TOP)


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param("zh", USUAL, id="zh"),
        pytest.param("en", USUAL, id="en", marks=pytest.mark.long),
        pytest.param("zh", LARGE, id="zh-large", marks=pytest.mark.long),
        pytest.param("en", TABLET, id="en-tablet", marks=pytest.mark.long),
    ],
)
async def test_no_screen_of_the_desk_keeps_anybody_out(
    street: Street, chromium: Browser, language: str, size: dict[str, int]
) -> None:
    found = {}
    async for name, page in walk_desk(street, chromium, language, viewport=size):
        if violations := await judge_looks(page, LOOKS[:2], whole=True):
            found[name] = violations
    assert found == {}
