"""A post's phone: each by his PIN; what one did goes in his name, and the next one sees only that it waits."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from moshao.operate.demo_file import Member
from tests.browser.handset import Handset
from tests.browser.office import PIN, Office
from tests.browser.street import PHOTOS, Street

pytestmark = pytest.mark.asyncio(loop_scope="package")
WHERE = "工农路 99 号后门"


async def test_anothers_item_goes_in_his_name(street: Street, browser: Browser, hand: Any) -> None:
    unit = street.unit()
    office, case = Office(street, unit), await street.dispatch(unit, address=WHERE)
    first = street.handler_of(case)
    second = next(one for one in office.people if one != first)
    post = await office.open_post("东关环卫岗", first, second)
    phone = await hand(browser, first)
    await phone.page.goto(post.link)
    await phone.page.get_by_role("button", name="配对这台手机").click()
    await enter(phone, first)
    await expect(phone.card(case["id"])).to_be_visible()
    async with phone.no_network():
        await phone.page.goto(f"/#/c/{case['id']}")
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
        await phone.submit()
        await expect(phone.page.get_by_text("已处置 · 待上传 1 张").first).to_be_visible()
        async with phone.no_network("/version"):
            await phone.page.goto("/#/me")
            await phone.page.get_by_role("button", name="换人").click()
            await expect(phone.page.get_by_text("谁都要等有网才能再登录")).to_be_visible()
            await phone.page.get_by_role("button", name="仍要换人").click()
        await expect(phone.page.get_by_text("还有 1 件在等着传")).to_be_visible()
        await type_pin(phone, second, PIN)
        await expect(phone.page.get_by_text("没有网络，现在不能换人")).to_be_visible()
        await phone.page.get_by_role("button", name="返回").click()
    async with phone.no_network("/api/uploads"), phone.no_network("/closures/"):
        await enter(phone, second)
        await phone.page.goto("/#/outbox")
        await expect(phone.page.get_by_text("还有别人的 1 件在等，有网就以他们的名义自动上传")).to_be_visible()
        await sees_nothing_of(phone, case)
    await phone.page.goto("/#/outbox")
    await expect(phone.page.get_by_role("heading", name="没有待传的东西")).to_be_visible()
    await expect(phone.page.get_by_text("还有别人的")).to_have_count(0)
    assert await phone.kept("outbox") == []
    truth = await street.case(case["id"])
    (handled,) = [line for line in truth["journal"] if line["kind"] == "handled"]
    assert (truth["state"], handled["by"]["name"]) == ("handled", first.name)
    assert await who_is_in(phone) == second.name
    await sees_nothing_of(phone, case)


async def test_a_wrong_pin_opens_nothing(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    office = Office(street, unit)
    one, other, stranger = office.people[:3]
    post = await office.open_post("河街岗", one, other)
    phone = await hand(chromium, one)
    await phone.page.goto(post.link)
    await phone.page.get_by_role("button", name="配对这台手机").click()
    await expect(phone.page.locator("button.person")).to_have_count(2)
    with phone.watch.server_away():
        await type_pin(phone, one, "9753")
        await expect(phone.page.get_by_text("PIN 不对，或您不在这个岗位")).to_be_visible()
        await phone.page.get_by_role("button", name="返回").click()
        await phone.page.get_by_role("button", name="名单里没有我").click()
        await phone.page.locator("input[name=username]").fill(stranger.staff_no)
        await phone.page.get_by_role("button", name="下一步").click()
        await keys(phone, PIN)
        await expect(phone.page.get_by_text("PIN 不对，或您不在这个岗位")).to_be_visible()
    await phone.page.get_by_role("button", name="返回").click()
    await enter(phone, other)
    # His session ends with his leaving; the phone stays the post's.
    await leave(phone)
    await phone.page.reload()
    await expect(phone.page.locator("button.person")).to_have_count(2)


async def enter(phone: Handset, who: Member) -> None:
    await type_pin(phone, who, PIN)
    await expect(phone.page.locator("nav.tab-bar")).to_be_visible()


async def type_pin(phone: Handset, who: Member, pin: str) -> None:
    await phone.page.locator("button.person", has_text=who.staff_no).click()
    await keys(phone, pin)


async def keys(phone: Handset, pin: str) -> None:
    for digit in pin:
        await phone.page.get_by_role("button", name=digit, exact=True).click()
    await phone.page.get_by_role("button", name="确定").click()


async def leave(phone: Handset) -> None:
    # A picture still on its way would come behind the end of the session, and be refused.
    await phone.pictures_shown()
    await phone.page.goto("/#/me")
    await phone.page.get_by_role("button", name="换人").click()
    await expect(phone.page.locator("button.person").first).to_be_visible()


async def sees_nothing_of(phone: Handset, case: dict[str, Any]) -> None:
    for screen in ("", "outbox", "me"):
        await phone.page.goto(f"/#/{screen}")
        await expect(phone.page.locator("main h1")).to_be_visible()
        await expect(phone.page.get_by_text(WHERE)).to_have_count(0)
    # The console hears that the server knows no such case for him.
    with phone.watch.server_away():
        await phone.page.goto(f"/#/c/{case['id']}")
        await expect(phone.page.get_by_text("这个案件不在您手上了")).to_be_visible()
    assert case["id"] not in [one["id"] for one in await phone.kept("cases")]
    await phone.page.goto("/#/")


async def who_is_in(phone: Handset) -> str:
    name: str = await phone.page.evaluate(
        "fetch('/api/me').then((answer) => answer.json()).then((me) => me.person.name)"
    )
    return name
