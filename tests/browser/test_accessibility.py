"""Every screen in both languages: by day, by night, in the sun and for elders as axe judges it, no violation of any
weight."""

from functools import cache
from typing import Any

import pytest
from playwright.async_api import Browser, Page

from tests.browser.desk_screens import walk_desk
from tests.browser.screens import walk
from tests.browser.street import PHOTOS, Street
from tests.commands import ROOT

pytestmark = pytest.mark.asyncio(loop_scope="package")
AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
IS_ON_TOP = """(one) => {
    const {left, top, width, height} = one.getBoundingClientRect()
    return one.contains(document.elementFromPoint(left + width / 2, top + height / 2))
}"""
VIOLATIONS = """async (tags) => (await axe.run(document, {resultTypes: ['violations'], runOnly: tags})).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map(({target, any}) => `${target} ${any.map(({message}) => message)}`)}`)"""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


LOOKS = (("light", "normal"), ("dark", "normal"), ("sun", "normal"), ("light", "elder"), ("sun", "elder"))
DRESS = """([look, size]) => Object.assign(document.documentElement.dataset, {look, size})"""


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_no_screen_keeps_anybody_out(street: Street, chromium: Browser, language: str) -> None:
    found: dict[str, list[str]] = {}
    async for name, page in walk(street, chromium, language):
        for look in LOOKS:
            await page.evaluate(DRESS, look)
            if violations := await judge(page):
                found[f"{name} {look}"] = violations
        await page.evaluate(DRESS, LOOKS[0])
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


async def judge(page: Page) -> list[str]:
    await page.evaluate(axe())
    violations: list[str] = await page.evaluate(VIOLATIONS, TAGS)
    return violations


async def test_no_screen_of_the_desk_keeps_anybody_out(street: Street, chromium: Browser) -> None:
    found: dict[str, list[str]] = {}
    async for name, page in walk_desk(street, chromium):
        for look in ("light", "dark"):
            await page.evaluate(DRESS, (look, "normal"))
            if violations := await judge(page):
                found[f"{name} {look}"] = violations
        await page.evaluate(DRESS, LOOKS[0])
    assert found == {}


@cache
def axe() -> str:
    return AXE.read_text("utf-8")
