"""The desk's frame: who gets in, what he sees there, languages, keys, a session that ends."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_supervisor_signs_in_and_out(street: Street, browser: Browser, seat: Any) -> None:
    desk = await seat(browser, street.one("supervisor"))
    await desk.sign_in()
    await expect(desk.page).to_have_title("复核 · 末梢")
    await expect(desk.page.locator(".contact")).to_have_text("实时")
    await desk.page.reload()
    await desk.page.locator("summary").click()
    await desk.page.get_by_role("button", name="退出登录").click()
    await expect(desk.page.get_by_label("密码")).to_be_visible()
    await desk.page.reload()
    await expect(desk.page.get_by_label("密码")).to_be_visible()


@pytest.mark.parametrize("role", ["handler", "inspector", "crew_leader"])
async def test_who_works_outside_is_told_so(street: Street, chromium: Browser, seat: Any, role: str) -> None:
    desk = await seat(chromium, street.one(role))
    await desk.page.goto("/desk/")
    await desk.page.get_by_label("工号").fill(desk.member.staff_no)
    await desk.page.get_by_label("密码").fill(desk.member.password)
    await desk.press("Enter")
    await expect(desk.page.get_by_role("alert")).to_contain_text("您的工作在手机上")
    assert await desk.context.cookies() == []


async def test_a_wrong_password_is_answered_in_a_sentence(street: Street, chromium: Browser, seat: Any) -> None:
    desk = await seat(chromium, street.one("supervisor"))
    with desk.watch.server_away():
        await desk.page.goto("/desk/")
        await desk.page.get_by_role("button", name="登录").click()
        await expect(desk.page.get_by_role("alert")).to_have_text("请填写工号")
        await desk.page.get_by_label("工号").fill(desk.member.staff_no)
        await desk.page.get_by_label("密码").fill("wrong")
        await desk.press("Enter")
        await expect(desk.page.get_by_role("alert")).to_have_text("工号或密码不对")


async def test_a_session_that_ends_asks_again_and_goes_on(street: Street, chromium: Browser, seat: Any) -> None:
    desk = await seat(chromium, street.one("supervisor"))
    await desk.sign_in("board?state=assigned")
    with desk.watch.server_away():
        await desk.context.clear_cookies()
        await street.dispatch(street.unit())
        await expect(desk.page.get_by_role("status").filter(has_text="登录已失效，请重新登录")).to_be_visible()
        await desk.page.get_by_label("工号").fill(desk.member.staff_no)
        await desk.page.get_by_label("密码").fill(desk.member.password)
        await desk.press("Enter")
    await expect(desk.page).to_have_url(f"{street.demo.base_url}/desk/#/board?state=assigned")
    await expect(desk.page.locator(".line").first).to_be_visible()


async def test_it_speaks_both_languages(street: Street, chromium: Browser, seat: Any) -> None:
    desk = await seat(chromium, street.one("supervisor"))
    await desk.page.goto("/desk/")
    await desk.page.get_by_role("button", name="English").click()
    await expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    await desk.sign_in()
    await expect(desk.page).to_have_title("Review · Moshao")
    await desk.press("?")
    await expect(desk.page.get_by_role("dialog", name="Keyboard")).to_contain_text("Everywhere")
    await desk.press("Escape")
    await expect(desk.page.get_by_role("dialog")).to_have_count(0)


async def test_a_phone_loads_nothing_of_it(street: Street, chromium: Browser, seat: Any) -> None:
    phone = await seat(chromium, street.one("handler"))
    asked: list[str] = []
    phone.context.on("request", lambda request: asked.append(request.url))
    await phone.page.goto("/")
    await phone.page.evaluate("navigator.serviceWorker.ready")
    assert asked
    assert not [url for url in asked if "/desk" in url]
