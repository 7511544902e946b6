"""Days counted beforehand: the screen says what the cases say, whatever was kept and whatever changed since."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import msgspec

from moshao.figures.keeping import keep_days
from moshao.figures.measures import MEASURES
from moshao.figures.verifying import verify_figures
from moshao.kit import clock
from moshao.kit.db import Tx
from moshao.people.settings import DistrictSettings
from tests.api.cases.making import Cases
from tests.api.figures import test_counting
from tests.api.figures.test_counting import asked, counts
from tests.world import World

DAY = timedelta(days=1)
simulated = test_counting.simulated
BYS = ("unit", "class", "grid", "source", "post", "day")


async def keep(world: World) -> None:
    while await keep_days(world.db, clock.now()):
        pass


async def run(world: World, sql: str, *args: Any) -> None:
    async def work(tx: Tx) -> None:
        assert await tx.run(sql, *args)

    await world.db.write(work)


async def kept(world: World) -> Counter[bool]:
    """How many days wait, and how many are counted."""
    rows = await world.db.all("SELECT by_unit FROM figure_days WHERE district_id = ?", world.cast.district_id)
    return Counter(row["by_unit"] is not None for row in rows)


async def screens(world: World, days: tuple[str, str], who: str = "supervisor") -> dict[str, Any]:
    found = {by: await asked(world, who, days, by=by) for by in BYS}
    return {by: (told["total"], told["rows"]) for by, told in found.items()}


async def forget(world: World) -> None:
    for table in ("figure_heads", "figure_days", "figure_cases"):
        await run(world, f"DELETE FROM {table}")


async def faults(world: World) -> list[tuple[str, str]]:
    return [fault async for fault in verify_figures(world.db, world.cast.district_id)]


async def test_kept_days_say_what_their_cases_say(world: World, simulated: tuple[str, str], cases: Cases) -> None:
    await keep(world)
    assert (await kept(world))[False] == 0
    assert (await kept(world))[True] >= 14
    assert await faults(world) == []
    told = {who: await screens(world, simulated, who) for who in ("supervisor", "operator")}
    assert told["supervisor"]["unit"][0]["due"] > told["operator"]["unit"][0]["due"] > 20
    await a_false_day_is_shown_and_named(world, simulated)
    await forget(world)
    assert told == {who: await screens(world, simulated, who) for who in ("supervisor", "operator")}
    await keep(world)
    await what_changed_is_counted_from_its_cases(world, simulated, cases)


async def a_false_day_is_shown_and_named(world: World, days: tuple[str, str]) -> None:
    """Or the screens would never come from what was kept."""
    before = (await asked(world, "supervisor", days))["total"]["due"]
    of_day = (await asked(world, "supervisor", (days[0], days[0])))["total"]["due"]
    await run(world, "UPDATE figure_days SET by_unit = '[]' WHERE day = ?", days[0])
    assert (await asked(world, "supervisor", days))["total"]["due"] == before - of_day < before
    assert await faults(world) == [(days[0], "was counted otherwise by unit")]


async def what_changed_is_counted_from_its_cases(world: World, days: tuple[str, str], cases: Cases) -> None:
    """Nobody has followed it yet: what was kept of its two days is not believed, and all else is."""
    first, last = (datetime.fromisoformat(f"{day}T12:00:00+08:00") for day in days)
    case = await world.db.one("SELECT id FROM cases WHERE state = 'closed' AND deadline BETWEEN ? AND ?", first, last)
    assert case is not None
    await cases.change(case["id"], extensions=2)
    await run(world, "UPDATE figure_days SET by_unit = '[]'")
    told = await asked(world, "supervisor", days, by="day")
    assert 1 <= sum(1 for line in told["rows"] if line["due"] or line["received"]) <= 2


async def test_late_changes_count_at_once_and_stay_counted(world: World, cases: Cases) -> None:
    now = clock.now()
    first, last = (str((now - back * DAY).date()) for back in (9, 1))
    closed: dict[str, Any] = {
        "handled_at": now - 5 * DAY,
        "clock_state": "stopped",
        "on_time": True,
        "ended_at": now - 5 * DAY,
    }
    made = [await cases.put("closed", deadline=now - 4 * DAY, filed_at=now - 6 * DAY, **closed) for _ in range(5)]
    await keep(world)
    late: list[tuple[dict[str, Any], dict[str, int]]] = [
        # reopened: due there, and not closed
        ({"state": "dispatched", "ended_at": None, "handled_at": None, "clock_state": "running", "on_time": None,
          "round": 2}, {"closed": -1, "closed_on_time": -1, "handled": -1, "handled_on_time": -1, "overdue_left": 1}),
        # exempt on appeal: not due at all
        ({"flags": " exempt "},
         {"due": -1, "closed": -1, "closed_on_time": -1, "handled": -1, "handled_on_time": -1, "worked_on": -1}),
        # a doubtful clock put right: late
        ({"on_time": False, "handled_at": now - 3 * DAY}, {"closed_on_time": -1, "handled_on_time": -1}),
        # extended to a day outside the period
        ({"deadline": now + 3 * DAY, "extensions": 1},
         {"due": -1, "closed": -1, "closed_on_time": -1, "handled": -1, "handled_on_time": -1, "worked_on": -1,
          "extended": 1}),
        # another day of the period
        ({"deadline": now - 2 * DAY}, {}),
    ]  # fmt: skip
    expected = Counter(counts((await asked(world, "supervisor", (first, last)))["total"]))
    assert expected["due"] == 5
    for case_id, (columns, more) in zip(made, late, strict=True):
        await cases.change(case_id, **columns)
        for name, by in more.items():
            expected[name] += by
        if "state" in columns:
            expected["worked_on"] -= 1
        told = await screens(world, (first, last))
        assert counts(told["unit"][0]) == {name: expected[name] for name in MEASURES}, columns
        await keep(world)
        assert await screens(world, (first, last)) == told
        assert await faults(world) == []
    days = {line["id"]: line["due"] for line in told["day"][1]}
    assert days[str((now - 2 * DAY).date())] == 1


async def test_days_that_begin_elsewhere_are_counted_anew(world: World, cases: Cases) -> None:
    # 23:30 in Shanghai is 00:30 of the next day in Tokyo.
    late = (clock.now() - 3 * DAY).replace(hour=15, minute=30)
    await cases.put("in_progress", deadline=late)
    await keep(world)
    here, there = str(late.date()), str(late.date() + DAY)
    assert (await asked(world, "supervisor", (here, here)))["total"]["due"] == 1
    settings = msgspec.json.encode(DistrictSettings(zone="Asia/Tokyo")).decode()
    await run(world, "UPDATE districts SET settings = ? WHERE id = ?", settings, world.cast.district_id)
    for _ in range(2):
        assert (await asked(world, "supervisor", (here, here)))["total"]["due"] == 0
        assert (await asked(world, "supervisor", (there, there)))["total"]["due"] == 1
        await keep(world)
