"""What is counted for Prometheus. One registry a process; counting a request costs some microseconds."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from moshao.kit import jobs, leases
from moshao.kit.db import Database

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10)
NOWHERE = "(none)"

REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
REQUESTS = Counter("moshao_requests", "Answers by route and status.", ["method", "route", "status"], registry=REGISTRY)
SECONDS = Histogram(
    "moshao_request_seconds", "Seconds until an answer began.", ["method", "route"], buckets=BUCKETS, registry=REGISTRY
)
JOBS = Gauge("moshao_jobs", "Jobs asked for and not done.", ["queue", "state"], registry=REGISTRY)
TASK_FAILURES = Gauge("moshao_task_failures", "Failures in a row of a standing task.", ["task"], registry=REGISTRY)
TASK_RAN = Gauge(
    "moshao_task_ran_timestamp_seconds", "When a standing task last went well.", ["task"], registry=REGISTRY
)

Looking = Callable[[Database], Awaitable[None]]
_LOOKING: list[Looking] = []


def looks_at_scrape(look: Looking) -> Looking:
    """Register a function that sets gauges from the database whenever somebody scrapes. It must stay cheap."""
    _LOOKING.append(look)
    return look


async def exposition(database: Database) -> bytes:
    """Everything in Prometheus' text format."""
    for look in _LOOKING:
        await look(database)
    return generate_latest(REGISTRY)


@looks_at_scrape
async def look_at_work(database: Database) -> None:
    """Jobs and standing tasks, whichever process does them."""
    JOBS.clear()
    for row in await jobs.counts(database):
        JOBS.labels(row["queue"], "dead" if row["dead"] else "waiting").set(row["jobs"])
    for row in await leases.standing(database):
        TASK_FAILURES.labels(row["name"]).set(row["failures"])
        if row["ran_at"] is not None:
            TASK_RAN.labels(row["name"]).set(row["ran_at"].timestamp())


class Counted:
    """ASGI: counts every answer, and how long it took to begin (a stream never ends)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._answers: dict[tuple[str, str, int], Any] = {}
        self._seconds: dict[tuple[str, str], Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        begun = perf_counter()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._count(scope, message["status"], perf_counter() - begun)
            await send(message)

        await self.app(scope, receive, sending)

    def _count(self, scope: Any, status: int, seconds: float) -> None:
        # The template and the methods that routes have: a stranger's paths must not become labels.
        route = scope.get("path_template") or NOWHERE
        method = scope["method"] if route != NOWHERE else NOWHERE
        answers = self._answers.get((method, route, status))
        if answers is None:
            answers = self._answers[method, route, status] = REQUESTS.labels(method, route, status)
        answers.inc()
        times = self._seconds.get((method, route))
        if times is None:
            times = self._seconds[method, route] = SECONDS.labels(method, route)
        times.observe(seconds)
