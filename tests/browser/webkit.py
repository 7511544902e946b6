"""WebKitGTK's MiniBrowser by its own WebDriver, on a screen nobody sees: the nearest thing here to an iPhone."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import msgspec

from moshao.operate.demo_file import Member
from tests.browser.browsers import program
from tests.commands import free_port

SECONDS = 120
DRIVER = "WebKitWebDriver"
SCREEN = "412x915x24"
# Where WebDriver puts what a page's element is known by.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
# As `bin/test` finds it: the folder is named after the machine and the library's version.
BROWSERS = "usr/lib/*/webkit2gtk-4.*/MiniBrowser"
# A page that is being left answers nothing any more: the test asks it again.
LEAVING = ("javascript error", "no such window", "stale element reference")
SAYS = "return document.body !== null && document.body.innerText.includes(arguments[0])"
THERE = "return document.querySelector(arguments[0]) !== null"
FAULTS = "return window.faults ?? []"
WATCH = """
    window.faults = []
    addEventListener('error', (event) => window.faults.push(String(event.message)))
    addEventListener('unhandledrejection', (event) => window.faults.push(String(event.reason)))
    addEventListener('securitypolicyviolation', (event) => window.faults.push(`policy: ${event.violatedDirective}`))
"""
KEPT = """
    const [store, done] = arguments
    const opening = indexedDB.open('moshao')
    opening.onsuccess = () => {
        const asked = opening.result.transaction([store]).objectStore(store).getAll()
        asked.onsuccess = () => {
            opening.result.close()
            done(asked.result.map(({ photo_id, sha256, length }) => ({ photo_id, sha256, length })))
        }
    }
"""
ANSWERED = "const done = arguments[arguments.length - 1]; navigator.serviceWorker.ready.then(() => done(true))"
CONTROLLED = "return navigator.serviceWorker.controller !== null"


class Refused(Exception):
    """WebDriver's word for what did not work."""


class WebKit:
    """One window of it; `a_webkit`."""

    def __init__(self, driver: aiohttp.ClientSession, home: str) -> None:
        self._driver = driver
        self._home = home
        self._session = ""

    async def begin(self) -> None:
        browser = {"binary": str(next(Path("/").glob(BROWSERS))), "args": ["--automation"]}
        asked = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": browser}}}
        self._session = f"/session/{(await self._ask('POST', '/session', asked))['sessionId']}"
        await self._ask("POST", f"{self._session}/timeouts", {"script": SECONDS * 1000, "pageLoad": SECONDS * 1000})

    async def end(self) -> None:
        if self._session:
            await self._ask("DELETE", self._session)

    async def goto(self, path: str) -> None:
        await self._ask("POST", f"{self._session}/url", {"url": self._home + path})
        await self._run("sync", WATCH)

    async def back(self) -> None:
        await self._ask("POST", f"{self._session}/back", {})

    async def sign_in(self, member: Member) -> None:
        """Pair with a code and sign in with the password, as on the first morning."""
        fields = {"username": member.staff_no, "code": member.pairing_codes[0], "password": member.password}
        for name, value in fields.items():
            await self._type(f"input[name={name}]", value)
        await self.tap("button[type=submit]")
        await self.there("nav.tab-bar")

    async def ready_for_no_network(self) -> None:
        """Once the service worker answers for this page."""
        await self._run("async", ANSWERED)
        await self.goto("/")
        await self._until(CONTROLLED)

    async def photograph(self, photo: Path) -> None:
        """The first camera gives this photo; done when it is kept."""
        await self._type("label.camera input", str(photo))
        await self.there(".strip figure img")

    async def tap(self, css: str) -> None:
        await self._ask("POST", f"{self._session}/element/{await self._find(css)}/click", {})

    async def there(self, css: str) -> None:
        await self._until(THERE, css)

    async def says(self, words: str) -> None:
        await self._until(SAYS, words)

    async def kept(self, store: str) -> list[dict[str, Any]]:
        """The photos of the phone's database."""
        return msgspec.convert(await self._run("async", KEPT, store), list[dict[str, Any]])

    async def faults(self) -> list[str]:
        """What went wrong in this page since it was opened."""
        return msgspec.convert(await self._run("sync", FAULTS), list[str])

    async def _type(self, css: str, keys: str) -> None:
        await self._ask("POST", f"{self._session}/element/{await self._find(css)}/value", {"text": keys})

    async def _find(self, css: str) -> str:
        await self.there(css)
        found = await self._ask("POST", f"{self._session}/element", {"using": "css selector", "value": css})
        return str(found[ELEMENT])

    async def _until(self, script: str, *args: Any) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                while not await self._is(script, *args):  # noqa: ASYNC110 - only the page knows
                    await asyncio.sleep(0.1)
        except TimeoutError:
            page = await self._run("sync", "return [location.href, document.body?.innerText]")
            raise AssertionError(f"{args} never came; there is {page}, faults {await self.faults()}") from None

    async def _is(self, script: str, *args: Any) -> bool:
        try:
            return bool(await self._run("sync", script, *args))
        except Refused as error:
            if not any(words in str(error) for words in LEAVING):
                raise
            return False

    async def _run(self, how: str, script: str, *args: Any) -> Any:
        return await self._ask("POST", f"{self._session}/execute/{how}", {"script": script, "args": list(args)})

    async def _ask(self, method: str, path: str, said: dict[str, Any] | None = None) -> Any:
        async with self._driver.request(method, path, json=said) as answer:
            value = msgspec.json.decode(await answer.read())["value"]
            if answer.status >= 400:
                raise Refused(f"{value['error']}: {value['message']}")
            return value


@asynccontextmanager
async def a_webkit(home: str) -> AsyncIterator[WebKit]:
    """With nothing of an earlier one; it and its screen are gone at the end of the block."""
    async with _a_screen() as display, _a_driver(display) as port:
        whole = aiohttp.ClientTimeout(total=2 * SECONDS)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", timeout=whole) as driver:
            webkit = WebKit(driver, home)
            await webkit.begin()
            try:
                yield webkit
            finally:
                with suppress(Refused, aiohttp.ClientError):
                    await webkit.end()


@asynccontextmanager
async def _a_screen() -> AsyncIterator[str]:
    reads, writes = os.pipe()
    screen = await asyncio.create_subprocess_exec(
        program("Xvfb"), "-displayfd", str(writes), "-screen", "0", SCREEN, "-nolisten", "tcp",
        pass_fds=(writes,), stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            number = await asyncio.to_thread(told.readline)
        assert number.strip(), "no screen could be made"
        yield f":{number.strip()}"
    finally:
        await _ended(screen)


@asynccontextmanager
async def _a_driver(display: str) -> AsyncIterator[int]:
    port = free_port()
    driver = await asyncio.create_subprocess_exec(
        program(DRIVER), f"--port={port}", env={**os.environ, "DISPLAY": display}, start_new_session=True,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await _listens(port)
        yield port
    finally:
        await _ended(driver)


async def _listens(port: int) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            await writer.wait_closed()
            return


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()
