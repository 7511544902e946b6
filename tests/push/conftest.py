"""Both push services and a desktop on loopback, and a district whose pushes go there."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Playwright, async_playwright, expect

from tests.browser.street import Street, a_street
from tests.push.desktop import Desktop, a_desktop
from tests.push.google import HOSTS, Google, google
from tests.push.loopback import tls_context
from tests.push.mozilla import HOST, Mozilla, mozilla

# Two cores bear browsers, server and worker at once.
expect.set_options(timeout=60_000)


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def mozilla_service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Mozilla]:
    async with mozilla(tls_context(tmp_path_factory.mktemp("mozilla"))) as service:
        yield service


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def google_service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Google]:
    async with google(tls_context(tmp_path_factory.mktemp("google"))) as service:
        yield service


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def street(
    tmp_path_factory: pytest.TempPathFactory, mozilla_service: Mozilla, google_service: Google
) -> AsyncIterator[Street]:
    instead = [
        f"{HOST}=127.0.0.1:{mozilla_service.port}",
        *(f"{host}=127.0.0.1:{google_service.port}" for host in HOSTS),
    ]
    settings = {"test_connect": ",".join(instead), "push_contact": "mailto:bell@example.com"}
    async with a_street(tmp_path_factory.mktemp("district"), **settings) as made:
        yield made


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="package")
async def desktop() -> AsyncIterator[Desktop]:
    async with a_desktop() as made:
        yield made
