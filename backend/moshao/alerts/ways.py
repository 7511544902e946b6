"""On which ways a person can be rung now: his browsers, the gateways that know him."""

from collections.abc import Collection
from uuid import UUID

import msgspec

from moshao.alerts.gateways.kinds import KINDS
from moshao.kit.db import Row, marks
from moshao.kit.kept import Asked
from moshao.people.queries import find_people
from moshao.people.sessions import ringable_among


class Browser(msgspec.Struct, frozen=True):
    """`id` of the subscription."""

    id: UUID
    origin: str


class Way(msgspec.Struct, frozen=True):
    """A gateway that can ring him: its id and kind."""

    id: UUID
    kind: str


class Ways(msgspec.Struct, frozen=True):
    browsers: tuple[Browser, ...] = ()
    gateways: tuple[Way, ...] = ()


NO_WAYS = Ways()


async def gateways_of(reader: Asked, district_id: UUID) -> list[Row]:
    """The district's gateways in the order in which they ring."""
    rows = await reader.all(
        "SELECT id, kind FROM gateways WHERE district_id = ? AND active ORDER BY rank, id", district_id
    )
    return [row for row in rows if row["kind"] in KINDS]


async def ways_of(reader: Asked, people: Collection[UUID], gateways: Collection[Row]) -> dict[UUID, Ways]:
    """Of each of these persons; `gateways` are their district's."""
    browsers = await _browsers(reader, people)
    known = await _gateways(reader, people, gateways) if gateways else {}
    return {person: Ways(tuple(browsers.get(person, ())), tuple(known.get(person, ()))) for person in people}


async def _browsers(reader: Asked, people: Collection[UUID]) -> dict[UUID, list[Browser]]:
    if not people:
        return {}
    rows = await reader.all(
        f"SELECT id, person_id, session_id, origin FROM push_subscriptions WHERE person_id IN ({marks(len(people))})",
        *people,
    )
    alive = await ringable_among(reader, {row["session_id"] for row in rows})
    found: dict[UUID, list[Browser]] = {}
    for row in rows:
        if row["session_id"] in alive:
            found.setdefault(row["person_id"], []).append(Browser(row["id"], row["origin"]))
    return found


async def _gateways(reader: Asked, people: Collection[UUID], gateways: Collection[Row]) -> dict[UUID, list[Way]]:
    if not people:
        return {}
    rows = await reader.all(
        "SELECT gateway_id, person_id FROM gateway_addresses "
        f"WHERE invalid_at IS NULL AND person_id IN ({marks(len(people))})",
        *people,
    )
    named = {(row["gateway_id"], row["person_id"]) for row in rows}
    here = [person for person in (await find_people(reader, list(people))).values() if person.active]
    phones = {person.id for person in here if person.phone}
    found: dict[UUID, list[Way]] = {}
    for gateway in gateways:
        by = KINDS[gateway["kind"]].reaches_by
        for person in (each.id for each in here):
            if by == "anybody" or (person in phones if by == "phone" else (gateway["id"], person) in named):
                found.setdefault(person, []).append(Way(gateway["id"], gateway["kind"]))
    return found
