"""The case page: from the board to the whole case, an act with words, taken back and done, an order of the leader's."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_the_board_leads_to_the_case_and_its_acts(street: Street, chromium: Browser, seat: Any) -> None:
    case = await street.dispatch(street.unit(), title="井盖松动", address="独山大道 9 号")
    await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("supervisor"))
    page = desk.page
    await desk.sign_in("board")
    # The district has those of other tests, too; a long board draws its lines piece by piece.
    await expect(page.locator(".line").nth(1)).to_be_visible()
    await desk.press("/")
    await page.keyboard.type("独山大道")
    await expect(page.locator(".line")).to_have_count(1)
    await page.reload()
    await expect(page.locator(".line")).to_have_count(1)
    await page.get_by_role("link", name="井盖松动").click()
    await expect(page.locator(".facts")).to_contain_text(case["case_no"])
    await expect(page.locator(".steps")).to_contain_text("上级派来")
    await desk.press("u")
    await page.keyboard.type("请尽快处置")
    await page.get_by_role("button", name="催办", exact=True).click()
    await expect(page.locator(".tray")).to_contain_text("催办")
    await desk.press("z")
    await expect(page.locator(".tray")).to_have_count(0)
    await desk.press("d")
    await page.keyboard.type("今日办结并答复")
    await page.get_by_role("button", name="督办", exact=True).click()
    await expect(page.locator(".steps")).to_contain_text("今日办结并答复", timeout=60_000)
    truth = await street.case(case["id"])
    assert "supervised" in truth["flags"]
    assert "urged" not in truth["flags"]
    await page.emulate_media(media="print")
    await expect(page.locator(".sheet table")).to_contain_text(case["case_no"])
    await expect(page.locator(".case-page > .scene")).to_be_hidden()
    await page.emulate_media(media="screen")
    await page.locator("header button", has_text="返回").click()
    await expect(page.locator(".line")).to_have_count(1)


async def test_a_leader_reads_and_orders(street: Street, chromium: Browser, seat: Any) -> None:
    case = await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("leader"))
    await desk.sign_in("board")
    await desk.open(f"case/{case['id']}")
    acts = desk.page.locator(".verdicts button")
    await expect(acts).to_have_count(1)
    await expect(acts).to_contain_text("督办")


async def test_another_units_case_is_not_there(street: Street, chromium: Browser, seat: Any) -> None:
    case = await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("unit_operator", street.unit()))
    await desk.sign_in("board")
    with desk.watch.server_away():
        await desk.open(f"case/{case['id']}")
        await expect(desk.page.get_by_text("没有这个案件，或者不归您看")).to_be_visible()
