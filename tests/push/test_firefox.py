"""Real Firefox, its push service on loopback: shown, tapped with the server dead, and brought after its start."""

from pathlib import Path

import pytest

from tests.browser.street import Street
from tests.push.fates import fates_of, until
from tests.push.firefox import Firefox, a_firefox, with_the_bell_on
from tests.push.mozilla import Mozilla

pytestmark = pytest.mark.asyncio(loop_scope="package")
KNOWN = """new Promise((resolve) => {
    const opening = indexedDB.open('moshao')
    opening.onsuccess = () => {
        const asked = opening.result.transaction(['cases']).objectStore('cases').get(arguments[0])
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result !== undefined) }
    }
})"""


async def test_a_case_from_above_rings_and_a_tap_opens_it(
    street: Street, mozilla_service: Mozilla, tmp_path: Path
) -> None:
    case = await street.dispatch(street.unit())
    member, profile = street.handler_of(case), tmp_path / "profile"
    async with a_firefox(profile, mozilla_service.websocket_url) as firefox:
        await with_the_bell_on(street, firefox, member)
        await firefox.goto("about:blank")
        rung = (await street.dispatch_to(member, address="光武路 31 号", urgency="urgent"))["id"]
        alert = await firefox.alert()
        assert "新案件：暴露垃圾" in alert.title
        assert "光武路 31 号" in alert.text
        await heard(street, rung, "shown")
        # A page of the same origin that is none of the app's; JSON is shown by a page of Firefox' own.
        await firefox.goto(f"{street.demo.base_url}/icons/badge-96.png")
        await firefox.until_in_page(KNOWN, rung)
        await firefox.goto("about:blank")
        async with street.server_dead():
            await firefox.click_alert()
            await until(lambda: is_open(firefox, rung))
        await firefox.quit()
    await mozilla_service.browsers(0)
    late = (await street.dispatch_to(member, address="光武路 32 号", urgency="urgent"))["id"]
    await heard(street, late, "sent")
    async with a_firefox(profile, mozilla_service.websocket_url) as firefox:
        alert = await firefox.alert()
        assert "光武路 32 号" in alert.text
        await heard(street, late, "shown")


async def is_open(firefox: Firefox, case_id: str) -> bool:
    return any(page.endswith((f"/#/c/{case_id}", f"/c/{case_id}")) for page in await firefox.pages())


async def heard(street: Street, case_id: str, fate: str) -> None:
    """Returns when the server knows that of a push about this case."""

    async def known() -> bool:
        return fate in await fates_of(street.database_url, case_id)

    await until(known)
