"""五定 at the desk: a hole in the roster is found and drawn, a faulty sheet names its rows."""

from typing import Any

import pytest
from playwright.async_api import Browser, Route, expect

from moshao.kit import ids
from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")

SHEET = """工号,姓名,角色,单位编码
{first},表格一,处置人员,{unit}
roster-2,表格二,皇帝,{unit}
"""


async def test_a_hole_is_found_and_drawn(street: Street, chromium: Browser, seat: Any) -> None:
    """A unit without any duty is one hole of 168 hours, and all of its ground is marked."""
    desk = await seat(chromium, street.one("admin"))
    await desk.sign_in("roster")
    await expect(desk.page.locator(".units li").first).to_be_visible()
    await expect(desk.page.locator(".week table button")).to_have_count(168)
    unit_id, operator = ids.new_id(), street.one("unit_operator")
    unit = {"name": "缺口社区", "code": ids.new_secret(8), "kind": "community", "parent_id": str(operator.unit_id)}
    put = await desk.page.request.put(
        f"/api/units/{unit_id}", data=unit, headers={"Origin": street.demo.base_url, "Sec-Fetch-Site": "same-origin"}
    )
    assert put.status == 201, await put.text()
    await desk.page.reload()
    await desk.page.get_by_role("button", name="缺口社区 缺 168 小时").click()
    await expect(desk.page.locator(".week td > button.hole")).to_have_count(168)
    await expect(desk.page.locator(".holes li")).to_have_text("网格 其余各处 · 类别 其余各类")
    await expect(desk.page.get_by_role("img", name="标出 1 片")).to_be_visible()
    await expect(desk.page.locator(".holes-map canvas").first).to_be_attached()


async def test_a_faulty_sheet_names_its_rows(street: Street, chromium: Browser, seat: Any) -> None:
    desk = await seat(chromium, street.one("admin"))
    await desk.sign_in("roster?view=duties")
    await desk.page.get_by_role("button", name="导入表格").click()
    sheet = SHEET.format(unit=street.one("unit_operator").unit_code, first=ids.new_secret(8))
    file = {"name": "roster.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    await desk.page.locator("input[type=file]").set_input_files(file)
    await expect(desk.page.locator(".faults tbody tr")).to_have_count(1)
    await expect(desk.page.locator(".faults tbody tr")).to_contain_text("角色")
    await desk.page.get_by_role("button", name="导入 1 行").click()
    await expect(desk.page.locator(".counts")).to_contain_text("已导入")


async def test_a_lost_answer_makes_no_second_absence(street: Street, chromium: Browser, seat: Any) -> None:
    desk, asked = await seat(chromium, street.one("admin")), []

    async def lost_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            await route.continue_()
            return
        assert (await route.fetch()).ok
        await route.abort()

    await desk.sign_in(f"roster?view=absences&unit={street.one('unit_operator').unit_id}")
    await desk.page.route("**/api/absences/*", lost_once)
    await desk.page.get_by_label("谁休息").select_option(index=0)
    save, trouble = desk.page.get_by_role("button", name="保存"), desk.page.locator(".away .trouble")
    with desk.watch.server_away():
        await save.click()
        await expect(trouble).not_to_be_empty()
    await save.click()
    await expect(desk.page.locator(".roster-rows tbody tr")).to_have_count(1)
    assert len(set(asked)) == 1
