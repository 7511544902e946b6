"""The demo district: 宛城's units with people on duty at all hours, its map, and the platform above it."""

from uuid import UUID

import msgspec

from moshao.kit.db import Database, Reader, Tx
from moshao.operate.demo_file import Member
from moshao.operate.demo_roster import SEEDS, PlannedPerson, PlannedUnit, plan_people, plan_units
from moshao.people.making import (
    FOR_EVER,
    make_crew,
    make_district,
    make_duty,
    make_pairing_code,
    make_person,
    make_shift,
    make_unit,
)
from moshao.places.areas import AreaKind
from moshao.places.grids import read_grids
from moshao.places.importing import import_grids
from moshao.upstream.making import change_settings, make_upstream
from moshao.upstream.queries import find_upstream

DISTRICTS = {1: ("411302", "宛城区", "city"), 2: ("411399", "演示二区", "city2")}
AREAS: tuple[tuple[str, AreaKind], ...] = (
    ("outline.geojson", "outline"),
    ("streets_SYNTHETIC.geojson", "street"),
    ("unit_grids_SYNTHETIC.geojson", "unit"),
)
CODES_EACH = 20
ON_DUTY = ("handler", "inspector")


class DistrictMade(msgspec.Struct, frozen=True):
    """What is known of a demo district when it has been made, and never again: its secrets."""

    district_id: UUID
    name: str
    upstream_name: str
    upstream_secret: str
    people: list[Member]


async def has_districts(reader: Reader | Database) -> bool:
    return bool(await reader.value("SELECT count(*) FROM districts"))


async def make_demo_district(db: Database, number: int) -> DistrictMade:
    """District `number` (1 is 宛城; 2 has the same units under other codes), whole or not at all."""
    code, name, upstream = DISTRICTS[number]
    units = plan_units(number, code, f"{name}数字化城市管理中心")
    people = await plan_people(number, units)
    areas = [area for file, kind in AREAS for area in read_grids((SEEDS / file).read_bytes(), kind)[0]]

    async def work(tx: Tx) -> DistrictMade:
        district_id = await make_district(tx, code=code, name=name)
        await import_grids(tx, district_id, areas)
        for serial, unit in enumerate(units):
            await make_unit(
                tx, district_id, code=unit.code, name=unit.name, kind=unit.kind, parent_id=unit.parent_id,
                street_code=unit.street_code, phone=_number(number, serial), unit_id=unit.unit_id,
            )  # fmt: skip
        members = [await _person(tx, person, _number(number, len(units) + n)) for n, person in enumerate(people)]
        await _roster(tx, district_id, units, people)
        secret = await make_upstream(tx, district_id, upstream)
        return DistrictMade(district_id, name, upstream, secret, members)

    return await db.write(work)


async def send_feedback_to(db: Database, upstream: str, url: str) -> None:
    """Events for the upstream platform go to `url` from now on."""
    known = await find_upstream(db, upstream)
    if known is not None and known.settings.feedback_url != url:
        settings = msgspec.structs.replace(known.settings, feedback_url=url)
        await db.write(lambda tx: change_settings(tx, upstream, settings))


async def _person(tx: Tx, one: PlannedPerson, phone: str) -> Member:
    await make_person(
        tx, one.unit.unit_id, staff_no=one.staff_no, name=one.name, role=one.role, phone=phone,
        password_hash=one.password_hash, person_id=one.person_id,
    )  # fmt: skip
    return Member(
        person_id=one.person_id,
        name=one.name,
        role=one.role,
        unit_id=one.unit.unit_id,
        unit=one.unit.name,
        unit_code=one.unit.code,
        staff_no=one.staff_no,
        password=one.password,
        pairing_codes=[await make_pairing_code(tx, one.person_id, expires_in=FOR_EVER) for _ in range(CODES_EACH)],
    )


def _number(district: int, serial: int) -> str:
    """A telephone number of 南阳 that nobody has: none there begins with a nought."""
    return f"0377-0{district}{serial:05}"


async def _roster(tx: Tx, district_id: UUID, units: list[PlannedUnit], people: list[PlannedPerson]) -> None:
    """Everybody of the street is on duty at all hours, for all classes; the handlers of a unit are one crew."""
    always = await make_shift(tx, district_id, name="全天")
    for one in people:
        if one.role in ON_DUTY:
            await make_duty(tx, one.unit.unit_id, one.person_id, always)
    for unit in units:
        if crew := [one.person_id for one in people if one.unit == unit and one.role == "handler"]:
            await make_crew(tx, unit.unit_id, name="机动班", people=crew)
