"""The app's files: the best encoding, 304 where known, hashed ones for ever, nothing outside the folder."""

import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar

from moshao.kit.assets import page_handlers
from moshao.kit.problems import HANDLERS


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    web = tmp_path / "web"
    (web / "assets").mkdir(parents=True)
    (web / "desk").mkdir()
    (web / "index.html").write_text("<p>末梢")
    (web / "desk/index.html").write_text("desk")
    (web / "manifest.webmanifest").write_text("{}")
    (web / "assets/a-1.js").write_text("plain")
    (web / "assets/a-1.js.gz").write_bytes(gzip.compress(b"plain"))
    (tmp_path / "secret").write_text("secret")
    app: Any = Litestar(page_handlers(web), exception_handlers=HANDLERS, logging_config=None)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://moshao.test") as client:
        yield client


async def test_each_page_answers(pages: httpx.AsyncClient) -> None:
    for path in ("/", "/c/01a2075e-85c0-7000-9420-0089b807a369"):
        answer = await pages.get(path)
        assert answer.text == "<p>末梢"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
    assert (await pages.get("/desk/")).text == "desk"
    assert (await pages.get("/manifest.webmanifest")).headers["content-type"] == "application/manifest+json"


async def test_a_known_file_is_not_sent_again(pages: httpx.AsyncClient) -> None:
    first = await pages.get("/assets/a-1.js")
    assert "immutable" in first.headers["cache-control"]
    again = await pages.get("/assets/a-1.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await pages.get("/assets/a-1.js", headers={"if-none-match": '"other"'})
    assert other.status_code == 200


async def test_the_encoding_is_one_the_browser_takes(pages: httpx.AsyncClient) -> None:
    packed = await pages.get("/assets/a-1.js", headers={"accept-encoding": "gzip, br"})
    assert (packed.headers["content-encoding"], packed.text) == ("gzip", "plain")
    plain = await pages.get("/assets/a-1.js", headers={"accept-encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] != packed.headers["etag"]


async def test_nothing_outside_is_served(pages: httpx.AsyncClient) -> None:
    for path in ("/../secret", "/%2e%2e/secret", "/assets/../../secret", "/assets/", "/index"):
        assert (await pages.get(path)).status_code == 404
