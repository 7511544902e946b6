"""A bulletin on the desk: drafted, reworded, taken as a file, published; the leader reads it and changes nothing."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_a_supervisor_publishes_and_the_leader_reads(street: Street, chromium: Browser, seat: Any) -> None:
    desk = await seat(chromium, street.one("supervisor"))
    page = desk.page
    await desk.sign_in("bulletins")
    await expect(page.locator(".issues .empty, .issues li").first).to_be_visible()
    await desk.press("n")
    dialog = page.get_by_role("dialog", name="起草通报")
    await expect(dialog.get_by_label("哪一种")).to_have_value("week")
    await dialog.get_by_role("button", name="起草通报").click()
    paper = page.locator(".paper")
    await expect(paper.locator("h2")).to_have_text("宛城区数字化城市管理周通报")
    await expect(paper.locator(".issue")).to_have_text("草稿")
    await expect(paper.get_by_role("table", name="总体情况")).to_contain_text("结案率")
    await page.get_by_role("button", name="改写 一、总体情况").click()
    words = paper.get_by_role("textbox", name="一、总体情况")
    await expect(words).to_be_focused()
    await words.fill("本周总体平稳。")
    await paper.get_by_role("button", name="保存").click()
    await expect(paper).to_contain_text("本周总体平稳。")
    await expect(paper.get_by_text("已改写")).to_be_visible()
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="DOCX").click()
    assert (await coming.value).suggested_filename == "宛城区数字化城市管理周通报草稿.docx"
    await page.get_by_role("button", name="签发").click()
    asked = page.get_by_role("dialog", name="签发")
    await asked.get_by_role("button", name="签发").click()
    await expect(paper.locator(".issue")).to_contain_text("年第1期")
    await expect(page.get_by_role("button", name="签发")).to_have_count(0)

    other = await seat(chromium, street.one("leader"))
    await other.sign_in("bulletins")
    await other.page.locator(".issues a").first.click()
    await expect(other.page.locator(".paper")).to_contain_text("本周总体平稳。")
    await expect(other.page.get_by_role("link", name="PDF")).to_be_visible()
    for name in ("改写", "签发", "起草通报", "重新统计"):
        await expect(other.page.get_by_role("button", name=name)).to_have_count(0)
