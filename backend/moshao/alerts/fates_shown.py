"""What became of deliveries, one by one and in figures, for whoever makes the bell ring. Nobody learns who opened
what when."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec
from prometheus_client import Gauge

from moshao.alerts.queries import OPEN
from moshao.kit import clock
from moshao.kit.db import Database, Reader, Row
from moshao.kit.metrics import REGISTRY, looks_at_scrape
from moshao.people.actor import Actor
from moshao.people.queries import find_people

# Notices; each has a delivery or a few.
PAGE = 50

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
    deliveries: list[DeliveryView]


async def list_deliveries(
    reader: Reader, actor: Actor, *, case_id: UUID | None, fate: Fate | None, after: UUID | None
) -> DeliveryList:
    """The latest first, a page at a time; of one case, or one fate."""
    conditions, args = "n.district_id = ?", list[object]([actor.district_id])
    of_fate = " AND d.fate = ?" if fate else ""
    if fate:
        conditions += f" AND EXISTS (SELECT 1 FROM deliveries d WHERE d.notice_id = n.id{of_fate})"
        args.append(fate)
    for condition, value in (("n.case_id = ?", case_id), ("n.id < ?", after)):
        if value is not None:
            conditions += f" AND {condition}"
            args.append(value)
    rows = await reader.all(
        "SELECT d.*, n.id AS notice, n.kind, n.case_id FROM deliveries d JOIN notices n ON n.id = d.notice_id "
        f"WHERE n.id IN (SELECT n.id FROM notices n WHERE {conditions} ORDER BY n.id DESC LIMIT ?){of_fate} "
        "ORDER BY n.id DESC, d.made_at, d.id",
        *args, PAGE, *([fate] if fate else []),
    )  # fmt: skip
    people = await find_people(reader, sorted({row["person_id"] for row in rows}))
    names = {person.id: person.name for person in people.values()}
    return DeliveryList([_view(row, names) for row in rows])


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
