"""Around every request: problems for people, ids for operators, headers for browsers, proxies believed or not."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar, Request, get, post
from litestar.params import JSONBody

from moshao.kit import asgi, errors
from moshao.kit.asgi import Surroundings
from moshao.kit.config import load
from moshao.kit.log import JsonLines
from moshao.kit.problems import HANDLERS


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    data: str


class Body(msgspec.Struct, forbid_unknown_fields=True):
    count: int
    inner: Inner | None = None


@get("/who")
async def who(request: Request[Any, Any, Any]) -> dict[str, str]:
    return {"address": request.client.host if request.client else "", "scheme": request.scope["scheme"]}


@get("/broken")
async def broken() -> None:
    raise ZeroDivisionError("secret of the house")


@get("/refused")
async def refused() -> None:
    raise errors.too_many_requests("later", headers={"Retry-After": "7"})


@post("/body")
async def body(data: JSONBody[Body]) -> Body:
    return data


@pytest.fixture
async def door() -> AsyncIterator[httpx.AsyncClient]:
    inner = Litestar([who, broken, refused, body], exception_handlers=HANDLERS, logging_config=None)
    outer: Any = Surroundings(inner, load({"MOSHAO_TRUSTED_PROXIES": "10.0.0.0/8"}))
    transport = httpx.ASGITransport(app=outer, raise_app_exceptions=False, client=("10.1.2.3", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://moshao.test") as client:
        yield client


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("GET", "/absent", None, 404, "not_found"),
        ("DELETE", "/who", None, 405, "method_not_allowed"),
        ("GET", "/broken", None, 500, "internal_error"),
        ("GET", "/refused", None, 429, "too_many_requests"),
        ("POST", "/body", b'{"count": 1, "other": 2}', 400, "unknown_field"),
        ("POST", "/body", b'{"count": ', 400, "bad_json"),
        ("POST", "/body", b'{"count": "many"}', 422, "bad_field"),
    ],
)
async def test_every_fault_is_a_problem_in_chinese(
    door: httpx.AsyncClient, method: str, path: str, content: bytes | None, status: int, code: str
) -> None:
    answer = await door.request(method, path, content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    document = answer.json()
    assert (document["type"], document["code"], document["status"]) == (f"/problems/{code}", code, status)
    assert document["title"] == errors.REFUSALS[code].title
    assert document["retry"] is errors.REFUSALS[code].retry
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        (b'{"count": 1, "other": 2}', "other", "unknown_field"),
        (b'{"count": 1, "inner": {"data": "", "other": 2}}', "inner.other", "unknown_field"),
        (b"{}", "count", "invalid"),
        (b'{"count": 1, "inner": {}}', "inner.data", "invalid"),
        (b'{"count": 1, "inner": {"data": 5}}', "inner.data", "invalid"),
    ],
)
async def test_the_faulty_member_is_named(door: httpx.AsyncClient, content: bytes, field: str, code: str) -> None:
    (wrong,) = (await door.post("/body", content=content)).json()["errors"]
    assert (wrong["field"], wrong["code"]) == (field, code)


async def test_a_refusal_keeps_its_headers(door: httpx.AsyncClient) -> None:
    assert (await door.get("/refused")).headers["retry-after"] == "7"


async def test_each_answer_names_its_request(door: httpx.AsyncClient) -> None:
    assert (await door.get("/who", headers={"x-request-id": "abc-12345"})).headers["x-request-id"] == "abc-12345"
    odd = (await door.get("/who", headers={"x-request-id": "a\tb"})).headers["x-request-id"]
    assert len(odd) == 16


async def test_browsers_are_told_to_be_careful(door: httpx.AsyncClient) -> None:
    headers = (await door.get("/who")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    secure = await door.get("/who", headers={"x-forwarded-proto": "https"})
    assert "strict-transport-security" in secure.headers


async def test_the_caller_is_found_behind_our_proxies_alone(door: httpx.AsyncClient) -> None:
    through = {"x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.9.9.9", "x-forwarded-proto": "https"}
    assert (await door.get("/who", headers=through)).json() == {"address": "203.0.113.9", "scheme": "https"}
    transport = door._transport
    assert isinstance(transport, httpx.ASGITransport)
    transport.client = ("198.51.100.1", 9)
    assert (await door.get("/who", headers=through)).json() == {"address": "198.51.100.1", "scheme": "http"}


@pytest.mark.parametrize("path", ["/who", "/absent"])
async def test_head_is_get_without_its_body(door: httpx.AsyncClient, path: str) -> None:
    whole, head = await door.get(path), await door.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    for name in ("content-type", "content-length", "content-security-policy"):
        assert head.headers[name] == whole.headers[name]


async def test_a_body_that_never_comes_is_given_up(
    door: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever stops in the middle of his body keeps nobody's place, and is no fault of ours in log and figures."""
    monkeypatch.setattr(asgi, "BODY_PAUSE_SECONDS", 0.01)

    async def half() -> AsyncIterator[bytes]:
        yield b'{"count": '
        await asyncio.Event().wait()

    answer = await asyncio.wait_for(door.post("/body", content=half(), headers={"Content-Length": "12"}), 5)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["retry"]) == (408, "body_cut", True)
    assert [record.levelname for record in caplog.records if record.levelname == "ERROR"] == []


async def test_a_fault_is_one_line_of_json_that_names_its_request(door: httpx.AsyncClient) -> None:
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    try:
        await door.get("/broken", headers={"x-request-id": "abc-12345"})
    finally:
        logging.getLogger().removeHandler(handler)
    (line,) = [json.loads(each) for each in heard.getvalue().splitlines() if "unexpected" in each]
    assert (line["event"], line["request_id"], line["path"]) == ("unexpected", "abc-12345", "/broken")
    assert "ZeroDivisionError" in line["error"]
