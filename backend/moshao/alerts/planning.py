"""What is to be rung, worked out from reads alone; then written in one short transaction."""

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.alerts.bursts import WINDOW, Burst, hidden_until
from moshao.alerts.ways import NO_WAYS, Way, Ways, gateways_of, ways_of
from moshao.kit import ids
from moshao.kit.db import Reader, Row, Tx, marks

# How long a notification is worth showing where no deadline tells.
USUAL_LIFE = timedelta(hours=4)
SHORTEST_LIFE = timedelta(minutes=5)
APP = "app"
PUSH = "push"

Channels = Literal["quiet", "first", "all"]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An alert, as far as its notices need it."""

    id: UUID
    case_id: UUID | None
    kind: str
    urgency: str
    deadline: datetime | None

    @property
    def is_urgent(self) -> bool:
        return self.urgency != "normal"


class Plan:
    """Rows to be written. `load` the persons before ringing them."""

    def __init__(self, reader: Reader, district_id: UUID, now: datetime) -> None:
        self.reader = reader
        self.district_id = district_id
        self.now = now
        self.gateways: list[Row] = []
        self.rows: dict[str, list[Row]] = {"alerts": [], "rings": [], "notices": [], "deliveries": []}
        self._ways: dict[UUID, Ways] = {}
        self._shown: dict[UUID, list[datetime]] = {}
        self._gathering: dict[UUID, tuple[UUID, datetime]] = {}

    async def load(self, people: Iterable[UUID]) -> None:
        """Read of these persons where they can be rung and what they were shown in the last minute."""
        unknown = sorted(set(people) - self._ways.keys())
        if not unknown:
            return
        if not self._ways:
            self.gateways = await gateways_of(self.reader, self.district_id)
        self._ways |= await ways_of(self.reader, unknown, self.gateways)
        rows = await self.reader.all(
            "SELECT id, person_id, state, due_at FROM notices "
            f"WHERE person_id IN ({marks(len(unknown))}) AND (due_at > ? OR state = 'gathering')",
            *unknown, self.now - WINDOW,
        )  # fmt: skip
        for row in rows:
            if row["state"] == "gathering":
                self._gathering[row["person_id"]] = (row["id"], row["due_at"])
            else:
                self._shown.setdefault(row["person_id"], []).append(row["due_at"])

    def ways(self, person_id: UUID) -> Ways:
        return self._ways.get(person_id, NO_WAYS)

    def ring(self, draft: Draft, person_id: UUID, step: str, channels: Channels) -> datetime:
        """Ring him: when he is shown it, which is now unless it goes into a digest.

        `channels`: quiet, Web Push alone · first, the open app too · all, every gateway too.
        """
        alone = draft.is_urgent
        gathering = self._gathering.get(person_id)
        burst = Burst(self._shown.get(person_id, ()), gathering[1] if gathering else None)
        until = None if alone else hidden_until(burst, self.now)
        if until is None:
            notice_id = self.show(draft, person_id, channels)
        else:
            notice_id = gathering[0] if gathering else self._gather(person_id, until)
        self._add("rings", alert_id=draft.id, notice_id=notice_id, person_id=person_id, step=step, at=self.now)
        return until or self.now

    def show(self, draft: Draft, person_id: UUID, channels: Channels) -> UUID:
        """A notice that goes out now, and its deliveries."""
        expires_at = max(draft.deadline or self.now + USUAL_LIFE, self.now + SHORTEST_LIFE)
        if draft.deadline is not None and draft.deadline <= self.now:
            expires_at = self.now + USUAL_LIFE
        notice_id = self._notice(
            person_id, draft.kind, case_id=draft.case_id, urgency=draft.urgency, digest=False, state="out",
            due_at=self.now, expires_at=expires_at,
        )  # fmt: skip
        self._shown.setdefault(person_id, []).append(self.now)
        self.deliver(notice_id, person_id, expires_at, channels, urgent=draft.is_urgent)
        return notice_id

    def deliver(
        self, notice_id: UUID, person_id: UUID, expires_at: datetime, channels: Channels, *, urgent: bool
    ) -> None:
        """Deliveries of a notice on these ways."""
        common: dict[str, Any] = {
            "notice_id": notice_id, "person_id": person_id, "urgent": urgent, "expires_at": expires_at
        }  # fmt: skip
        ways = self.ways(person_id)
        if channels != "quiet":
            self._deliver(common, APP, due_at=None)
        for browser in ways.browsers:
            self._deliver(common, PUSH, subscription_id=browser.id, origin=browser.origin)
        if channels == "all":
            self.deliver_by(ways.gateways, notice_id, person_id, expires_at, urgent=urgent)

    def deliver_by(
        self, gateways: Sequence[Way], notice_id: UUID, person_id: UUID, expires_at: datetime, *, urgent: bool
    ) -> None:
        for way in gateways:
            self._deliver(
                {"notice_id": notice_id, "person_id": person_id, "urgent": urgent, "expires_at": expires_at},
                way.kind, gateway_id=way.id, origin=str(way.id),
            )  # fmt: skip

    def alert(self, row: Row) -> None:
        self.rows["alerts"].append(row)

    async def write(self, tx: Tx) -> None:
        """Everything that was worked out. New notices are numbered as they go out."""
        await number(tx, self.district_id, self.rows["notices"])
        for table, rows in self.rows.items():
            await insert_all(tx, table, rows)

    def _gather(self, person_id: UUID, until: datetime) -> UUID:
        notice_id = self._notice(
            person_id, "digest", case_id=None, urgency="normal", digest=True, state="gathering", due_at=until,
            expires_at=until + USUAL_LIFE,
        )  # fmt: skip
        self._gathering[person_id] = (notice_id, until)
        return notice_id

    def _notice(self, person_id: UUID, kind: str, **more: Any) -> UUID:
        return self._add(
            "notices",
            person_id=person_id,
            kind=kind,
            district_id=self.district_id,
            made_at=self.now,
            number=None,
            **more,
        )

    def _deliver(self, common: Row, channel: str, **more: Any) -> None:
        row: Row = {
            "id": UUID(bytes=os.urandom(16)), "district_id": self.district_id, "channel": channel,
            "subscription_id": None, "gateway_id": None, "origin": "", "fate": "waiting", "tries": 0,
            "due_at": self.now, "made_at": self.now,
        }  # fmt: skip
        self.rows["deliveries"].append(row | common | more)

    def _add(self, table: str, **row: Any) -> UUID:
        made = ids.new_id()
        self.rows[table].append({"id": made, **row})
        return made


def new_alert(district_id: UUID, kind: str, ladder: str, urgency: str, now: datetime) -> Row:
    """A row of `alerts` about nothing yet."""
    return {
        "id": ids.new_id(), "district_id": district_id, "case_id": None, "broadcast_id": None, "seq": None,
        "kind": kind, "urgency": urgency, "ladder": ladder, "unit_id": None, "person_id": None, "round": 0,
        "cases": 1, "state": "told", "made_at": now, "started_at": now, "deadline": None, "next_step": None,
        "next_at": None, "ended_at": None,
    }  # fmt: skip


async def number(tx: Tx, district_id: UUID, notices: Collection[Row]) -> None:
    """Give those that are out their numbers: open apps are woken by them."""
    out = [row for row in notices if row["state"] == "out"]
    if not out:
        return
    last = await tx.value(
        "INSERT INTO bell_cursors (district_id, seq, notices) VALUES (?, 0, ?) ON CONFLICT (district_id) "
        "DO UPDATE SET notices = bell_cursors.notices + excluded.notices RETURNING notices",
        district_id, len(out),
    )  # fmt: skip
    for at, row in enumerate(out, last - len(out) + 1):
        row["number"] = at


async def insert_all(tx: Tx, table: str, rows: Sequence[Row]) -> None:
    """All rows in one statement's preparation; each has the same columns."""
    if rows:
        columns = rows[0].keys()
        await tx.many(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks(len(columns))})",
            [tuple(row[column] for column in columns) for row in rows],
        )
