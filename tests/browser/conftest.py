"""Each browser started once for all tests of this folder; a district with server and worker for many of them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright, expect

from moshao.operate.demo_file import Member
from tests.browser.browsers import launched
from tests.browser.desks import Desk, a_desk
from tests.browser.handset import Handset, a_handset
from tests.browser.street import Street, Streets, a_street

# Whole ways through server and worker, which `bin/check` walks on both databases.
WHOLE_WAYS = frozenset({"test_closing", "test_leading", "test_offline"})
# The days of those who are on the street, which it walks in both browsers; all else in Firefox in the long form.
WHOLE_DAYS = frozenset({"test_closing", "test_crew", "test_offline", "test_reporting"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.parent == here and item.path.stem not in WHOLE_WAYS:
            item.add_marker("screens")
        if item.path.parent == here and item.path.stem not in WHOLE_DAYS and _is_in_firefox(item):
            item.add_marker("long")


def _is_in_firefox(item: pytest.Item) -> bool:
    given = item.callspec.params.values() if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ()
    return any("firefox" in str(value) for value in given)


# Two cores bear browsers, server and worker at once.
expect.set_options(timeout=30_000)


# Each test takes units of its own, and a district has 18: when they run out another district is made.
@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def streets(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Streets]:
    streets = Streets(lambda: a_street(tmp_path_factory.mktemp("district")))
    yield streets
    await streets.close()


@pytest_asyncio.fixture(loop_scope="package")
async def street(streets: Streets) -> Street:
    return await streets.with_room()


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    async with launched(playwright, "chromium") as browser:
        yield browser


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def firefox(playwright: Playwright) -> AsyncIterator[Browser]:
    async with launched(playwright, "firefox") as browser:
        yield browser


@pytest.fixture(params=["chromium", "firefox"])
def browser(request: pytest.FixtureRequest) -> Browser:
    """A test that asks for this one runs in both."""
    found: Browser = request.getfixturevalue(request.param)
    return found


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def media_chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    async with launched(playwright, "chromium", media=True) as browser:
        yield browser


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def media_firefox(playwright: Playwright) -> AsyncIterator[Browser]:
    async with launched(playwright, "firefox", media=True) as browser:
        yield browser


@pytest.fixture(params=["media_chromium", "media_firefox"])
def with_media(request: pytest.FixtureRequest) -> Browser:
    """A test that asks for this one runs in both, each on a machine with a camera and a microphone."""
    found: Browser = request.getfixturevalue(request.param)
    return found


@pytest_asyncio.fixture(loop_scope="package")
async def hand(street: Street) -> AsyncIterator[Callable[..., Awaitable[Handset]]]:
    """`await hand(browser, member)`: a new phone for somebody, put away when the test ends. `base_url`: where it finds
    the server, if there is something between."""
    async with AsyncExitStack() as stack:

        async def made(browser: Browser, member: Member, *, base_url: str = "", **options: Any) -> Handset:
            found = base_url or street.demo.base_url
            return await stack.enter_async_context(a_handset(browser, found, member, **options))

        yield made


@pytest_asyncio.fixture(loop_scope="package")
async def seat(street: Street) -> AsyncIterator[Callable[..., Awaitable[Desk]]]:
    """`await seat(browser, member)`: a new desk for somebody, left when the test ends."""
    async with AsyncExitStack() as stack:

        async def made(browser: Browser, member: Member, **options: Any) -> Desk:
            return await stack.enter_async_context(a_desk(browser, street.demo.base_url, member, **options))

        yield made
