"""What became of deliveries, one by one and in figures, for whoever makes the bell ring. Nobody learns who opened
what when."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from prometheus_client import Gauge

from moshao.alerts.queries import OPEN
from moshao.kit import clock
from moshao.kit.db import Database, Reader, Row, marks
from moshao.kit.metrics import REGISTRY, looks_at_scrape
from moshao.people.actor import Actor
from moshao.people.queries import find_people

# Notices; each has a delivery or a few.
PAGE = 50

COUNTED = timedelta(days=1)
LATELY = timedelta(hours=1)
DELIVERIES = Gauge(
    "moshao_bell_deliveries", "Deliveries of the last hour by what became of them.", ["channel", "fate", "why"],
    registry=REGISTRY,
)  # fmt: skip
ALERTS = Gauge(
    "moshao_bell_alerts", "Alerts that climb, wait for a shift, or reached nobody.", ["state"], registry=REGISTRY
)
BROWSERS = Gauge("moshao_bell_subscriptions", "Browsers that asked to be rung.", registry=REGISTRY)
OLDEST = Gauge(
    "moshao_bell_oldest_waiting_seconds", "How long the delivery that is due longest has waited.", registry=REGISTRY
)
WATCHERS = ("admin", "supervisor")
Fate = Literal["waiting", "sent", "shown", "opened", "failed", "needless"]
# Of what arrived, neither the person nor the time is told.
ARRIVED = frozenset({"shown", "opened"})


class DeliveryView(msgspec.Struct, kw_only=True):
    """`channel`: app, push, or a gateway's kind; `service`: the push service. `person` and `sent_at` only while it has
    not arrived. `number` asks for the page after it."""

    number: UUID
    kind: str
    case_id: UUID | None
    channel: str
    service: str
    urgent: bool
    fate: Fate
    why: str | None
    tries: int
    made_at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None
    person: str | None


class DeliveryList(msgspec.Struct):
    """`more`: there are older ones."""

    deliveries: list[DeliveryView]
    more: bool


class DeliveryCount(msgspec.Struct, kw_only=True):
    channel: str
    fate: Fate
    why: str | None
    deliveries: int


class DeliveryCounts(msgspec.Struct, kw_only=True):
    """Of the district, all that were made since then."""

    since: datetime
    counts: list[DeliveryCount]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """Which deliveries: of one case, with one of these fates, on one way; `after` the last `number` of a page."""

    case_id: UUID | None = None
    fates: tuple[Fate, ...] = ()
    channel: str | None = None
    after: UUID | None = None


async def list_deliveries(reader: Reader, actor: Actor, chosen: Chosen) -> DeliveryList:
    """The latest first, a page at a time."""
    of_one, args = "", list[object]()
    if chosen.fates:
        of_one, args = f" AND d.fate IN ({marks(len(chosen.fates))})", [*chosen.fates]
    if chosen.channel:
        of_one, args = of_one + " AND d.channel = ?", [*args, chosen.channel]
    conditions, of_notice = "n.district_id = ?", list[object]([actor.district_id])
    if of_one:
        conditions += f" AND EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id{of_one})"
        of_notice += args
    for condition, value in (("n.case_id = ?", chosen.case_id), ("n.id < ?", chosen.after)):
        if value is not None:
            conditions += f" AND {condition}"
            of_notice.append(value)
    rows = await reader.all(
        "SELECT d.*, n.id AS notice, n.kind, n.case_id FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        f"WHERE n.id IN (SELECT n.id FROM notices n WHERE {conditions} ORDER BY n.id DESC LIMIT ?){of_one} "
        "ORDER BY n.id DESC, d.made_at, d.id",
        *of_notice, PAGE, *args,
    )  # fmt: skip
    people = await find_people(reader, sorted({row["person_id"] for row in rows}))
    names = {person.id: person.name for person in people.values()}
    return DeliveryList([_view(row, names) for row in rows], more=len({row["notice"] for row in rows}) == PAGE)


async def count_deliveries(reader: Reader, actor: Actor) -> DeliveryCounts:
    """What became of those of the last day, and why."""
    since = clock.now() - COUNTED
    rows = await reader.all(
        "SELECT channel, fate, why, count(*) AS deliveries FROM deliveries WHERE made_at > ? AND district_id = ? "
        "GROUP BY channel, fate, why ORDER BY channel, fate, why",
        since, actor.district_id,
    )  # fmt: skip
    return DeliveryCounts(since=since, counts=[DeliveryCount(**row) for row in rows])


def _view(row: Row, names: dict[UUID, str]) -> DeliveryView:
    arrived = row["fate"] in ARRIVED
    return DeliveryView(
        number=row["notice"], kind=row["kind"], case_id=row["case_id"], channel=row["channel"],
        service=row["origin"].removeprefix("https://") if row["subscription_id"] else "", urgent=row["urgent"],
        fate=row["fate"], why=row["why"], tries=row["tries"], made_at=row["made_at"],
        sent_at=None if arrived else row["sent_at"], next_try_at=row["due_at"],
        person=None if arrived else names.get(row["person_id"]),
    )  # fmt: skip


@looks_at_scrape
async def look_at_the_bell(database: Database) -> None:
    """A few statements over an hour's rows."""
    now = clock.now()
    async with database.reading() as reader:
        DELIVERIES.clear()
        for row in await reader.all(
            "SELECT channel, fate, coalesce(why, '') AS why, count(*) AS deliveries FROM deliveries WHERE made_at > ? "
            "GROUP BY channel, fate, coalesce(why, '')",
            now - LATELY,
        ):
            DELIVERIES.labels(row["channel"], row["fate"], row["why"]).set(row["deliveries"])
        ALERTS.clear()
        for row in await reader.all(
            f"SELECT state, count(*) AS alerts FROM alerts WHERE state IN {OPEN} GROUP BY state"
        ):
            ALERTS.labels(row["state"]).set(row["alerts"])
        BROWSERS.set(await reader.value("SELECT count(*) FROM push_subscriptions"))
        due = await reader.one(
            "SELECT due_at FROM deliveries WHERE fate = 'waiting' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1"
        )
        OLDEST.set(max(0.0, (now - due["due_at"]).total_seconds()) if due else 0.0)
