"""Whom the bell did not reach, as the desk has them before it: called by hand, and said so."""

from typing import Any
from uuid import UUID

import pytest
from playwright.async_api import Browser, expect

from moshao.kit.databases import open_database
from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def climbed_to_the_top(database_url: str, case_id: str) -> None:
    """As the ladder leaves it when its last step has passed."""
    db = await open_database(database_url)
    try:
        ended = "UPDATE alerts SET state = 'unreached', next_step = NULL, next_at = NULL WHERE case_id = ? AND kind = ?"
        await db.write(lambda tx: tx.run(ended, UUID(case_id), "assigned"))
    finally:
        await db.close()


async def test_who_was_not_reached_is_called_from_the_desk(street: Street, chromium: Browser, seat: Any) -> None:
    case = await street.dispatch(street.unit())
    desk = await seat(chromium, street.one("supervisor"))
    await desk.sign_in(f"case/{case['id']}")
    await desk.page.get_by_role("link", name="响铃记录").click()
    await expect(desk.page.locator(".fates tbody tr").first).to_be_visible()
    await climbed_to_the_top(street.database_url, case["id"])
    await desk.open("calls")
    entry = desk.page.locator(".calls > ul > li").filter(has=desk.page.locator(f"a[href$='{case['id']}']"))
    await expect(entry).to_contain_text("新案件")
    await expect(desk.page.locator(".rail .count")).to_be_visible()
    handler = street.handler_of(case)
    await entry.get_by_role("button", name=f"已电话通知{handler.name}").click()
    await expect(desk.page.get_by_text(f"已记下：电话通知了{handler.name}")).to_be_visible()
    await expect(entry).to_have_count(0)
    called = [line for line in (await street.case(case["id"]))["journal"] if line["kind"] == "called"]
    assert len(called) == 1
