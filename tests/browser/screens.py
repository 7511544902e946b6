"""A walk through every screen of the phone app, in any language: buttons are found by what they are, not by words."""

from collections.abc import AsyncIterator
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.handset import Handset, a_handset
from tests.browser.mornings import a_leaders_morning, a_morning, an_inspectors_task
from tests.browser.street import PHOTOS, Street

PUT_AWAY = """async () => {
    for (let one; (one = document.querySelector('.ring .round')); await new Promise(requestAnimationFrame)) one.click()
}"""
SEND_BACK = "垃圾已清走，地面油污没有冲洗干净，请冲洗后重拍"


async def walk(street: Street, browser: Browser, language: str, **looks: Any) -> AsyncIterator[tuple[str, Page]]:
    """Each screen by its name, once it stands there: a handler's, then what a crew leader has besides. `looks` are
    options of the browser's context."""
    handler, cases = await a_morning(street)
    async with a_handset(browser, street.demo.base_url, handler, reduced_motion="reduce", **looks) as phone:
        await arrive(phone, language)
        async for name in walk_handling(phone, street, cases):
            if name != "ringing":
                await in_peace(phone.page)
            yield name, phone.page
    task = await an_inspectors_task(street)
    inspector = street.with_a_new_phone(task["inspector"]["id"])
    async with a_handset(browser, street.demo.base_url, inspector, reduced_motion="reduce", **looks) as phone:
        await arrive(phone, language)
        async for name in walk_inspecting(phone, task["id"]):
            yield name, phone.page
    leader = await a_leaders_morning(street, handler.unit_code)
    async with a_handset(browser, street.demo.base_url, leader, reduced_motion="reduce", **looks) as phone:
        await arrive(phone, language)
        async for name in walk_leading(phone):
            yield name, phone.page


async def arrive(phone: Handset, language: str) -> None:
    """At the first page, in that language."""
    await phone.page.goto("/")
    if language == "en":
        await phone.page.locator(".signin button.quiet").click()
        await expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    await expect(phone.page.locator("button[type=submit]")).to_be_visible()


async def walk_handling(phone: Handset, street: Street, cases: list[str]) -> AsyncIterator[str]:
    """From signing in on. The second case is closed with no network, sent, and sent back by its unit."""
    page = phone.page
    without_photo, urged, *_ = cases
    yield "sign-in"
    await phone.sign_in()
    await expect(page.locator("a.case-card")).to_have_count(len(cases))
    await street.tell("urged", urged, version=3, opinion="请尽快处置")
    await expect(page.locator(".ring")).to_be_visible()
    yield "ringing"
    await page.add_locator_handler(page.locator(".ring"), lambda _: in_peace(page))
    yield "list"
    await page.locator(".case-bar button").click()
    await page.locator("input[type=search]").fill("?")
    yield "nothing-found"
    await page.locator(".case-bar button").click()
    await phone.card(without_photo).click()
    await expect(page.locator(".closing label.camera")).to_be_visible()
    yield "case-without-photo"
    await page.locator(".closing .others button").first.click()
    yield "closing-without-photo"
    await page.goto("/#/")
    await phone.card(urged).click()
    await expect(page.locator(".photos img")).to_be_visible()
    await page.locator(".photos img").evaluate("(image) => image.decode()")
    yield "case"
    await page.locator(".case-ways button").first.click()
    await opened(page)
    yield "navigate"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".case-ways button").nth(1).click()
    await expect(page.locator(".line").first).to_be_visible()
    yield "contacts"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".closing .others button").last.click()
    await opened(page)
    yield "more"
    await page.locator(".van-popup:visible .button.big").nth(1).click()
    await opened(page)
    yield "hand-back"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".closing .others button").last.click()
    await page.locator(".van-popup:visible .button.big").last.click()
    await opened(page)
    yield "note"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".timeline").evaluate("(timeline) => timeline.scrollIntoView({block: 'center'})")
    yield "timeline"
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg")
    yield "closing"
    await page.locator(".closing .people").click()
    await expect(page.locator(".mates").first).to_be_visible()
    yield "mates"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".closing button.chip").click()
    yield "outcomes"
    await page.locator(".closing input[value=fixed]").click()
    async for name in walk_without_network(phone):
        yield name
    await page.goto("/#/outbox")
    await expect(page.locator(".empty")).to_be_visible()
    yield "outbox-sent"
    await street.send_back(await street.case(urged), SEND_BACK)
    await page.goto("/#/")
    await phone.card(urged).click()
    await expect(page.locator(".alarm-card")).to_be_visible()
    yield "rework"
    await page.goto("/#/report")
    await expect(page.locator("input[name=class]").first).to_be_visible()
    yield "report"
    await page.locator("button.chip").click()
    await opened(page)
    yield "classes"
    await closed(page.locator(".van-popup:visible"))
    await phone.photograph(PHOTOS / "drawn_small_ads_before.jpg")
    await page.locator("label.chip").first.click()
    yield "report-photo"
    await page.goto("/#/check")
    await expect(page.locator("main h1")).to_be_visible()
    await expect(page.locator(".finding:not(.good, .poor, .bad)")).to_have_count(0)
    yield "self-check"
    await page.goto("/#/settings")
    await expect(page.locator(".settings .card")).to_have_count(3)
    yield "settings"
    await page.goto("/#/suggestions")
    await expect(page.locator("textarea")).to_be_visible()
    yield "suggestions"
    await page.goto("/#/bell")
    await expect(page.locator("a[href='#/why']")).to_be_visible()
    yield "bell"
    await page.goto("/#/why")
    await expect(page.locator("details[open] li").first).to_be_visible()
    yield "why-it-cannot-ring"


async def walk_without_network(phone: Handset) -> AsyncIterator[str]:
    page = phone.page
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.submit()
        await expect(page.locator(".done-bar")).to_be_visible()
        await expect(page.locator(".notice p")).to_be_hidden()
        yield "closed"
        await page.goto("/#/")
        await expect(page.locator(".pill")).to_be_visible()
        yield "list-waiting"
        await page.goto("/#/outbox")
        await expect(page.locator("progress")).to_be_visible()
        yield "outbox"
        await page.goto("/#/me")
        await expect(page.locator(".button.danger")).to_be_visible()
        yield "me"
        await page.locator(".button.danger").click()
        await opened(page)
        yield "signing-out"
        await closed(page.locator(".van-popup:visible"))
        await phone.context.set_offline(False)


async def walk_inspecting(phone: Handset, task: str) -> AsyncIterator[str]:
    """A check, up to where its verdict could be handed in."""
    page = phone.page
    await phone.sign_in()
    await expect(phone.card(task)).to_be_visible()
    yield "tasks"
    await phone.card(task).click()
    await expect(page.locator(".inspect .chip").first).to_be_visible()
    yield "check-task"
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg")
    await page.locator(".inspect label.chip").nth(1).click()
    await page.locator(".inspect label.chip").nth(3).click()
    yield "check-failed"


async def walk_leading(phone: Handset) -> AsyncIterator[str]:
    page = phone.page
    to_assign, to_review, in_hand = (page.locator(".lead > .chips button").nth(number) for number in range(3))
    await phone.sign_in()
    await page.goto("/#/lead")
    await expect(to_assign).to_contain_text("2")
    await page.locator(".row input").first.check()
    yield "to-assign"
    await page.locator(".acts button").click()
    await expect(page.locator(".worker").first).to_be_visible()
    yield "workers"
    await closed(page.locator(".van-popup:visible"))
    await to_review.click()
    await page.locator(".row input").first.check()
    await expect(page.locator(".thumbs img")).to_have_count(2)
    yield "to-review"
    await page.locator(".acts button").first.click()
    await opened(page)
    yield "send-back"
    await closed(page.locator(".van-popup:visible"))
    await page.locator(".row a").first.click()
    await expect(page.locator(".closing .foot .button")).to_have_count(3)
    await expect(page.locator(".photos img").first).to_be_visible()
    yield "review-on-the-case"
    await page.goto("/#/lead")
    await in_hand.click()
    yield "in-hand"
    await page.goto("/#/calls")
    await expect(page.locator(".calls-broadcast")).to_be_visible()
    yield "call-list"
    await page.goto("/#/broadcast")
    await expect(page.locator("textarea")).to_be_visible()
    yield "broadcast"


async def in_peace(page: Page) -> None:
    """Whatever rings over the page is put away, which else lies over its buttons for seconds."""
    await page.evaluate(PUT_AWAY)


async def opened(page: Page) -> None:
    await expect(page.locator(".van-popup:visible .sheet")).to_be_visible()


async def closed(sheet: Locator) -> None:
    """By its last button."""
    await sheet.locator("button").last.click()
    await expect(sheet).to_be_hidden()
