"""A crew leader's people: who stands in, who hands over, what is asked, whose phone is paired; and his whole day."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from moshao.kit import clock, ids
from moshao.kit.qr import Qr, qr_of
from tests.browser.office import Office
from tests.browser.street import Street
from tests.browser.test_closing import all_sent
from tests.pages import as_png, codes_on, drawn, drawn_pages

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_whole_day_of_a_crew_leader(street: Street, browser: Browser, hand: Any) -> None:
    unit = street.unit()
    given = [await street.dispatch(unit) for _ in range(4)]
    for case in given:
        await street.take_back(case["id"])
    phone = await hand(browser, street.leader_of(unit))
    await phone.sign_in()
    # The morning: all of them to whoever has the least in hand.
    await phone.page.goto("/#/lead")
    await expect(phone.page.get_by_role("button", name="待指派 4")).to_be_visible()
    await phone.page.get_by_label("全选").check()
    await phone.page.get_by_role("button", name="指派 4 件").click()
    name = await phone.page.locator("button.worker strong").first.inner_text()
    await phone.page.locator("button.worker").first.click()
    await all_sent(phone)
    # 「今天老张休息, 老刘顶」, in two taps.
    await phone.page.goto("/#/crew")
    rest = phone.page.get_by_role("button", name=f"{name} 今天休息")
    await expect(rest).to_be_visible()
    before = await phone.taps()
    await rest.click()
    stand_in = await phone.page.locator(".van-popup:visible button.worker strong").first.inner_text()
    await phone.page.locator(".van-popup:visible button.worker").first.click()
    assert await phone.taps() - before == 2
    await expect(phone.page.get_by_text(f"休息 · {stand_in} 顶")).to_be_visible()
    for case in given:
        assert (await street.case(case["id"]))["handler"]["name"] == stand_in
    # One of his people asks for more time: passed on.
    asked = await street.case(given[0]["id"])
    worker = await street.client(street.handler_of(asked), bound=True)
    told = {"done_at": clock.now().isoformat(), "place": None, "no_place_reason": "no_fix", "reason": "等材料"}
    await worker.act(asked["id"], "extensions", ids.new_id(), told)
    await phone.page.goto("/#/lead")
    await phone.page.get_by_role("button", name="申请 1").click()
    await expect(phone.page.get_by_text("等材料")).to_be_visible()
    await phone.page.get_by_label("全选").check()
    await phone.page.get_by_role("button", name="转交上级 1 件").click()
    await all_sent(phone)
    (request,) = (await street.case(asked["id"]))["requests"]
    assert request["state"] == "forwarded"
    # What was done is looked at.
    await street.handle(await street.case(given[1]["id"]))
    await phone.page.goto("/#/lead")
    await phone.page.get_by_role("button", name="待审核 1").click()
    await phone.page.get_by_label("全选").check()
    await phone.page.get_by_role("button", name="通过 1 件").click()
    await all_sent(phone)
    assert (await street.case(given[1]["id"]))["state"] == "feedback"
    # The evening: the stand-in's open cases go to whoever is there.
    await phone.page.goto("/#/crew")
    his = phone.page.locator("li.member", has=phone.page.get_by_role("button", name=f"{stand_in} 今天休息"))
    await his.filter(has_text="手上 3 件").locator(".about").click()
    await phone.page.get_by_role("button", name="交接手上的案件").click()
    await phone.page.get_by_role("button", name="当班的人分担").click()
    await all_sent(phone)
    for case in (given[2], given[3]):
        assert (await street.case(case["id"]))["handler"]["id"] != asked["handler"]["id"]


async def test_a_leader_pairs_a_phone_from_his_own(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    office = Office(street, unit)
    member = office.people[0]
    leader, fresh = await hand(chromium, street.leader_of(unit)), await hand(chromium, member)
    await leader.sign_in()
    await leader.page.goto("/#/crew")
    await leader.page.locator(".member .about", has_text=member.name).first.click()
    await leader.page.get_by_role("button", name="配对手机", exact=True).click()
    await expect(leader.page.get_by_text("还有 9:")).to_be_visible()
    code = await leader.page.locator("p.code").inner_text()
    staff_no = (await leader.page.locator("p.center").inner_text()).split(" ")[1]
    path = str(await leader.page.locator("svg.qr path").get_attribute("d"))
    size = int(str(await leader.page.locator("svg.qr").get_attribute("viewBox")).split(" ")[2]) - 8
    (link,) = codes_on(drawn(Qr(size=size, path=path)))
    assert code in link
    assert staff_no in link
    # The new phone reads it off a picture, where there is no camera to open.
    picture = as_png(drawn(qr_of(link)))
    await fresh.page.goto("/")
    await fresh.page.get_by_role("button", name="扫码").click()
    await fresh.page.locator("label.photo input").set_input_files(
        [{"name": "code.png", "mimeType": "image/png", "buffer": picture}]
    )
    await expect(fresh.page.locator("input[name=code]")).to_have_value(code)
    await expect(fresh.page.locator("input[name=username]")).to_have_value(staff_no)
    who = next(one for one in office.people if one.staff_no == staff_no)
    await fresh.page.locator("input[name=password]").fill(who.password)
    await fresh.page.locator("button[type=submit]").click()
    await expect(fresh.page.locator("nav.tab-bar")).to_be_visible()


async def test_sheets_for_all_who_have_no_phone(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    phone = await hand(chromium, street.leader_of(unit))
    await phone.sign_in()
    await phone.page.goto("/#/crew")
    await phone.page.get_by_role("button", name="打印配对单").click()
    async with phone.page.expect_download() as download:
        await phone.page.get_by_role("button", name="生成 4 张").click()
    pdf = await (await download.value).path()
    assert [len(codes_on(page)) for page in drawn_pages(pdf.read_bytes())] == [4]
