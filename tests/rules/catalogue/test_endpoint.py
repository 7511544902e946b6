"""The catalogue on the wire; who may ask for it is tested where sessions are."""

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ASGIApp, Receive, Scope, Send

from moshao.catalogue.changing import set_self_handling
from moshao.catalogue.endpoints import get_catalogue
from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.seeding import seed_catalogue
from moshao.kit.db import Database
from moshao.kit.ids import new_id

NEW, OLD = "GB/T 47678.5-2026", "GB/T 30428.2-2013"
HERE = new_id()


@pytest.fixture
async def client(database: Database) -> AsyncIterator[AsyncClient]:
    await database.write(seed_catalogue)

    def signed_in(app: ASGIApp) -> ASGIApp:
        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            scope["user"] = SimpleNamespace(district_id=HERE, settings=SimpleNamespace(code_set=NEW))
            await app(scope, receive, send)

        return inner

    async def provide_db() -> Database:
        return database

    app = Litestar([get_catalogue], middleware=[signed_in], dependencies={"db": Provide(provide_db)})
    transport = ASGITransport(app)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://moshao.test") as opened:
        yield opened


def by_code(body: dict[str, Any], kind: str, code: str) -> dict[str, Any]:
    return next(each for each in body["classes"] if (each["kind"], each["major"] + each["minor"]) == (kind, code))


async def test_the_code_set_the_district_runs(client: AsyncClient) -> None:
    answer = await client.get("/api/catalogue")
    body = answer.json()
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "private, no-cache"
    assert body["code_set"] == NEW
    assert {each["code"] for each in body["code_sets"]} >= {NEW, OLD}
    assert {"zh": "环卫保洁", "en": "Sanitation"} in body["groups"]
    assert len(body["classes"]) == 403
    garbage = by_code(body, "matter", "06010")
    assert garbage["conditions"] == [{"code": "1", "limit": {"value": 4, "unit": "work_hour"}}]
    assert garbage["self_handling"]
    assert "photo_rule" not in garbage
    rule = body["photo_rules"][by_code(body, "matter", "06028")["photo_rule"]]
    assert (rule["after_min"], rule["before_min"]) == (0, 0)
    assert body["photo_rules"][0]["outcomes"]["not_found"] == {"after": 1, "before": 0}


async def test_another_code_set_on_demand(client: AsyncClient) -> None:
    body = (await client.get("/api/catalogue", params={"code_set": OLD})).json()
    assert len(body["classes"]) == 210
    assert by_code(body, "matter", "0110")["name_zh"] == "暴露生活垃圾"


async def test_unknown_code_set_is_empty(client: AsyncClient) -> None:
    body = (await client.get("/api/catalogue", params={"code_set": "1999"})).json()
    assert body["classes"] == []


async def test_known_tag_is_not_sent_again_until_something_changed(client: AsyncClient, database: Database) -> None:
    tag = (await client.get("/api/catalogue")).headers["etag"]
    again = await client.get("/api/catalogue", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get("/api/catalogue", params={"code_set": OLD}, headers={"If-None-Match": tag})
    assert other.status_code == 200
    garbage = (await catalogue_of(database, HERE)).find(NEW, "matter", "06", "010")
    assert garbage is not None
    class_id = garbage.id
    await database.write(lambda tx: set_self_handling(tx, HERE, class_id, allowed=False))
    changed = await client.get("/api/catalogue", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert "self_handling" not in by_code(changed.json(), "matter", "06010")
