"""The engine of iPhones, as Debian has it: the app is loaded, opened with the server dead, a case closed, and sent."""

import pytest

from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import photos_held
from tests.browser.webkit import a_webkit

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_closed_while_the_server_is_dead(street: Street) -> None:
    case = await street.dispatch(street.unit())
    card = f"a[href='#/c/{case['id']}']"
    async with a_webkit(street.demo.base_url) as phone:
        await phone.goto("/")
        await phone.sign_in(street.handler_of(case))
        await phone.there(card)
        await phone.ready_for_no_network()
        async with street.server_dead():
            await phone.goto("/")
            await phone.there(card)
            await phone.goto(f"/c/{case['id']}")
            await phone.says("暴露垃圾")
            # It keeps the page before as it stood, in whatever its database was at.
            await phone.back()
            await phone.there(card)
            await phone.goto(f"/c/{case['id']}")
            await phone.says("怎样算办好")
            await phone.photograph(PHOTOS / "drawn_garbage_after.jpg")
            await phone.tap(".closing button.primary.wide")
            await phone.says("已处置 · 待上传 1 张")
            # From the phone's own disk, not from what the page remembers.
            await phone.goto(f"/c/{case['id']}")
            await phone.says("已处置 · 待上传 1 张")
        await phone.goto("/#/outbox")
        await phone.says("没有待传的东西")
        truth = await street.case(case["id"])
        assert truth["state"] == "handled"
        assert [line["kind"] for line in truth["journal"]].count("handled") == 1
        await photos_held(street, phone, truth, 1)
        assert await phone.faults() == []
