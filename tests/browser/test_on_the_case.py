"""What else is done on a case: a look by the inspector, a review by the leader, orders answered, calls, the reply
picture."""

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.signatures import signed_body
from tests.browser.street import PHOTOS, Street, done_to
from tests.browser.test_closing import all_sent

pytestmark = pytest.mark.asyncio(loop_scope="package")
SHARE_SHEET = """() => {
    Object.defineProperty(navigator, 'canShare', {value: () => true})
    Object.defineProperty(navigator, 'share', {value: async ({files: [file]}) => {
        const octets = new Uint8Array(await file.arrayBuffer())
        window.shared = [file.name, btoa(octets.reduce((text, one) => text + String.fromCharCode(one), ''))]
    }})
}"""


@pytest.mark.parametrize(("verdict", "state"), [("已解决", "handled"), ("没解决", "handled")], ids=["passed", "failed"])
async def test_a_check_asked_for_from_above_is_answered_with_no_network(
    street: Street, browser: Browser, hand: Any, verdict: str, state: str
) -> None:
    case = await street.dispatch(street.unit())
    await street.handle(case)
    await street.tell("check_requested", case["id"])
    inspector = street.with_a_new_phone((await street.case(case["id"]))["inspector"]["id"])
    phone = await hand(browser, inspector)
    await phone.sign_in()
    await expect(phone.page.locator(".group").first).to_contain_text("要办的")
    await phone.card(case["id"]).click()
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("暴露垃圾")
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.page.get_by_role("button", name="提交 · 处置后核查").click()
        await expect(phone.page.get_by_role("status").filter(has_text="请先选一个结论")).to_be_visible()
        await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍核查照片")
        await phone.page.get_by_text(verdict, exact=True).click()
        if verdict == "没解决":
            await phone.page.get_by_text("又出现了").click()
        await phone.page.get_by_role("button", name=f"提交 · {verdict}").click()
        await expect(phone.page.locator(".done-bar")).to_contain_text("处置后核查 · 待上传")
        await phone.context.set_offline(False)
        await all_sent(phone)
    truth = await street.case(case["id"])
    # Upstream asked, so it decides: the case returns whence it came, whatever he says.
    assert (truth["state"], done_to(truth)[-1]["kind"]) == (state, "checked")
    assert [photo["usage"] for photo in truth["photos"]].count("check") == 1
    body = await signed_body(street.database_url, case["id"], "checks")
    assert body["verdict"] == {"已解决": "pass", "没解决": "fail"}[verdict]
    assert body.get("reason") == {"已解决": None, "没解决": "又出现了"}[verdict]


async def test_a_report_is_verified_or_said_to_be_out_of_reach(street: Street, chromium: Browser, hand: Any) -> None:
    found = await street.ask_to_verify()
    phone = await hand(chromium, street.with_a_new_phone(found["inspector"]["id"]))
    await phone.sign_in()
    await phone.open(found["id"])
    await phone.page.get_by_text("没法核实").click()
    await phone.page.get_by_text("进不去").click()
    await phone.page.get_by_role("button", name="提交 · 没法核实").click()
    await all_sent(phone)
    body = await signed_body(street.database_url, found["id"], "verifications")
    assert (body["verdict"], body["reason"], body["photos"]) == ("unable", "进不去", [])


async def test_a_leader_reviews_on_the_case_itself(street: Street, browser: Browser, hand: Any) -> None:
    unit = street.unit()
    good, bad = [await street.dispatch(unit) for _ in range(2)]
    for case in (good, bad):
        await street.handle(case)
    phone = await hand(browser, street.leader_of(unit))
    await phone.sign_in()
    await phone.open(good["id"])
    before = await phone.taps()
    await phone.page.get_by_role("button", name="通过", exact=True).click()
    assert await phone.taps() - before == 1
    await expect(phone.page.locator(".closing")).not_to_contain_text("退回返工")
    await phone.open(bad["id"])
    await phone.page.get_by_role("button", name="退回返工").click()
    await phone.page.get_by_text("没有处理干净").click()
    await phone.page.locator(".van-popup").get_by_role("button", name="退回返工").click()
    await all_sent(phone)
    assert (await street.case(good["id"]))["state"] == "feedback"
    truth = await street.case(bad["id"])
    assert (truth["state"], truth["round"], truth["reasons"][0]["words"]) == ("in_progress", 2, "没有处理干净")


async def test_orders_are_answered_and_requests_passed_on_by_chips(
    street: Street, chromium: Browser, hand: Any
) -> None:
    unit = street.unit()
    case = await street.dispatch(unit)
    handler = await hand(chromium, street.handler_of(case))
    await handler.sign_in()
    await handler.open(case["id"])
    await handler.page.locator(".closing .others button").last.click()
    await handler.page.get_by_role("button", name="申请延期", exact=True).click()
    await handler.page.get_by_text("等材料").click()
    await handler.page.get_by_role("button", name="提交 · 申请延期").click()
    await all_sent(handler)
    await street.tell("supervised", case["id"], opinion="今天必须清完")
    phone = await hand(chromium, street.leader_of(unit))
    await phone.sign_in()
    await phone.open(case["id"])
    await expect(phone.page.locator(".alarm-card")).to_contain_text("今天必须清完")
    await phone.page.get_by_role("button", name="答复督办").click()
    await phone.page.get_by_text("正在处理").click()
    await phone.page.get_by_role("button", name="提交 · 督办答复").click()
    await phone.page.get_by_role("button", name="转交二级平台").click()
    await expect(phone.page.locator(".request")).to_have_count(0)
    await all_sent(phone)
    states = {
        one["kind"]: (one["state"], one["decision_reason"]) for one in (await street.case(case["id"]))["requests"]
    }
    assert states == {"supervision": ("answered", "正在处理"), "extension": ("forwarded", None)}


async def test_who_has_no_phone_is_named_by_who_has_one(street: Street, chromium: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    await phone.page.get_by_role("button", name="代人处置、有人协助？").click()
    behalf, helped = (phone.page.locator(".van-popup fieldset").nth(number) for number in range(2))
    mate, helper = [await helped.locator("label").nth(number).inner_text() for number in range(2)]
    await behalf.get_by_text(mate, exact=True).click()
    await helped.get_by_text(helper, exact=True).click()
    await phone.page.get_by_role("button", name="好了").click()
    await expect(phone.page.locator(".people")).to_have_text(f"代 {mate} 处置 · 协助：{helper}")
    await phone.submit()
    await all_sent(phone)
    body = await signed_body(street.database_url, case["id"], "closures")
    assert [street.person(one).name for one in (body["on_behalf_of"], *body["helpers"])] == [mate, helper]


async def test_the_call_list_and_what_became_of_a_call_need_no_network(
    street: Street, chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit(), contact_required=True)
    phone = await hand(chromium, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    await call_list(phone)
    await phone.page.get_by_role("button", name="取消").click()
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await call_list(phone)
        await phone.page.get_by_role("button", name="记录联系来电人的结果").click()
        await phone.page.get_by_text("没打通").click()
        await phone.page.get_by_role("button", name="提交 · 联系来电人").click()
        await expect(phone.page.locator(".timeline li").first).to_contain_text("联系来电人 · 待上传")
        await phone.context.set_offline(False)
        await all_sent(phone)
    contacted = done_to(await street.case(case["id"]))[-1]
    assert (contacted["kind"], contacted["facts"]["result"]) == ("contacted", "tried")


async def test_before_and_after_become_one_picture_with_no_network(
    street: Street, chromium: Browser, hand: Any, tmp_path: Path
) -> None:
    phone = await red_to_blue(street, chromium, hand, tmp_path)
    with phone.watch.server_away():
        async with phone.page.expect_download() as download:
            await phone.page.get_by_role("button", name="发回复拼图").click()
        picture = Image.open(await (await download.value).path()).convert("RGB")
        await phone.context.set_offline(False)
        await all_sent(phone)
    assert (await download.value).suggested_filename.endswith(".jpg")
    shows_both(picture)


async def test_the_picture_goes_to_the_share_sheet(street: Street, browser: Browser, hand: Any, tmp_path: Path) -> None:
    """A phone's sheet lies outside of its browser; here the page itself keeps what is handed to it. It is also the only
    way to see the picture in Firefox, whose driver tells of no download that a page makes itself."""
    phone = await red_to_blue(street, browser, hand, tmp_path)
    with phone.watch.server_away():
        await phone.page.evaluate(SHARE_SHEET)
        await phone.page.get_by_role("button", name="发回复拼图").click()
        await phone.page.wait_for_function("() => window.shared !== undefined")
        name, octets = await phone.page.evaluate("window.shared")
        await phone.context.set_offline(False)
        await all_sent(phone)
    assert name.endswith(".jpg")
    shows_both(Image.open(io.BytesIO(base64.b64decode(octets))).convert("RGB"))


async def red_to_blue(street: Street, browser: Browser, hand: Any, folder: Path) -> Handset:
    """A phone with no network, at a case that was red before and is blue since it was closed."""
    red = base64.b64encode(plain("red", folder).read_bytes()).decode()
    case = await street.dispatch(street.unit(), photos=[{"content_base64": red, "usage": "before"}])
    phone: Handset = await hand(browser, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    await phone.ready_for_no_network()
    await expect(phone.page.locator(".photos img")).to_be_visible()
    await phone.page.locator(".photos img").evaluate("(image) => image.decode()")
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.photograph(plain("blue", folder), "拍照处置")
        await phone.submit()
        await expect(phone.page.locator(".done-bar")).to_be_visible()
    return phone


def shows_both(picture: Image.Image) -> None:
    assert picture.width > picture.height
    before, after = (picture.getpixel((across, 500)) for across in (360, 1080))
    assert before == pytest.approx((254, 0, 0), abs=12)
    assert after == pytest.approx((0, 0, 254), abs=12)
    # Below stand number, place and time: more than a white band.
    assert len(picture.crop((0, 960, 700, 1260)).getcolors(100_000) or []) > 20


def plain(colour: str, folder: Path) -> Path:
    path = folder / f"{colour}.jpg"
    Image.new("RGB", (1200, 900), colour).save(path)
    return path


async def call_list(phone: Handset) -> None:
    await phone.page.get_by_role("button", name="打电话").click()
    first = phone.page.locator(".line").first
    await expect(first).to_contain_text("值班电话")
    assert (await first.get_attribute("href") or "").startswith("tel:0377")
