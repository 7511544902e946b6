"""Firefox with a profile of its own, which can be quit and started again: its push subscriptions and its alerts."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from tests.commands import free_port
from tests.push.marionette import Marionette, Refused

STARTING_SECONDS = 120
OPENED = """
    const deadline = Date.now() + arguments[0] * 1000
    for (;;) {
        for (const window of Services.wm.getEnumerator('alert:alert')) {
            const title = window.document.getElementById('alertTitleLabel')?.getAttribute('value')
            const text = window.document.getElementById('alertTextLabel')?.textContent
            if (title && window.document.readyState === 'complete') return { title, text, at: Date.now() }
        }
        if (Date.now() > deadline) throw new Error('no alert came')
        await new Promise((resolve) => setTimeout(resolve, 10))
    }
"""
CLICK = """
    for (const window of Services.wm.getEnumerator('alert:alert')) {
        window.document.getElementById('alertBox').click()
        return
    }
    throw new Error('no alert to click')
"""


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

    async def alert(self, seconds: float = 60) -> Alert:
        """The notification on the screen, once there is one."""
        return msgspec.convert(await self._marionette.in_browser(OPENED, seconds), Alert)

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
