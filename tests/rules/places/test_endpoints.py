"""Areas on the wire; who may ask for them and import them is tested where sessions are."""

import json
from collections.abc import AsyncIterator
from importlib.resources import files
from types import SimpleNamespace

import pytest
from httpx import ASGITransport, AsyncClient
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ASGIApp, Receive, Scope, Send

from moshao.kit.db import Database
from moshao.kit.ids import new_id
from moshao.places.endpoints import get_grids, put_grids
from moshao.places.queries import places_of

HERE = new_id()
GRIDS = (files("moshao") / "seeds" / "wancheng" / "unit_grids_SYNTHETIC.geojson").read_bytes()
STREETS = (files("moshao") / "seeds" / "wancheng" / "streets_SYNTHETIC.geojson").read_bytes()


@pytest.fixture
async def client(database: Database) -> AsyncIterator[AsyncClient]:
    def signed_in(app: ASGIApp) -> ASGIApp:
        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            scope["user"] = SimpleNamespace(district_id=HERE)
            await app(scope, receive, send)

        return inner

    async def provide_db() -> Database:
        return database

    app = Litestar([get_grids, put_grids], middleware=[signed_in], dependencies={"db": Provide(provide_db)})
    transport = ASGITransport(app)  # type: ignore[arg-type]
    async with AsyncClient(transport=transport, base_url="http://moshao.test") as opened:
        yield opened


async def test_imported_grids_come_back_as_geojson(client: AsyncClient) -> None:
    imported = await client.put("/api/grids", content=GRIDS)
    assert imported.json() == {"added": 1427, "changed": 0, "unchanged": 0, "faults": []}
    await client.put("/api/grids", content=STREETS)
    answer = await client.get("/api/grids.geojson", params={"kind": "unit"})
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == 1427
    sent = {each["properties"]["code"]: each["geometry"] for each in json.loads(GRIDS)["features"]}
    assert {each["properties"]["code"]: each["geometry"] for each in features} == sent
    assert features[0]["properties"]["synthetic"]
    assert len((await client.get("/api/grids.geojson")).json()["features"]) == 1441


async def test_faults_are_answered_and_the_rest_is_in_force(client: AsyncClient, database: Database) -> None:
    document = json.loads(GRIDS)
    first, second = document["features"][:2]
    second["geometry"]["coordinates"][0].pop()
    body = json.dumps({"type": "FeatureCollection", "features": [first, second]})
    answer = (await client.put("/api/grids", content=body)).json()
    assert answer["added"] == 1
    [fault] = answer["faults"]
    assert (fault["feature"], fault["code"], fault["area_code"]) == (2, "ring_not_closed", second["properties"]["code"])
    assert fault["detail"]
    assert len((await places_of(database, HERE)).units.areas) == 1


@pytest.mark.parametrize("body", [b"", b"\x00\xff", b"PK\x03\x04", b"[]"])
async def test_no_geojson_at_all_is_one_fault_of_the_file(client: AsyncClient, body: bytes) -> None:
    answer = await client.put("/api/grids", content=body)
    assert (answer.status_code, [fault["feature"] for fault in answer.json()["faults"]]) == (200, [0])


async def test_known_tag_until_an_import_changed_something(client: AsyncClient) -> None:
    await client.put("/api/grids", content=STREETS)
    tag = (await client.get("/api/grids.geojson")).headers["etag"]
    await client.put("/api/grids", content=STREETS)
    assert (await client.get("/api/grids.geojson", headers={"If-None-Match": tag})).status_code == 304
    await client.put("/api/grids", content=GRIDS)
    assert (await client.get("/api/grids.geojson", headers={"If-None-Match": tag})).status_code == 200
