"""Who may do what, route by route: every operation of /openapi.json has a row in table.txt, and nothing else has."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.routes import HTTPRoute

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from moshao.people.making import make_shift, make_unit
from tests.access.asking import BODIES, Operation, ask, operations
from tests.access.reading import sign_of
from tests.access.targets import Targets, make_absent, make_targets, with_photo
from tests.api.upstream.platform import a_platform
from tests.world import World, the_app

TABLE = Path(__file__).with_name("table.txt")
# Columns of the table, and who of the cast stands in them.
WHO: dict[str, str | None] = {
    "nobody": None, "handler": "handler", "colleague": "colleague", "crew_leader": "leader_of_crew",
    "operator": "operator", "inspector": "inspector", "supervisor": "supervisor", "leader": "leader",
    "admin": "admin", "stranger": "stranger", "other_operator": "other_operator", "neighbour": "neighbour",
    "neighbour_admin": "neighbour_admin",
}  # fmt: skip
NEXT_DISTRICT = ("neighbour", "neighbour_admin")
READS = ("GET", "HEAD", "OPTIONS")
# Puts a row where there is none, so what is absent is not refused.
CREATES = (
    "put_unit", "put_person", "put_post", "put_shift", "put_duty", "put_absence", "put_crew", "put_dispatch_rule",
    "put_upstream", "put_broadcast", "put_ring_test", "put_gateway", "put_bulletin",
)  # fmt: skip
# Streams never end; tests/api/sync asks who may open one.
ENDLESS = ("get_stream",)


def rows() -> dict[str, list[str]]:
    """The table: operation → its signs, in the order of the columns."""
    lines = [line.split() for line in TABLE.read_text("utf-8").splitlines() if line and line[0] not in "# "]
    assert lines[0] == ["operation", *WHO]
    return {line[0]: line[1:] for line in lines[1:]}


@pytest.fixture
async def district(world: World) -> World:
    """The cast, in a district that counts time and knows classes."""

    async def seed(tx: Tx) -> None:
        await seed_calendars(tx)
        await seed_catalogue(tx)

    await world.db.write(seed)
    await a_platform(world, "city")
    return world


def test_every_operation_has_a_row_and_every_row_an_operation() -> None:
    assert sorted(rows()) == sorted(operation.id for operation in operations())


def test_every_route_stands_in_the_description() -> None:
    described = {(operation.method, operation.path) for operation in operations()}
    served = {
        (method, route.path_format)
        for route in the_app().routes
        if isinstance(route, HTTPRoute) and route.path.startswith("/api")
        for handler in route.route_handlers
        for method in handler.http_methods
        if handler.operation_id or method != "OPTIONS"  # Litestar answers OPTIONS by itself
    }
    assert served - described == set()


@pytest.mark.timeout(600)
async def test_the_table_holds(district: World) -> None:
    expected, found, faults = rows(), {}, []
    shared = await with_photo(district, await make_targets(district))
    asked = [operation for operation in operations() if operation.id not in ENDLESS]
    for operation in sorted(asked, key=lambda each: each.id == "sign_out"):
        signs: list[str] = []
        targets = shared
        for column, who in WHO.items():
            # Who was let in may have changed them; who was refused has not.
            if operation.method not in READS and (not signs or signs[-1] == "+"):
                targets = await make_targets(district)
            answer = await ask(district, operation, who, targets)
            signs.append(sign_of(answer))
            faults += list(_leaks(district, column, operation, targets, answer))
            if signs[-1] == "-" and operation.id not in CREATES:
                absent = await ask(district, operation, who, make_absent(targets))
                if _said(absent) != _said(answer):
                    faults.append(f"{operation.id} tells {column} that it is there: {_said(answer)} {_said(absent)}")
        found[operation.id] = signs
    differing = [f"{name:<24} {' '.join(signs)}" for name, signs in found.items() if signs != expected.get(name)]
    assert (differing, faults) == ([], [])


async def test_what_another_district_has_is_not_taken_over(district: World) -> None:
    """Rows are put under ids that stand for ours: they are not there for a neighbour, and stand as they stood."""
    targets = await make_targets(district)
    own = targets | await district.db.write(lambda tx: _next_door(tx, district))
    for operation in operations():
        if operation.id in CREATES:
            ours = {name: targets[name] for name in targets if f"{{{name}}}" in operation.path}
            before = await _stands(district)
            for who in NEXT_DISTRICT:
                body = BODIES[operation.id](own)
                answer = await ask(district, operation, who, own | ours, body)
                assert sign_of(answer) in "-x", (operation.id, who, answer.text)
            assert await _stands(district) == before, operation.id


async def _next_door(tx: Tx, world: World) -> Targets:
    """What a neighbour's bodies may name."""
    above = world.cast.units["next_district"]
    district_id = world.cast.other_district_id
    unit_id = await make_unit(tx, district_id, code="411303001", name="梅溪街道", parent_id=above)
    shift_id = await make_shift(tx, district_id, name="早班")
    person_id = world.id_of("neighbour_handler")
    named = {"unit_id": unit_id, "parent_id": above, "person_id": person_id, "shift_id": shift_id}
    return {name: str(one) for name, one in named.items()}


async def _stands(world: World) -> list[list[dict[str, Any]]]:
    tables = (
        "units",
        "people",
        "posts",
        "shifts",
        "duties",
        "absences",
        "crews",
        "dispatch_rules",
        "upstreams",
        "broadcasts",
        "gateways",
        "alerts",
        "bulletins",
    )
    return [await world.db.all(f"SELECT * FROM {table} ORDER BY id") for table in tables]


def _leaks(world: World, column: str, operation: Operation, targets: Targets, answer: httpx.Response) -> Iterator[str]:
    """Ids of this district in what the next one is told."""
    if column not in NEXT_DISTRICT or not answer.is_success or not operation.path.startswith("/api"):
        return
    units = [str(unit_id) for name, unit_id in world.cast.units.items() if name != "next_district"]
    people = [str(person.person_id) for name, person in world.cast.people.items() if not name.startswith("neighbour")]
    # The id of an act is the word of who asks.
    ours = [value for name, value in targets.items() if name != "act_id"]
    for one in (*units, *people, *ours, str(world.cast.district_id)):
        if len(one) == len(targets["case_id"]) and one in answer.text:
            yield f"{operation.id} tells {column} of {one}"


def _said(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.text
