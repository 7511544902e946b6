"""A walk through every screen of the desk: buttons are found by what they are, not by words."""

from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser import centre
from tests.browser.desks import a_desk
from tests.browser.street import Street


async def walk_desk(street: Street, browser: Browser, language: str, **looks: Any) -> AsyncIterator[tuple[str, Page]]:
    """Each by its name, once it stands there, as a supervisor has it before him. `looks` are options of the browser's
    context."""
    unit = street.unit()
    await centre.send_up(street, unit, 6)
    await centre.hand_in(street, unit, 3)
    supervisor = street.one("supervisor")
    async with a_desk(browser, street.demo.base_url, supervisor, reduced_motion="reduce", **looks) as desk:
        page = desk.page
        await page.goto("/desk/")
        if language == "en":
            await page.locator("footer button:not(.look)").click()
            await expect(page.locator("html")).to_have_attribute("lang", "en")
        await expect(page.locator("button[type=submit]")).to_be_visible()
        yield "sign-in", page
        await desk.sign_in("queue")
        await expect(page.locator(".facts")).to_be_visible()
        await expect(page.locator(".small-map canvas")).to_be_attached()
        for image in await page.locator(".compare img").all():
            await image.evaluate("(image) => image.decode()")
        yield "queue", page
        await desk.press("r")
        await expect(page.locator(".reasons")).to_be_visible()
        yield "send-back", page
        await desk.press("Escape")
        await expect(page.locator(".reasons")).to_have_count(0)
        await desk.press("u")
        await expect(page.locator(".bulk input[type=checkbox]").first).to_be_visible()
        for image in await page.locator(".bulk img").all():
            await image.evaluate("(image) => image.decode()")
        yield "bulk", page
        # A dialog that Escape shuts says so a moment later, and until then hears every key.
        await desk.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await desk.press("?")
        await expect(page.get_by_role("dialog")).to_be_visible()
        yield "keys", page
        await desk.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await desk.open("board")
        await expect(page.locator(".line").first).to_be_visible()
        yield "board", page
        await page.locator(".line a").first.click()
        await expect(page.locator(".case-page .small-map canvas")).to_be_attached()
        yield "case", page
        await desk.press("d")
        await expect(page.locator(".act-form textarea")).to_be_focused()
        yield "supervise", page
        await desk.press("Escape")
        await desk.open("figures?by=class")
        await page.locator("tr.total button").first.click()
        await expect(page.locator(".behind li").first).to_be_visible()
        yield "figures", page
        await desk.open("bulletins")
        await expect(page.locator(".issues .empty strong, .issues li").first).to_be_visible()
        await desk.press("n")
        await expect(page.locator(".bulletin-dialog select")).to_be_visible()
        await page.locator(".bulletin-dialog select").select_option("day")
        yield "draft-bulletin", page
        # A walk through this district before may have drawn it: then the server says so, and it is opened.
        with desk.watch.server_away():
            await page.locator(".bulletin-dialog button[type=submit]").click()
            await expect(page.locator(".paper table").first).to_be_visible()
        yield "bulletin", page
        await desk.open("deliveries")
        await expect(page.locator(".fates tbody tr").first).to_be_visible()
        yield "deliveries", page
