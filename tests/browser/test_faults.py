"""What goes wrong in the street, and the sentence that says so on the screen: nothing is lost by any of it."""

import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, Request, Route, expect

from tests.browser.handset import Handset
from tests.browser.street import PHOTOS, Street, done_to
from tests.browser.test_closing import all_sent, photos_held

pytestmark = pytest.mark.asyncio(loop_scope="package")
TUS = {"Tus-Resumable": "1.0.0"}
PROXY_MOST = 40_000
TOO_LARGE = "文件太大：照片不超过 20 MB，语音不超过 2 MB"
KEPT = "案件已变动，您的处置已留存，由督查员查看"


async def test_what_the_network_and_the_server_say_stands_on_the_screen(
    street: Street, chromium: Browser, hand: Any
) -> None:
    cases = await street.given_to_one(street.unit(), 3)
    broken, refused, _plain = cases
    phone = await his_phone(street, hand, chromium, cases)
    page = phone.page
    failing = problem("internal", 500, "服务器出错了", retry=True)
    too_large = problem("upload_too_large", 413, TOO_LARGE, retry=False)
    portal = {"status": 200, "content_type": "text/html", "body": "<html>Welcome to the free network</html>"}
    with phone.watch.server_away():
        async with (
            instead(phone, f"/{broken['id']}/closures/", failing),
            instead(phone, "/api/uploads", too_large, of_case=refused["id"]),
        ):
            async with instead(phone, "/api/", portal):
                async with phone.no_network():
                    for case in cases:
                        await closed_here(phone, case)
                    await page.goto("/#/outbox")
                    await expect(page.get_by_text("网络不通").first).to_be_visible()
                await page.get_by_role("button", name="现在就传").click()
                await expect(page.get_by_text("这个网络要先登录才能上网").first).to_be_visible()
                # The session is over as well: the key opens another, and nobody is asked.
                await phone.context.clear_cookies()
            await page.get_by_role("button", name="现在就传").click()
            await expect(page.locator("li.alarm-card")).to_contain_text(TOO_LARGE)
            await expect(page.locator("li.card:not(.alarm-card)")).to_have_count(1)
            await expect(page.locator("li.card:not(.alarm-card)")).to_contain_text("后自动再试")
            await expect(page.get_by_text("网络不通")).to_have_count(0)
        await page.get_by_role("button", name="再传一次").click()
        await all_sent(phone)
    for case in cases:
        await handled_once(street, phone, case)


async def test_what_others_did_meanwhile_is_said_and_his_work_is_kept(
    street: Street, chromium: Browser, hand: Any
) -> None:
    cases = await street.given_to_one(street.unit(), 3)
    recalled, given_away, closed = cases
    phone = await his_phone(street, hand, chromium, cases)
    with phone.watch.server_away():
        async with phone.no_network():
            for case in cases:
                await closed_here(phone, case)
            await street.tell("cancelled", recalled["id"])
            await street.take_back(given_away["id"])
            await street.handle(closed)
        await all_sent(phone)
    await expect(phone.page.get_by_text(KEPT)).to_have_count(3)
    for case in cases:
        truth = await street.case(case["id"])
        assert [line["kind"] for line in done_to(truth)].count("kept") == 1
    assert [line["kind"] for line in done_to(await street.case(closed["id"]))].count("handled") == 1


async def test_a_proxy_that_lets_no_large_body_through_gets_small_ones(
    street: Street, chromium: Browser, hand: Any
) -> None:
    cases = await street.given_to_one(street.unit(), 1)
    phone = await his_phone(street, hand, chromium, cases)
    refused: list[int] = []

    async def say(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        if len(body) <= PROXY_MOST:
            await route.fallback()
            return
        refused.append(len(body))
        await route.fulfill(status=413, content_type="text/html", body="<h1>413 Request Entity Too Large</h1>")

    with phone.watch.server_away():
        await phone.context.route("**/api/uploads**", say)
        await closed_here(phone, cases[0])
        await all_sent(phone)
    assert len(refused) == 1
    await handled_once(street, phone, cases[0])


async def his_phone(street: Street, hand: Any, browser: Browser, cases: list[dict[str, Any]]) -> Handset:
    phone: Handset = await hand(browser, street.handler_of(cases[0]))
    await phone.sign_in()
    for case in cases:
        await expect(phone.card(case["id"])).to_be_visible()
    return phone


async def closed_here(phone: Handset, case: dict[str, Any]) -> None:
    await phone.page.goto(f"/#/c/{case['id']}")
    await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
    await phone.submit()
    await expect(phone.page.locator(".done-bar")).to_be_visible()


async def handled_once(street: Street, phone: Handset, case: dict[str, Any]) -> None:
    truth = await street.case(case["id"])
    assert [line["kind"] for line in truth["journal"]].count("handled") == 1
    await photos_held(street, phone, truth, 1)


@asynccontextmanager
async def instead(phone: Handset, path: str, answer: dict[str, Any], *, of_case: str = "") -> AsyncIterator[None]:
    """Meanwhile writing below this path is answered so; of uploads those for this case."""
    where, mark = re.compile(re.escape(path)), b64encode(of_case.encode()).decode()

    def is_meant(request: Request) -> bool:
        return not of_case or f"case_id {mark}" in request.headers.get("upload-metadata", "")

    async def say(route: Route) -> None:
        await (route.fulfill(**answer) if is_meant(route.request) else route.fallback())

    await phone.context.route(where, say)
    yield
    await phone.context.unroute(where, say)


def problem(code: str, status: int, title: str, *, retry: bool) -> dict[str, Any]:
    body = json.dumps({"code": code, "status": status, "title": title, "retry": retry})
    return {"status": status, "headers": TUS | {"Content-Type": "application/problem+json"}, "body": body}
