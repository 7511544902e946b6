"""What axe has against a page, by day, by night, in the sun and for elders; what large type spoils on it."""

from collections.abc import Sequence
from functools import cache

from playwright.async_api import Page

from tests.commands import ROOT

AXE = ROOT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = (("light", "normal"), ("dark", "normal"), ("sun", "normal"), ("light", "elder"), ("sun", "elder"))
DRESS = """([look, size]) => Object.assign(document.documentElement.dataset, {look, size})"""

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What colours and sizes can break: all else is markup, which no look changes.
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
# 200 % of the usual 18 px, whatever the phone app itself makes of larger type.
TWICE = "document.documentElement.style.fontSize = '36px'"
AS_USUAL = "document.documentElement.style.fontSize = ''"
OVERLAPS = (ROOT / "tests" / "browser" / "overlaps.js").read_text("utf-8")
HAS_AXE = "'axe' in window"
VIOLATIONS = """async (runOnly) => (await axe.run(document, {resultTypes: ['violations'], runOnly})).violations.map(
    ({id, nodes}) => `${id}: ${nodes.map(({target, any}) => `${target} ${any.map(({message}) => message)}`)}`)"""


async def judge(page: Page, rules: Sequence[str] = TAGS) -> list[str]:
    """Its violations, of any weight."""
    if not await page.evaluate(HAS_AXE):
        await page.evaluate(axe())
    violations: list[str] = await page.evaluate(VIOLATIONS, list(rules))
    return violations


async def judge_looks(page: Page, looks: Sequence[tuple[str, str]], *, whole: bool) -> dict[tuple[str, str], list[str]]:
    """The violations of each look that has some; `whole`: by every rule, else in the first look alone. It is left in
    the light."""
    found = {}
    for look in looks:
        await page.evaluate(DRESS, look)
        if violations := await judge(page, TAGS if whole or look == looks[0] else SEEN):
            found[look] = violations
    await page.evaluate(DRESS, LOOKS[0])
    return found


async def judge_large_type(page: Page) -> list[str]:
    """What lies over something else, or is cut off, with type of twice the size."""
    await page.evaluate(TWICE)
    overlaps: list[str] = await page.evaluate(OVERLAPS)
    await page.evaluate(AS_USUAL)
    return overlaps


@cache
def axe() -> str:
    return AXE.read_text("utf-8")
