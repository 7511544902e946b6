"""A person with a phone: what he taps, types and photographs, in a real browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, Route, expect

from moshao.operate.demo_file import Member
from tests.browser.street import HERE
from tests.browser.watching import Watch

SMALL = {"width": 360, "height": 740}
NEAR: dict[str, Any] = {
    "permissions": ["geolocation"],
    "geolocation": {"longitude": HERE[0], "latitude": HERE[1], "accuracy": 8},
}

# Counted where they land, so that a tap that the page needs and a test forgets is counted all the same.
COUNT_TAPS = "addEventListener('pointerdown', () => { window.taps = (window.taps ?? 0) + 1 }, true)"

# Those below the screen as well, which would come only when scrolled to. One that fails has an end too.
SHOW_PICTURES = """() => Promise.all([...document.images].map((image) => {
    image.loading = 'eager'
    return image.decode().catch(() => undefined)
}))"""


class Handset:
    """`watch` has seen everything that its pages did."""

    def __init__(self, context: BrowserContext, page: Page, watch: Watch, member: Member) -> None:
        self.context = context
        self.page = page
        self.watch = watch
        self.member = member
        self.code = member.pairing_codes[0]

    async def sign_in(self) -> None:
        """Pair with a code and sign in with the password, as on the first morning."""
        if self.page.url == "about:blank":
            await self.page.goto("/")
        fields = {"username": self.member.staff_no, "code": self.code, "password": self.member.password}
        for name, value in fields.items():
            await self.page.locator(f"input[name={name}]").fill(value)
        await self.page.locator("button[type=submit]").click()
        await expect(self.page.locator("nav.tab-bar")).to_be_visible()

    async def ready_for_no_network(self) -> None:
        """Once the service worker answers for this page, and what it shows was seen."""
        await self.page.evaluate("navigator.serviceWorker.ready")
        await self.pictures_shown()
        # What a page still loads when it is left is cut off, which one of the browsers calls an error.
        with self.watch.server_away():
            await self.page.reload()
            await self.page.wait_for_function("navigator.serviceWorker.controller !== null")
        await self.pictures_shown()

    async def pictures_shown(self) -> None:
        """A page left or cut off with pictures on their way complains of them."""
        await self.page.evaluate(SHOW_PICTURES)

    def card(self, case_id: str) -> Locator:
        return self.page.locator(f"a[href='#/c/{case_id}']")

    async def open(self, case_id: str) -> None:
        """As a notification does."""
        if self.page.url != "about:blank":
            await self.pictures_shown()
        await self.page.goto(f"/c/{case_id}")
        await expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    async def photograph(self, photo: Path, button: str = "") -> None:
        """The camera behind the button of this name, else the first, gives this photo; done when it is kept."""
        kept = self.page.locator(".strip figure img")
        before = await kept.count()
        async with self.page.expect_file_chooser() as chooser:
            await self.page.locator("label.camera", has_text=button).first.click()
        await (await chooser.value).set_files(photo)
        await expect(kept).to_have_count(before + 1)

    async def submit(self) -> None:
        await self.page.locator(".closing button.primary.wide").click()

    @asynccontextmanager
    async def no_network(self, path: str = "/api/") -> AsyncIterator[None]:
        """Requests below this path get no answer meanwhile; the page stays open."""
        where = re.compile(re.escape(path))
        with self.watch.server_away():
            await self.context.route(where, _no_answer)
            yield
            await self.context.unroute(where, _no_answer)
            # What the console said of the last one is heard before this is answered.
            await self.page.evaluate("0")

    async def taps(self) -> int:
        taps: int = await self.page.evaluate("window.taps ?? 0")
        return taps

    async def kept(self, store: str) -> list[dict[str, Any]]:
        """The rows of a store of the phone's database."""
        rows: list[dict[str, Any]] = await self.page.evaluate(
            """(store) => new Promise((resolve, reject) => {
                const opening = indexedDB.open('moshao')
                opening.onsuccess = () => {
                    const asked = opening.result.transaction([store]).objectStore(store).getAll()
                    asked.onsuccess = () => { opening.result.close(); resolve(asked.result) }
                    asked.onerror = () => reject(asked.error)
                }
            })""",
            store,
        )
        return rows


async def _no_answer(route: Route) -> None:
    await route.abort()


@asynccontextmanager
async def a_handset(browser: Browser, base_url: str, member: Member, **options: Any) -> AsyncIterator[Handset]:
    """A new phone. No page of it may have done wrong when the block ends."""
    whole = {"viewport": SMALL, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", **NEAR, **options}
    context = await browser.new_context(base_url=base_url, **whole)
    try:
        watch = Watch(base_url)
        await watch.over(context)
        await context.add_init_script(COUNT_TAPS)
        yield Handset(context, await context.new_page(), watch, member)
        assert not watch.faults, "\n".join(watch.faults)
    finally:
        await context.close()
