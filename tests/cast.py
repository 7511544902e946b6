"""The cast: one district at work, somebody of another unit, somebody of another district.

老张 and 老刘 are handlers of the crew of 王队 in 东关街道, whose operator sits in its office. 外人 is a handler of
another unit. 邻区 is the district next door.
"""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from moshao.kit.db import Tx
from moshao.people.making import (
    make_crew,
    make_device,
    make_district,
    make_duty,
    make_person,
    make_session,
    make_shift,
    make_unit,
)
from moshao.people.settings import DistrictSettings
from tests.phone import new_key, public_part


class Person(msgspec.Struct, frozen=True):
    """`key` is None for those who work at a desk."""

    person_id: UUID
    name: str
    role: str
    token: str
    key: object = None
    device_id: UUID | None = None


class Cast(msgspec.Struct, frozen=True):
    district_id: UUID
    other_district_id: UUID
    units: Mapping[str, UUID]
    people: Mapping[str, Person]
    crew_id: UUID


ROLES = {
    "handler": ("老张", "handler", "street"),
    "colleague": ("老刘", "handler", "street"),
    "leader_of_crew": ("王队", "crew_leader", "street"),
    "operator": ("小陈", "unit_operator", "street"),
    "inspector": ("小李", "inspector", "district"),
    "stranger": ("外人", "handler", "other_street"),
    "other_operator": ("他所小孙", "unit_operator", "other_street"),
    "supervisor": ("周督查", "supervisor", "district"),
    "second_supervisor": ("吴督查", "supervisor", "district"),
    "leader": ("郑区长", "leader", "district"),
    "admin": ("管理员", "admin", "district"),
    "neighbour": ("邻区督查", "supervisor", "next_district"),
    "neighbour_handler": ("邻区老马", "handler", "next_district"),
    "neighbour_admin": ("邻区管理员", "admin", "next_district"),
}


async def make_cast(tx: Tx, settings: DistrictSettings | None = None) -> Cast:
    """Put everybody on record, with phones paired and sessions open, on duty at all hours."""
    district_id = await make_district(tx, code="411302", name="宛城区", settings=settings)
    other_district_id = await make_district(tx, code="411303", name="卧龙区", settings=settings)
    units = {"district": await make_unit(tx, district_id, code="411302", name="宛城区二级平台", kind="district")}
    units["next_district"] = await make_unit(
        tx, other_district_id, code="411303", name="卧龙区二级平台", kind="district"
    )
    for key, code, name in (("street", "411302001", "东关街道"), ("other_street", "411302002", "新华街道")):
        units[key] = await make_unit(
            tx, district_id, code=code, name=name, parent_id=units["district"], street_code=f"{code}000"
        )
    people = {
        key: await _person(tx, units[unit], f"t-{number:03}", name, role)
        for number, (key, (name, role, unit)) in enumerate(ROLES.items())
    }
    hours = await make_shift(tx, district_id, name="全天")
    for key, unit in (("handler", "street"), ("colleague", "street"), ("stranger", "other_street")):
        await make_duty(tx, units[unit], people[key].person_id, hours)
    crew_id = await make_crew(
        tx, units["street"], name="机扫一班", people=[people["handler"].person_id, people["colleague"].person_id]
    )
    return Cast(district_id, other_district_id, units, people, crew_id)


async def _person(tx: Tx, unit_id: UUID, staff_no: str, name: str, role: str) -> Person:
    person_id = await make_person(tx, unit_id, staff_no=staff_no, name=name, role=role)
    if role in ("handler", "inspector", "crew_leader"):
        key = new_key()
        device_id = await make_device(tx, person_id, public_part(key))
        token = await make_session(tx, person_id, device_id=device_id)
        return Person(person_id, name, role, token, key, device_id)
    return Person(person_id, name, role, await make_session(tx, person_id))
