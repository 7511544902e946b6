"""Chromium with a profile of its own, which can be closed and started again: its push subscriptions stay."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import BrowserContext, Playwright

ALLOWED = 1


@asynccontextmanager
async def a_chromium(
    playwright: Playwright, profile: Path, *, switches: list[str], desktop: str, allows: str, **options: Any
) -> AsyncIterator[BrowserContext]:
    """`switches` say where its push service is, `desktop` the bus on which notifications are shown, `allows` the
    origin that may show them."""
    _allow_notifications(profile, allows)
    program = shutil.which("chromium")
    assert program, "chromium is not there: bin/test installs it where it is root"
    context = await playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program,
        # Its sandbox refuses to run as root, as in a container.
        args=["--no-sandbox", *switches],
        env={"DBUS_SESSION_BUS_ADDRESS": desktop},
        base_url=allows,
        **options,
    )
    try:
        yield context
    finally:
        await context.close()


def _allow_notifications(profile: Path, origin: str) -> None:
    """As when its person has said yes; a browser without a window can't be asked."""
    path = profile / "Default" / "Preferences"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        exceptions = {"notifications": {f"{origin},*": {"setting": ALLOWED}}}
        path.write_text(json.dumps({"profile": {"content_settings": {"exceptions": exceptions}}}))
