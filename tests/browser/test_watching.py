"""The watch over every browser test hears what it is there for."""

import contextlib

import pytest
from playwright.async_api import Browser, Error

from tests.browser.handset import a_handset
from tests.browser.street import Street

pytestmark = pytest.mark.asyncio(loop_scope="package")
FAULTS = {
    "console: somebody said so": "console.error('somebody said so')",
    "thrown: .*nobody caught it": "setTimeout(() => { throw new Error('nobody caught it') })",
    "policy: script-src": "document.head.append(Object.assign(document.createElement('script'), {text: '0'}))",
    "policy: img-src": "new Image().src = 'https://tiles.example/1.png'",
    "policy: connect-src": "fetch('https://elsewhere.example/').catch(() => 0)",
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_fails_the_run(street: Street, browser: Browser, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        await look(street, browser, f"() => {{ {FAULTS[fault]} }}")


async def test_a_foreign_host_fails_the_run(street: Street, browser: Browser) -> None:
    with pytest.raises(AssertionError, match=r"foreign: https://elsewhere\.example"):
        await look(street, browser, "() => 0", "https://elsewhere.example/")


async def look(street: Street, browser: Browser, script: str, *elsewhere: str) -> None:
    """Open the phone app, run this in it, then go to those addresses, where nobody answers."""
    async with a_handset(browser, street.demo.base_url, street.demo.people[0]) as phone:
        await phone.page.goto("/")
        await phone.page.evaluate(script)
        await phone.page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
        for address in elsewhere:
            await phone.context.route(address, lambda route: route.abort())
            with contextlib.suppress(Error):
                await phone.page.goto(address)
