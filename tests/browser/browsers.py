"""The browsers that Debian brings, as they are."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from playwright.async_api import Browser, Playwright

Name = Literal["chromium", "firefox"]
FAKE_DEVICES = ("--use-fake-device-for-media-stream",)
FAKE_MEDIA = (*FAKE_DEVICES, "--use-fake-ui-for-media-stream")
FAKE_MEDIA_PREFS: dict[str, str | float | bool] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
}


@asynccontextmanager
async def launched(
    playwright: Playwright, name: Name, *, media: bool = False, arguments: tuple[str, ...] = ()
) -> AsyncIterator[Browser]:
    """`media`: on a machine with a camera and a microphone that are allowed, as the browsers themselves pretend it.
    `arguments`: more for Chromium."""
    if name == "chromium":
        # Its sandbox refuses to run as root, as in a container.
        args = ["--no-sandbox", *(FAKE_MEDIA if media else ()), *arguments]
        browser = await playwright.chromium.launch(executable_path=program("chromium"), args=args)
    else:
        browser = await playwright.firefox.launch(
            channel="moz-firefox",
            executable_path=program("firefox-esr"),
            firefox_user_prefs=FAKE_MEDIA_PREFS if media else {},
        )
    try:
        yield browser
    finally:
        await browser.close()


def program(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is not there: bin/test installs it where it is root"
    return found
