"""Some hundred cases of every kind: each figure equals what plain SQL counts, opens its cases, stands in the sheet."""

import csv
import random
import statistics
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import UUID

import openpyxl
import pytest

from moshao.cases.case import lock_case
from moshao.cases.moving import Step, move
from moshao.figures.measures import MEASURES
from moshao.kit import clock
from moshao.kit.db import Tx
from moshao.people.making import make_post
from tests.api.cases.making import Cases
from tests.api.figures.plain import DUE, plainly
from tests.world import World

CASES = 240
DAY = timedelta(days=1)
STATES = ("closed",) * 8 + ("in_progress", "dispatched", "feedback", "handled", "cancelled", "shelved", "received")
CLASSES = (
    {"major": "06", "minor": "010"},
    {"major": "09", "minor": "005"},
    {"code_set": None, "major": None, "minor": None},
)
GRIDS = ("411302001000301", "411302001000302", None)


@pytest.fixture
async def simulated(cases: Cases) -> tuple[str, str]:
    """A fortnight of cases; the days of the week that is counted. 老张 stands at a post."""
    chance = random.Random(6)
    await cases.world.db.write(lambda tx: _post(tx, cases.world))
    now = clock.now()
    for _ in range(CASES):
        await _one(cases, chance, now)
    return str((now - 7 * DAY).date()), str((now - DAY).date())


async def _post(tx: Tx, world: World) -> None:
    post_id = await make_post(tx, world.cast.units["street"], name="菜市口岗")
    await tx.run("UPDATE duties SET post_id = ? WHERE person_id = ?", post_id, world.id_of("handler"))


async def _one(cases: Cases, chance: random.Random, now: datetime) -> None:
    state = chance.choice(STATES)
    deadline = now + timedelta(hours=chance.uniform(-14 * 24, 24))
    unit = cases.cast.units[chance.choice(("street", "street", "other_street"))]
    flags = ("exempt",) if chance.random() < 0.1 else ()
    columns: dict[str, Any] = {
        "filed_at": deadline - DAY, "extensions": chance.choice((0, 0, 0, 1)), "handbacks": chance.choice((0, 0, 1, 2)),
        "dispatched_at": deadline - DAY, "source_name": chance.choice(("监督员上报", "12345 热线", None)),
        "grid_code": chance.choice(GRIDS), "unit_id": None if state == "received" else unit, **chance.choice(CLASSES),
    }  # fmt: skip
    if state in ("closed", "feedback", "handled"):
        early = timedelta(hours=chance.uniform(-6, 12))
        columns |= {"handled_at": deadline - early, "clock_stopped_at": deadline - early, "clock_state": "stopped"}
        columns["on_time"] = early >= timedelta(0)
    if state in ("closed", "cancelled"):
        columns["ended_at"] = now
    case_id = await cases.put(state, deadline=deadline, flags=flags, **columns)
    await cases.change(case_id, **columns)
    if chance.random() < 0.2:
        kind = chance.choice(("reworked", "reworked", "reopened"))
        await cases.world.db.write(lambda tx: _again(tx, case_id, kind))


async def _again(tx: Tx, case_id: UUID, kind: str) -> None:
    case = await lock_case(tx, case_id)
    assert case is not None
    await move(tx, case, Step(kind=kind, changes={"round": 2}))


async def asked(world: World, who: str, days: tuple[str, str], what: str = "", **words: str) -> Any:
    first, last = days
    said = "".join(f"&{name}={value}" for name, value in words.items())
    answer = await world.as_(who).get(f"/api/figures{what}?from={first}&to={last}{said}")
    assert answer.status_code == 200, answer.text
    return answer.json() if what in ("", "/cases") else answer.content


def counts(row: dict[str, Any]) -> dict[str, int]:
    return {figure: row[figure] for figure in MEASURES}


async def test_every_figure_equals_plain_sql(world: World, simulated: tuple[str, str]) -> None:
    told = await asked(world, "supervisor", simulated)
    now = datetime.fromisoformat(told["as_of"])
    plain = {figure: await plainly(world, figure, simulated, now) for figure in MEASURES}
    assert counts(told["total"]) == plain
    assert all(plain.values()), plain
    street = world.cast.units["street"]
    (line,) = [line for line in told["rows"] if line["id"] == str(street)]
    of_street = " AND c.unit_id = ?"
    assert counts(line) == {one: await plainly(world, one, simulated, now, of_street, street) for one in MEASURES}
    (top,) = [line for line in told["rows"] if line["depth"] == 0 and line["id"]]
    unplaced = [line for line in told["rows"] if not line["id"]]
    for figure, total in plain.items():
        assert sum(line[figure] for line in (top, *unplaced)) == total
    for by in ("class", "grid", "source", "post"):
        lines = (await asked(world, "supervisor", simulated, by=by))["rows"]
        assert {one: sum(line[one] for line in lines) for one in MEASURES} == plain
    await each_day_is_counted(world, simulated, plain)
    await the_median_is_in_the_middle(world, simulated, told["total"]["median_s"])
    await each_number_opens(world, simulated)
    await the_sheets_say_the_same(world, simulated, told)
    await nobody_counts_others(world, simulated)


async def each_day_is_counted(world: World, days: tuple[str, str], plain: dict[str, int]) -> None:
    told = await asked(world, "supervisor", days, by="day")
    first = date.fromisoformat(days[0])
    assert [line["id"] for line in told["rows"]] == [str(first + DAY * number) for number in range(7)]
    assert counts(told["total"]) == plain
    # What is late since before the week stands on none of its days.
    assert {one: sum(line[one] for line in told["rows"]) for one in MEASURES if one != "overdue_left"} == {
        one: number for one, number in plain.items() if one != "overdue_left"
    }
    (today,) = [line for line in told["rows"] if line["id"] == days[1]]
    assert today["due"] == await plainly(world, "due", (days[1], days[1]), clock.now())


async def the_median_is_in_the_middle(world: World, days: tuple[str, str], told: int) -> None:
    rows = await world.db.all(
        f"SELECT c.dispatched_at, c.handled_at FROM cases c WHERE {DUE.replace(':start', '?').replace(':end', '?')} "
        "AND c.handled_at IS NOT NULL AND c.district_id = ?",
        *(datetime.fromisoformat(f"{day}T00:00:00+08:00") + DAY * number for number, day in enumerate(days)),
        world.cast.district_id,
    )  # fmt: skip
    whole = [int(row["handled_at"].timestamp()) - int(row["dispatched_at"].timestamp()) for row in rows]
    assert told == statistics.median(seconds // 60 * 60 for seconds in whole if seconds >= 0)


async def each_number_opens(world: World, days: tuple[str, str]) -> None:
    for by in ("unit", "class", "grid", "source", "post", "day"):
        for line in (await asked(world, "supervisor", days, by=by))["rows"]:
            for figure in ("due", "reworked", "handbacks", "overdue_left"):
                opened = await asked(world, "supervisor", days, "/cases", by=by, row=line["id"], figure=figure)
                assert opened["sum"] == line[figure], (by, line, figure)
                assert sum(case["amount"] for case in opened["cases"]) == opened["sum"]


async def the_sheets_say_the_same(world: World, days: tuple[str, str], told: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(BytesIO(await asked(world, "supervisor", days, ".xlsx")))
    _, head, total, *lines = book["统计"].iter_rows(values_only=True)
    assert head[:3] == ("单位", "应结案数", "结案数")
    assert total[1 : 1 + len(MEASURES)] == tuple(counts(told["total"]).values())
    assert total[1 + len(MEASURES)] == told["total"]["closed_rate"] / 10_000
    assert len(lines) == len(told["rows"])
    assert book["口径"].max_row == 1 + len(told["definitions"])
    text = (await asked(world, "supervisor", days, ".csv")).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(text)))
    assert rows[1][1 : 1 + len(MEASURES)] == [str(number) for number in counts(told["total"]).values()]


async def nobody_counts_others(world: World, days: tuple[str, str]) -> None:
    whole = await asked(world, "supervisor", days)
    own = await asked(world, "operator", days)
    street, other = (str(world.cast.units[name]) for name in ("street", "other_street"))
    assert [line["id"] for line in own["rows"]] == [street]
    assert counts(own["total"]) == next(counts(line) for line in whole["rows"] if line["id"] == street)
    assert (await asked(world, "operator", days, "/cases", row=other, figure="due"))["count"] == 0
    assert (await asked(world, "neighbour", days))["total"]["due"] == 0


@pytest.mark.parametrize(("first", "last"), [("2026-11-02", "2026-11-01"), ("2020-01-01", "2026-01-01")])
async def test_a_period_that_is_none_is_refused(world: World, first: str, last: str) -> None:
    answer = await world.as_("supervisor").get(f"/api/figures?from={first}&to={last}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")
