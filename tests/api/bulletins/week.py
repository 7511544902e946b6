"""A simulated week, and the week before it: some hundred cases of every kind in a tree of units."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from moshao.cases.case import lock_case
from moshao.cases.moving import Step, move
from moshao.kit import clock, ids
from moshao.kit.db import Tx
from moshao.people.making import make_unit
from tests.api.cases.making import Cases

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
STATES = ("closed",) * 12 + ("in_progress", "dispatched", "feedback", "handled", "cancelled", "shelved", "received")
CLASSES = (
    {"major": "06", "minor": "010"}, {"major": "06", "minor": "010"}, {"major": "09", "minor": "005"},
    {"major": "07", "minor": "001"}, {"major": "09", "minor": "010"}, {"major": "06", "minor": "013"},
    {"code_set": None, "kind": None, "major": None, "minor": None},
)  # fmt: skip
# Where the same comes up again.
SPOTS = ((112.5414, 32.9986), (112.5502, 33.0011))


def last_week() -> tuple[date, date]:
    """Monday and Sunday of the last week that is over."""
    today = clock.now().astimezone(ZONE).date()
    monday = today - DAY * (today.weekday() + 7)
    return monday, monday + 6 * DAY


async def simulate(cases: Cases, count: int, seed: int = 6) -> None:
    """Cases due in the last week, in the one before it, and a few after it."""
    chance = random.Random(seed)
    units = await cases.world.db.write(lambda tx: _units(tx, cases))
    monday, sunday = last_week()
    start = datetime.combine(monday - 7 * DAY, time(), ZONE)
    hours = (sunday - monday + 9 * DAY) / timedelta(hours=1)
    for _ in range(count):
        await _one(cases, chance, units, start + timedelta(hours=chance.uniform(0, hours)))
    await cases.world.db.write(lambda tx: _supervise(tx, cases, monday))


async def _units(tx: Tx, cases: Cases) -> list[UUID | None]:
    """Two more streets, two departments, a community below a street."""
    cast = cases.cast
    found: list[UUID | None] = [cast.units["street"], cast.units["street"], cast.units["other_street"], None]
    for code, name, kind in (
        ("411302003", "汉冶街道", "street"), ("411302004", "仲景街道", "street"),
        ("411302D01", "市政管理所", "department"), ("411302D02", "园林绿化中心", "department"),
    ):  # fmt: skip
        found.append(
            await make_unit(tx, cast.district_id, code=code, name=name, kind=kind, parent_id=cast.units["district"])
        )
    community = await make_unit(
        tx, cast.district_id, code="411302001001", name="菜市口社区", kind="community",
        parent_id=cast.units["street"],
    )  # fmt: skip
    return [*found, community]


async def _one(cases: Cases, chance: random.Random, units: list[UUID | None], deadline: datetime) -> None:
    state, unit = chance.choice(STATES), chance.choice(units)
    if unit is None:
        state = "received"
    flags = ("exempt",) if chance.random() < 0.08 else ()
    filed = deadline - timedelta(hours=chance.uniform(2, 60))
    columns: dict[str, Any] = {
        "filed_at": filed, "dispatched_at": filed, "extensions": chance.choice((0, 0, 0, 0, 1)),
        "handbacks": chance.choice((0, 0, 0, 1, 2)), "unit_id": None if state == "received" else unit,
        "address": f"中州路 {chance.randint(1, 400)} 号", "title": chance.choice(("暴露垃圾", "占道经营", None)),
        "kind": "matter", "code_set": "GB/T 47678.5-2026", **chance.choice(CLASSES),
    }  # fmt: skip
    lon, lat = chance.choice(SPOTS)
    spread = 0.0001 if chance.random() < 0.05 else 0.05
    columns |= {"lon": lon + chance.uniform(-spread, spread), "lat": lat + chance.uniform(-spread, spread)}
    if state in ("closed", "feedback", "handled"):
        early = timedelta(hours=chance.uniform(-5, 12))
        done = max(filed + timedelta(minutes=chance.uniform(3, 90)), deadline - early)
        columns |= {"handled_at": done, "clock_stopped_at": done, "clock_state": "stopped", "on_time": done <= deadline}
    if state in ("closed", "cancelled"):
        columns["ended_at"] = columns.get("handled_at", deadline)
    case_id = await cases.put(state, deadline=deadline, flags=flags, **columns)
    await cases.change(case_id, **columns)
    if chance.random() < 0.15:
        kind = chance.choice(("reworked", "reworked", "reopened"))
        await cases.world.db.write(lambda tx: _again(tx, case_id, kind))


async def _again(tx: Tx, case_id: UUID, kind: str) -> None:
    case = await lock_case(tx, case_id)
    assert case is not None
    await move(tx, case, Step(kind=kind, changes={"round": 2}))


async def _supervise(tx: Tx, cases: Cases, monday: date) -> None:
    """Three orders of the week: replied to, late, and an old one that nobody replied to."""
    rows = await tx.all("SELECT id FROM cases WHERE unit_id IS NOT NULL ORDER BY case_no LIMIT 4")
    start = datetime.combine(monday, time(9), ZONE)
    for row, days, state in zip(rows, (1, 2, -20, -20), ("answered", "open", "open", "answered"), strict=True):
        asked = start + days * DAY
        await tx.insert(
            "case_requests",
            {
                "id": ids.new_id(), "district_id": cases.cast.district_id, "case_id": row["id"],
                "kind": "supervision", "state": state, "asked_at": asked, "reply_by": asked + DAY, "salt": "x",
            },
        )  # fmt: skip


async def photograph(cases: Cases, scenes: Sequence[tuple[str, str, bytes, bytes]]) -> list[UUID]:
    """Cases closed in the last week with a photo of before and one of after: title, minor of class 06, the photos."""
    monday, _ = last_week()
    found = []
    for number, (title, minor, before, after) in enumerate(scenes):
        done = datetime.combine(monday + number % 7 * DAY, time(10, 30), ZONE)
        case_id = await cases.put(
            "closed", deadline=done + DAY, title=title, minor=minor, address=f"中州路 {number + 1} 号",
            filed_at=done - DAY / 8, dispatched_at=done - DAY / 8, handled_at=done, ended_at=done, on_time=True,
            clock_stopped_at=done, clock_state="stopped",
        )  # fmt: skip
        changed = {"filed_at": done - DAY / 8, "dispatched_at": done - DAY / 8, "handled_at": done, "ended_at": done}
        await cases.change(case_id, on_time=True, clock_state="stopped", **changed)
        for usage, photo in (("before", before), ("after", after)):
            named = await cases.world.as_("handler").upload(photo, usage=usage)
            row = {
                "id": ids.new_id(), "case_id": case_id, "photo_id": UUID(named["photo_id"]), "sha256": named["sha256"],
                "usage": usage, "round": 1, "state": "held", "added_at": done,
            }  # fmt: skip
            await cases.world.db.write(lambda tx, row=row: tx.insert("case_photos", row))  # type: ignore[misc]
        found.append(case_id)
    return found
