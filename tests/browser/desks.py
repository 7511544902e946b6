"""A person at a desk: what he types and clicks, in a real browser."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from moshao.operate.demo_file import Member
from tests.browser.watching import Watch

USUAL = {"width": 1366, "height": 768}
# A key counts where it lands, so that one that a page needs and a test forgets is counted all the same.
COUNT_KEYS = "addEventListener('keydown', () => { window.pressed = (window.pressed ?? 0) + 1 }, true)"


class Desk:
    """`watch` has seen everything that its pages did."""

    def __init__(self, context: BrowserContext, page: Page, watch: Watch, member: Member) -> None:
        self.context = context
        self.page = page
        self.watch = watch
        self.member = member

    async def sign_in(self, at: str = "") -> None:
        """With the password alone, as every morning; then the page `at`."""
        await self.page.goto("/desk/" + (f"#/{at}" if at else ""))
        await self.page.locator("input[name=username]").fill(self.member.staff_no)
        await self.page.locator("input[name=password]").fill(self.member.password)
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("nav.rail")).to_be_visible()

    async def open(self, at: str) -> None:
        await self.page.goto(f"/desk/#/{at}")

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def pressed(self) -> int:
        keys: int = await self.page.evaluate("window.pressed ?? 0")
        return keys


@asynccontextmanager
async def a_desk(browser: Browser, base_url: str, member: Member, **options: Any) -> AsyncIterator[Desk]:
    """A new browser on a desk. No page of it may have done wrong when the block ends."""
    whole = {"viewport": USUAL, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **options}
    context = await browser.new_context(base_url=base_url, **whole)
    try:
        watch = Watch(base_url)
        await watch.over(context)
        await context.add_init_script(COUNT_KEYS)
        yield Desk(context, await context.new_page(), watch, member)
        assert not watch.faults, "\n".join(watch.faults)
    finally:
        await context.close()
