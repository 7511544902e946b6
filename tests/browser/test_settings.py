"""What a person sets for his eyes is there at once, and again the next time; the phone says what it can do."""

import zipfile
from typing import Any

import msgspec
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.handset import Handset
from tests.browser.judging import judge
from tests.browser.street import PHOTOS, Street

pytestmark = pytest.mark.asyncio(loop_scope="package")
SCREENS = ("", "report", "outbox", "me", "settings", "suggestions", "check", "lead")
ELDER_PX = 22
NORMAL_PX = 18
LARGEST_PX = 16 * 1.44


async def test_large_type_and_bright_sun_stay_and_keep_nobody_out(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    case = await street.dispatch(unit)
    phone = await hand(chromium, street.leader_of(unit), reduced_motion="reduce")
    await phone.sign_in()
    assert await type_px(phone) == NORMAL_PX
    await phone.page.goto("/#/me")
    await phone.page.get_by_role("link", name="设置").click()
    await phone.page.get_by_text("长辈版").click()
    await phone.page.get_by_text("强光").click()
    await expect(phone.page.locator("html[data-look=sun][data-size=elder]")).to_be_attached()
    await phone.page.reload()
    await expect(phone.page.locator("html[data-look=sun][data-size=elder]")).to_be_attached()
    assert await type_px(phone) == ELDER_PX
    found = {}
    for screen in (*SCREENS, f"c/{case['id']}"):
        await phone.page.goto(f"/#/{screen}")
        await expect(phone.page.locator("main h1")).to_be_visible()
        if violations := await judge(phone.page):
            found[screen] = violations
        wide = await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{screen} is {wide} px wider than the phone"
    assert found == {}


async def test_what_is_chosen_holds_at_once_and_is_still_there_later(
    street: Street, chromium: Browser, hand: Any
) -> None:
    phone = await hand(chromium, street.handler_of(await street.dispatch(street.unit())), reduced_motion="reduce")
    await phone.sign_in()
    await phone.page.goto("/#/settings")
    chosen = phone.page.locator("html[data-scale=largest][data-hand=right]")
    await phone.page.locator("label.chip", has_text="特大").click()
    await phone.page.locator("label.chip", has_text="右手").click()
    await expect(chosen).to_be_attached()
    assert await type_px(phone) == LARGEST_PX
    back, title = phone.page.locator(".bar > button"), phone.page.locator(".bar > h1")
    assert await left_of(back) > await left_of(title), "the way back lies under the other thumb"
    await phone.page.get_by_label("声音").uncheck()
    await expect(phone.page.get_by_text("照片最长边 1600 像素，不超过 400 KB")).to_be_visible()
    await expect(phone.page.get_by_text("近 7 天已传照片：0 张")).to_be_visible()
    await phone.page.reload()
    await expect(chosen).to_be_attached()
    await expect(phone.page.get_by_label("声音")).not_to_be_checked()
    await expect(phone.page.get_by_label("振动")).to_be_checked()
    assert await judge(phone.page) == []
    wide = await phone.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


async def test_the_phone_says_what_it_can_do(street: Street, browser: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await phone.ready_for_no_network()
    await phone.page.goto("/#/me")
    await phone.page.get_by_role("link", name="手机自检").click()
    for topic in ("网络", "时间", "定位", "离线打开", "签名钥匙"):
        finding = phone.page.locator(".finding", has=phone.page.get_by_role("heading", name=topic))
        await expect(finding).to_contain_text("正常")
    await expect(phone.page.get_by_text("正在检查…")).to_have_count(0)


async def test_what_waits_leaves_the_phone_as_a_file(street: Street, chromium: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await expect(phone.card(case["id"])).to_be_visible()
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.open(case["id"])
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
        await phone.submit()
        await phone.page.goto("/#/outbox")
        async with phone.page.expect_download() as download:
            await phone.page.get_by_role("button", name="导出待传文件").click()
        saved = await (await download.value).path()
    with zipfile.ZipFile(saved) as archive:
        assert archive.testzip() is None
        (act,) = msgspec.json.decode(archive.read("acts.json"))
        assert archive.namelist()[1:] == [f"photos/{photo}.jpg" for photo in act["photos"]]


async def type_px(phone: Handset) -> float:
    size: float = await phone.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    return size


async def left_of(one: Locator) -> float:
    box = await one.bounding_box()
    assert box is not None
    return box["x"]
