"""Firefox with a profile of its own, which can be quit and started again: its push subscriptions and its alerts."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from moshao.operate.demo_file import Member
from tests.browser.street import Street
from tests.commands import free_port
from tests.push.marionette import Marionette, Refused

STARTING_SECONDS = 120
OPENED = """
    const deadline = Date.now() + arguments[0] * 1000
    for (;;) {
        for (const window of Services.wm.getEnumerator('alert:alert')) {
            const title = window.document.getElementById('alertTitleLabel')?.getAttribute('value')
            const text = window.document.getElementById('alertTextLabel')?.textContent
            const is_drawn = title && window.document.readyState === 'complete'
            if (is_drawn && text?.includes(arguments[1])) return { title, text, at: Date.now() }
        }
        if (Date.now() > deadline) throw new Error('no alert came')
        await new Promise((resolve) => setTimeout(resolve, 10))
    }
"""
# Only some stand on the screen at once, the others wait.
CLOSE = """
    for (const window of Services.wm.getEnumerator('alert:alert')) window.close()
"""
CLICK = """
    for (const window of Services.wm.getEnumerator('alert:alert')) {
        window.document.getElementById('alertBox').click()
        return
    }
    throw new Error('no alert to click')
"""


FILL = """
    for (const [name, value] of Object.entries(arguments[0])) {
        const field = document.querySelector(`input[name=${name}]`)
        field.value = value
        field.dispatchEvent(new Event('input', { bubbles: true }))
    }
    document.querySelector('button[type=submit]').click()
"""
PRESS = """
    const button = [...document.querySelectorAll('button')].find((one) => one.innerText.includes(arguments[0]))
    button?.click()
    return button !== undefined
"""
SAYS = "document.body?.innerText.includes(arguments[0])"
READY = "document.querySelector('input[name=password]') !== null"


class Alert(msgspec.Struct, frozen=True):
    """`at`: when it stood on the screen, ms since 1970."""

    title: str
    text: str
    at: float


class Firefox:
    """A running Firefox, with one page; `a_firefox`."""

    def __init__(self, process: asyncio.subprocess.Process, marionette: Marionette) -> None:
        self._process = process
        self._marionette = marionette
        self.goto = marionette.goto
        self.in_page = marionette.in_page

    async def alert(self, seconds: float = 60, saying: str = "") -> Alert:
        """The notification on the screen, once there is one with these words."""
        return msgspec.convert(await self._marionette.in_browser(OPENED, seconds, saying), Alert)

    async def close_alerts(self) -> None:
        await self._marionette.in_browser(CLOSE)

    async def click_alert(self) -> None:
        await self._marionette.in_browser(CLICK)

    async def pages(self) -> list[str]:
        """The addresses of all tabs."""
        script = "return gBrowser.browsers.map((browser) => browser.currentURI.spec)"
        found: list[str] = await self._marionette.in_browser(script)
        return found

    async def quit(self) -> None:
        await self._marionette.quit()
        async with asyncio.timeout(STARTING_SECONDS):
            await self._process.wait()

    async def until_in_page(self, script: str, *args: Any, seconds: float = 60) -> Any:
        """What the expression answers once it is true; a page being loaded meanwhile is looked at again."""
        async with asyncio.timeout(seconds):
            while True:
                try:
                    if found := await self.in_page(_POLLED.format(script=script), *args):
                        return found
                except Refused as fault:
                    if "unload" not in str(fault) and "Javascript" not in str(fault):
                        raise


_POLLED = """
    for (let n = 0; n < 50; n++) {{
        const found = await ({script})
        if (found) return found
        await new Promise((resolve) => setTimeout(resolve, 20))
    }}
"""


@asynccontextmanager
async def a_firefox(profile: Path, push_url: str) -> AsyncIterator[Firefox]:
    """Its push service is at `push_url`. Whatever runs at the end of the block is killed; the profile stays."""
    port = free_port()
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "user.js").write_text(_preferences(push_url, port))
    program = shutil.which("firefox-esr")
    assert program, "firefox-esr is not there: bin/test installs it where it is root"
    process = await asyncio.create_subprocess_exec(
        program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
        "--profile", str(profile), "about:blank",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        marionette = await _connected(process, port)
        try:
            yield Firefox(process, marionette)
        finally:
            await marionette.close()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def with_the_bell_on(street: Street, firefox: Firefox, member: Member) -> None:
    """He pairs this browser, signs in and switches the bell on."""
    await firefox.goto(f"{street.demo.base_url}/")
    await firefox.until_in_page(READY)
    said = {"username": member.staff_no, "code": member.pairing_codes[0], "password": member.password}
    await firefox.in_page(FILL, said)
    await firefox.until_in_page("document.querySelector('nav.tab-bar') !== null")
    await firefox.in_page("await navigator.serviceWorker.ready")
    await firefox.goto(f"{street.demo.base_url}/#/bell")
    # Between a look and the press the page may draw itself anew.
    async with asyncio.timeout(60):
        while not await firefox.in_page(PRESS, "打开提醒"):
            await firefox.until_in_page(SAYS, "打开提醒")
    await firefox.until_in_page(SAYS, "提醒已打开")


async def _connected(process: asyncio.subprocess.Process, port: int) -> Marionette:
    """Once it listens."""
    async with asyncio.timeout(STARTING_SECONDS):
        while True:
            assert process.returncode is None, f"Firefox ended with {process.returncode}"
            try:
                return await Marionette.at(*await asyncio.open_connection("127.0.0.1", port))
            except ConnectionError:
                await asyncio.sleep(0.05)


def _preferences(push_url: str, port: int) -> str:
    values: dict[str, Any] = {
        "marionette.port": port,
        "dom.push.serverURL": push_url,
        "dom.push.testing.allowInsecureServerURL": True,
        "dom.push.connection.enabled": True,
        "permissions.default.desktop-notification": 1,
        "permissions.default.geo": 2,
        # Its own alert windows, not the desktop's: those can be clicked from within.
        "alerts.useSystemBackend": False,
        "dom.webnotifications.disable_open_click_delay": 60_000,
        "browser.link.open_newwindow": 3,
        "browser.startup.page": 0,
        "browser.shell.checkDefaultBrowser": False,
        "browser.sessionstore.resume_from_crash": False,
        "intl.accept_languages": "zh-CN",
        "app.update.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "toolkit.telemetry.reportingpolicy.firstRun": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
    }
    return "\n".join(f"user_pref({_js(name)}, {_js(value)});" for name, value in values.items())


def _js(value: object) -> str:
    return msgspec.json.encode(value).decode()
