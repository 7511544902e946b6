"""An inspector reports what he sees: four taps, nothing typed, with or without a network."""

import hashlib
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.handset import Handset
from tests.browser.street import HERE, PHOTOS, Street, done_to
from tests.browser.test_closing import all_sent

pytestmark = pytest.mark.asyncio(loop_scope="package")
# Far from where everything else of these tests happens.
AWAY = (HERE[0] + 0.02, HERE[1] + 0.02)


async def test_a_problem_is_reported_in_four_taps(street: Street, browser: Browser, hand: Any) -> None:
    phone = await hand(browser, street.inspector())
    await phone.sign_in()
    await expect(phone.page.locator("nav.tab-bar a")).to_have_count(4)
    before = await phone.taps()
    await phone.page.get_by_role("link", name="上报", exact=True).click()
    await report(phone)
    assert await phone.taps() - before == 4
    await all_sent(phone)
    (sent,) = await phone.kept("sent")
    truth = await street.case(sent["told"]["receipt"]["case_id"])
    assert (truth["state"], truth["reporter_id"]) == ("reported", str(phone.member.person_id))
    assert truth["location"]["coordinates"] == pytest.approx(HERE, abs=0.001)
    (photo,) = truth["photos"]
    assert photo["usage"] == "report"
    assert hashlib.sha256(await street.photo(photo["id"])).hexdigest() == photo["sha256"]


async def test_several_are_reported_in_a_row_with_no_network(street: Street, chromium: Browser, hand: Any) -> None:
    phone = await hand(chromium, street.inspector())
    await phone.sign_in()
    await phone.page.get_by_role("link", name="上报", exact=True).click()
    await expect(phone.page.locator("input[name=class]").first).to_be_visible()
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        for count in (1, 2, 3):
            await report(phone)
            await expect(phone.page.locator(".pill")).to_contain_text(f"{count} 件待传")
        await phone.context.set_offline(False)
        await all_sent(phone)
    reported = {sent["told"]["receipt"]["case_id"] for sent in await phone.kept("sent")}
    assert len(reported) == 3
    assert phone.watch.written.count("PUT reports 201") == 3


async def test_fixed_on_the_spot_it_is_one_act(street: Street, browser: Browser, hand: Any) -> None:
    phone = await hand(browser, street.inspector())
    await phone.sign_in()
    await phone.page.get_by_role("link", name="上报", exact=True).click()
    await phone.photograph(PHOTOS / "drawn_garbage_before.jpg", "拍照上报")
    await phone.page.get_by_role("button", name="全部类别…").click()
    await phone.page.get_by_role("searchbox").fill("暴露垃圾")
    await phone.page.locator(".classes button").first.click()
    await phone.page.get_by_text("我已当场处理好").click()
    await phone.page.get_by_role("button", name="提交 · 已自行处置").click()
    await expect(phone.page.get_by_text("请再拍一张处置后照片").first).to_be_visible()
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍处置后")
    await phone.page.get_by_role("button", name="提交 · 已自行处置").click()
    await expect(phone.page.get_by_text("上报已存好").first).to_be_visible()
    await all_sent(phone)
    (sent,) = await phone.kept("sent")
    truth = await street.case(sent["told"]["receipt"]["case_id"])
    assert (truth["state"], done_to(truth)[-1]["kind"]) == ("closed", "self_handled")
    assert sorted(photo["usage"] for photo in truth["photos"]) == ["after", "before"]


async def test_what_is_in_hand_nearby_is_said_and_shown_with_no_network(
    street: Street, chromium: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit(), location={"type": "Point", "coordinates": AWAY})
    standing = {"longitude": AWAY[0], "latitude": AWAY[1], "accuracy": 8}
    phone = await hand(chromium, street.inspector(), geolocation=standing)
    await phone.sign_in()
    await phone.page.get_by_role("link", name="上报", exact=True).click()
    await expect(phone.page.locator(".known")).to_be_visible()
    await expect(phone.page.locator("label.chip").first).to_have_text("暴露垃圾")
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await phone.page.reload()
        await expect(phone.page.locator(".known")).to_contain_text("附近已有")
        # What is about here comes first among the classes.
        await expect(phone.page.locator("label.chip").first).to_have_text("暴露垃圾")
        await phone.page.get_by_role("link", name="看地图").click()
        await expect(phone.page.locator(".map .mark.known").first).to_be_visible()
        await phone.context.set_offline(False)
    # As much as a reporter needs to see, and no more.
    (kept,) = [row for row in await phone.kept("nearby") if row["id"] == case["id"]]
    assert sorted(kept) == ["id", "kind", "location", "major", "minor", "state"]


async def report(phone: Handset) -> None:
    await phone.photograph(PHOTOS / "drawn_garbage_before.jpg", "拍照上报")
    await phone.page.locator("label.chip").first.click()
    await phone.page.get_by_role("button", name="提交上报").click()
    await expect(phone.page.get_by_text("上报已存好").first).to_be_visible()
