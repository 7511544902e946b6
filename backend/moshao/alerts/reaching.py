"""可达 / 不可达: whether a person's phone can be rung. For his direct leader's eyes alone."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from moshao.alerts.ways import gateways_of, ways_of
from moshao.kit.db import Reader, Row, marks
from moshao.people.actor import Actor

# A browser that failed so often in a row is not counted on.
FAILURES_MOST = 3
LEADERS = ("crew_leader", "unit_operator", "supervisor")
LED_BY_UNIT = frozenset({"handler", "inspector"})
LEADS = frozenset({"crew_leader", "unit_operator"})


class Reach(msgspec.Struct, kw_only=True):
    """`why` not: off (no browser asked to be rung and no gateway knows him) or failing."""

    person_id: UUID
    name: str
    reachable: bool
    why: Literal["off", "failing"] | None


class Reachability(msgspec.Struct):
    people: list[Reach]


async def reachability(reader: Reader, actor: Actor) -> Reachability:
    """Of those whose direct leader the actor is."""
    people = await _led(reader, actor)
    wanted = [row["id"] for row in people]
    ways = await ways_of(reader, wanted, await gateways_of(reader, actor.district_id))
    browsers = {browser.id for each in ways.values() for browser in each.browsers}
    failing = await _failing(reader, sorted(browsers))
    found = []
    for row in people:
        mine = ways[row["id"]]
        good = bool(mine.gateways) or any(browser.id not in failing for browser in mine.browsers)
        why: Literal["off", "failing"] = "failing" if mine.browsers else "off"
        found.append(Reach(person_id=row["id"], name=row["name"], reachable=good, why=None if good else why))
    return Reachability(found)


async def _led(reader: Reader, actor: Actor) -> list[Row]:
    """Handlers and inspectors of the nearest unit above them that has somebody to lead; who leads a unit, and who works
    at the centre, is led by the supervisors."""
    rows = await reader.all(
        "SELECT p.id, p.name, p.role, u.path FROM people p JOIN units u ON u.id = p.unit_id "
        "WHERE p.district_id = ? AND p.active AND p.role IN ('handler', 'inspector', 'crew_leader', 'unit_operator') "
        "ORDER BY p.staff_no",
        actor.district_id,
    )
    led_units = {row["path"] for row in rows if row["role"] in LEADS}
    return [row for row in rows if row["id"] != actor.person_id and _leads(actor, row, led_units)]


def _leads(actor: Actor, row: Row, led_units: set[str]) -> bool:
    nearest = _nearest(row["path"], led_units) if row["role"] in LED_BY_UNIT else None
    if actor.role in LEADS:
        return nearest is not None and nearest.split("/")[-1] == str(actor.unit_id)
    return actor.role == "supervisor" and nearest is None


def _nearest(path: str, led_units: set[str]) -> str | None:
    parts = path.split("/")
    paths = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((each for each in paths if each in led_units), None)


async def _failing(reader: Reader, browsers: Sequence[UUID]) -> set[UUID]:
    if not browsers:
        return set()
    rows = await reader.all(
        f"SELECT id FROM push_subscriptions WHERE failures >= ? AND id IN ({marks(len(browsers))})",
        FAILURES_MOST, *browsers,
    )  # fmt: skip
    return {row["id"] for row in rows}
