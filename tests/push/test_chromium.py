"""Real Chromium, its push service on loopback, its notifications on a desktop whose user clicks them."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Playwright, expect

from moshao.operate.demo_file import Member
from tests.browser.handset import NEAR, SMALL, Handset
from tests.browser.street import Street
from tests.browser.watching import Watch
from tests.commands import run
from tests.push.chromium import a_chromium
from tests.push.desktop import Desktop, Shown
from tests.push.fates import fates_of, until
from tests.push.google import Google

pytestmark = pytest.mark.asyncio(loop_scope="package")
KNOWN = """(id) => new Promise((resolve) => {
    const opening = indexedDB.open('moshao')
    opening.onsuccess = () => {
        const asked = opening.result.transaction(['cases']).objectStore('cases').get(id)
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result !== undefined) }
    }
})"""

SUBSCRIBED_WITH = """async (key) => {
    const registration = await navigator.serviceWorker.getRegistration()
    const subscription = await registration?.pushManager.getSubscription()
    const bytes = new Uint8Array(subscription?.options.applicationServerKey ?? [])
    return btoa(String.fromCharCode(...bytes)).replace(/\\+/g, '-').replace(/\\//g, '_').replace(/=+$/, '') === key
}"""

Started = Callable[[Member], AbstractAsyncContextManager[Handset]]


@pytest.fixture
def start(playwright: Playwright, street: Street, google_service: Google, desktop: Desktop, tmp_path: Path) -> Started:
    """`async with start(member)`: his phone, the same one each time."""

    @asynccontextmanager
    async def started(member: Member) -> AsyncIterator[Handset]:
        home = street.demo.base_url
        browser = a_chromium(
            playwright, tmp_path / "profile", switches=google_service.switches(), desktop=desktop.address, allows=home,
            viewport=SMALL, locale="zh-CN", timezone_id="Asia/Shanghai",
            **NEAR | {"permissions": ["geolocation", "notifications"]},
        )  # fmt: skip
        async with browser as context:
            watch = Watch(home)
            await watch.over(context)
            phone = Handset(context, context.pages[0], watch, member)
            yield phone
            assert not watch.faults, "\n".join(watch.faults)

    return started


async def with_the_bell_on(phone: Handset, google_service: Google) -> None:
    await phone.sign_in()
    await phone.ready_for_no_network()
    await phone.page.get_by_role("button", name="打开提醒").click()
    await expect(phone.page.get_by_text("提醒已打开")).to_be_visible()
    await google_service.connections.open(1)


async def a_handler(street: Street) -> Member:
    return street.handler_of(await street.dispatch(street.unit()))


async def test_a_case_from_above_is_shown(
    street: Street, start: Started, google_service: Google, desktop: Desktop
) -> None:
    member = await a_handler(street)
    async with start(member) as phone:
        await with_the_bell_on(phone, google_service)
        await phone.page.goto("about:blank")
        case = await street.dispatch_to(member, address="中州路 1 号")
        shown = await desktop.shows("中州路 1 号")
        assert "新案件：暴露垃圾" in shown.title
        assert list(shown.actions.values())[:2] == ["接单", "导航"]
        await heard(street, case["id"], "shown")


async def test_what_came_while_the_browser_was_closed_is_shown_after_its_start(
    street: Street, start: Started, google_service: Google, desktop: Desktop
) -> None:
    member = await a_handler(street)
    async with start(member) as phone:
        await with_the_bell_on(phone, google_service)
    await google_service.connections.open(0)
    case = await street.dispatch_to(member, address="人民路 9 号")
    await heard(street, case["id"], "sent")
    assert all("人民路 9 号" not in shown.text for shown in desktop.shown)
    async with start(member):
        await desktop.shows("人民路 9 号")
        await heard(street, case["id"], "shown")


async def test_its_buttons_and_a_tap_with_the_server_dead(
    street: Street, start: Started, google_service: Google, desktop: Desktop
) -> None:
    """接单, 导航 and the tap itself, each with no page of the app open."""
    member = await a_handler(street)
    async with start(member) as phone:
        await with_the_bell_on(phone, google_service)

        async def rung(address: str) -> tuple[str, Shown]:
            await phone.page.goto("about:blank")
            # Urgent: no digest gathers it with those before.
            case_id = (await street.dispatch_to(member, address=address, urgency="urgent"))["id"]
            shown = await desktop.shows(address)
            await until(lambda: lies_on(phone, case_id))
            return case_id, shown

        accepted, shown = await rung("中州路 21 号")
        desktop.click(shown, "接单")
        await desktop.shows("接单 ✓")
        truth = await street.case(accepted)
        assert (truth["state"], truth["handler"]["id"]) == ("in_progress", str(member.person_id))

        _, shown = await rung("中州路 22 号")
        async with phone.context.expect_page() as opening:
            desktop.click(shown, "导航")
        page = await opening.value
        await expect(page.get_by_role("dialog")).to_contain_text("高德")
        await page.close()

        tapped, shown = await rung("中州路 23 号")
        with phone.watch.server_away():
            async with street.server_dead():
                async with phone.context.expect_page() as opening:
                    desktop.click(shown)
                page = await opening.value
                await expect(page.get_by_role("heading", name="暴露垃圾")).to_be_visible()
                await expect(page.get_by_text("中州路 23 号").first).to_be_visible()
            # What was opened with no network is told once there is one.
            await heard(street, tapped, "opened")


async def lies_on(phone: Handset, case_id: str) -> bool:
    """Whether the phone could show this case with no network; asked of its worker, for no page is open."""
    known: bool = await phone.context.service_workers[0].evaluate(KNOWN, case_id)
    return known


async def test_a_test_ring_and_off_again(
    street: Street, start: Started, google_service: Google, desktop: Desktop
) -> None:
    member = await a_handler(street)
    async with start(member) as phone:
        await with_the_bell_on(phone, google_service)
        await phone.page.goto("/#/bell")
        await phone.page.get_by_role("button", name="试铃").click()
        await desktop.shows("这部手机能收到提醒")
        await expect(phone.page.get_by_text("通知到了，这部手机能响。")).to_be_visible()
        await rung_and_renewed_by_command(street, phone)
        await phone.page.get_by_role("button", name="关掉提醒").click()
        await expect(phone.page.get_by_text("提醒没有打开")).to_be_visible()
        case = await street.dispatch_to(member, address="独山大道 1 号")
        assert await fates_of(street.database_url, case["id"]) == []


async def rung_and_renewed_by_command(street: Street, phone: Handset) -> None:
    """`moshao push`: a test ring, and a new key, which the phone takes when it next opens the app."""
    code, said = await run("push", "test", phone.member.staff_no, settings=street.settings)
    assert code == 0, said
    assert re.search(r"^push +(sent|shown) ", said, re.MULTILINE), said
    code, said = await run("push", "test", "nobody", settings=street.settings)
    assert (code, "nobody with staff number" in said) == (1, True)
    code, said = await run("push", "rotate", settings=street.settings)
    assert code == 0, said
    new_key = said.splitlines()[-2]
    await phone.page.reload()
    await phone.page.wait_for_function(SUBSCRIBED_WITH, arg=new_key)

    async def counted() -> bool:
        code, said = await run("push", "keys", settings=street.settings)
        assert code == 0, said
        return re.search(rf"^{re.escape(new_key)}  present  made .*  browsers 1$", said, re.MULTILINE) is not None

    await until(counted)


async def heard(street: Street, case_id: str, fate: str) -> None:
    """Returns when the server knows that of a push about this case."""

    async def known() -> bool:
        return fate in await fates_of(street.database_url, case_id)

    await until(known)
