"""/healthz, /readyz, /metrics, /version: for machines, and not for everybody."""

from typing import Any

import httpx
import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from moshao import __version__
from moshao.kit import clock, jobs
from moshao.kit.asgi import Surroundings
from moshao.kit.db import Tx
from moshao.kit.metrics import NOWHERE, Counted
from tests.world import World


def client(world: World, address: str = "127.0.0.1") -> httpx.AsyncClient:
    """Somebody at `address`, through the layers that a served app has."""
    inner: Any = Surroundings(Counted(world.app.app), world.settings)
    transport = httpx.ASGITransport(app=inner, client=(address, 40000))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000")


async def samples(world: World) -> dict[tuple[str, tuple[str, ...]], float]:
    """What is measured, by name and the values of its labels."""
    async with client(world) as here:
        text = (await here.get("/metrics")).text
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_anybody_may_ask_whether_it_lives(world: World) -> None:
    assert (await world.nobody.get("/healthz")).json() == {"status": "ok"}
    assert (await world.nobody.get("/version")).json() == {"version": __version__}


async def test_ready_means_database_schema_and_photos(world: World) -> None:
    answer = await world.nobody.get("/readyz")
    assert answer.status_code == 200
    checks = {"database": "ok", "migrations": "ok", "blobs": "ok", "serving": "ok"}
    assert answer.json() == {"status": "ok", "checks": checks}


async def test_an_older_program_is_not_ready_on_a_newer_schema(world: World) -> None:
    later = "moshao_9999_later"
    await world.db.write(lambda tx: tx.run("INSERT INTO migration (name, ran_on) VALUES (?, ?)", later, clock.now()))
    answer = await world.nobody.get("/readyz")
    assert answer.status_code == 503
    assert later in answer.json()["checks"]["migrations"]


async def test_who_stops_is_not_ready(world: World) -> None:
    world.app.app.state.stopping.set()
    answer = await world.nobody.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["serving"]) == (503, "stopping")


async def test_a_database_that_failed_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.db, "failed", lambda: "disk i/o error")
    answer = await world.nobody.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]) == (503, "disk i/o error")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 401),
        ("127.0.0.1", {"Forwarded": "for=127.0.0.1"}, 401),
        ("10.0.0.9", {}, 401),
        ("10.0.0.9", {"Authorization": "Bearer "}, 401),
        ("10.0.0.9", {"Authorization": "Bearer guess"}, 401),
    ],
)
async def test_measurements_are_read_from_loopback(
    world: World, address: str, headers: dict[str, str], status: int
) -> None:
    async with client(world, address) as asking:
        answer = await asking.get("/metrics", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "metrics_locked"
        assert answer.headers["www-authenticate"] == "Bearer"


async def test_or_with_the_token(world: World) -> None:
    state = world.app.app.state
    state.settings = msgspec.structs.replace(state.settings, metrics_token="s3cret-token")
    for token, status in (("s3cret-token", 200), ("s3cret", 401), ("", 401)):
        async with client(world, "10.0.0.9") as asking:
            answer = await asking.get("/metrics", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == status


async def test_answers_are_counted_by_route_and_not_by_path(world: World) -> None:
    before = await samples(world)
    async with client(world) as asking:
        for path in ("/version", "/version", "/api/cases/a", "/api/cases/b", "/no/such/page", "/nor/this"):
            await asking.get(path)
    after = await samples(world)

    def more(*labels: str) -> float:
        key = ("moshao_requests_total", labels)
        return after.get(key, 0) - before.get(key, 0)

    assert more("GET", "/version", "200") == 2
    assert more("GET", "/api/cases/{case_id}", "401") == 2
    assert more(NOWHERE, NOWHERE, "404") == 2
    assert after["moshao_request_seconds_count", ("GET", "/version")] >= 2
    assert not [key for key in after if "/no/such/page" in key[1]]


async def test_journals_jobs_and_tasks_are_measured(world: World) -> None:
    async def work(tx: Tx) -> None:
        await jobs.ask(tx, "bell", "a")
        await jobs.ask(tx, "bell", "b")
        await tx.insert("leases", {"name": "clocks", "until": clock.now(), "failures": 3, "ran_at": clock.now()})

    await world.db.write(work)
    found = await samples(world)
    seq = await world.db.value("SELECT seq FROM journal_heads WHERE district_id = ?", world.cast.district_id)
    assert found["moshao_journal_lines", (str(world.cast.district_id),)] == seq
    assert found["moshao_jobs", ("bell", "waiting")] == 2
    assert found["moshao_task_failures", ("clocks",)] == 3
    assert found["moshao_task_ran_timestamp_seconds", ("clocks",)] > 0
    assert found["moshao_streams", ()] == 0
