"""Who works where in the demo: the centre's people, and each unit's. Persons are invented (演示数据)."""

import asyncio
import csv
import random
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.people.passwords import hashed

SEEDS = files("moshao") / "seeds" / "wancheng"
CENTRE = (("supervisor", 2), ("inspector", 2), ("leader", 1), ("admin", 1))
# A community or team is run by the unit above it: it has people to send and nobody at a desk.
BY_TIER = {"3": (("crew_leader", 1), ("unit_operator", 1), ("handler", 4)), "4": (("handler", 3),)}
STAFF_LETTERS = {
    "supervisor": "DC", "inspector": "WG", "leader": "LD", "admin": "GL",
    "crew_leader": "BZ", "unit_operator": "CZ", "handler": "CL",
}  # fmt: skip
FAMILY_NAMES = "张王李赵刘陈杨黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
GIVEN_NAMES = (
    "建国", "秀英", "志强", "桂兰", "春生", "玉梅", "国庆", "丽华", "金柱", "小红", "长顺", "凤霞", "保田",
    "翠萍", "学军", "淑珍", "铁山", "爱民", "新民",
)  # fmt: skip


class PlannedUnit(msgspec.Struct, frozen=True):
    """A unit to be put on record. `parent_id` is None for the centre alone."""

    unit_id: UUID
    parent_id: UUID | None
    code: str
    name: str
    kind: str
    tier: str
    street_code: str | None


class PlannedPerson(msgspec.Struct, frozen=True):
    """Somebody to be put on record."""

    person_id: UUID
    name: str
    role: str
    unit: PlannedUnit
    staff_no: str
    password: str
    password_hash: str


def plan_units(number: int, code: str, centre: str) -> list[PlannedUnit]:
    """The centre, then the rows of units.csv, parents first; another district's codes are told apart by a letter."""
    mark = "" if number == 1 else chr(ord("A") + number - 2)
    top = PlannedUnit(ids.new_id(), None, code, centre, "district", "2", None)
    units = {"": top}
    for row in csv.DictReader(StringIO((SEEDS / "units.csv").read_text("utf-8"))):
        units[row["code"]] = PlannedUnit(
            unit_id=ids.new_id(),
            parent_id=units[row["parent"]].unit_id,
            code=row["code"] + mark,
            name=row["name"],
            kind=row["kind"],
            tier=row["tier"],
            street_code=row["street_code"] or None,
        )
    return list(units.values())


async def plan_people(number: int, units: list[PlannedUnit]) -> list[PlannedPerson]:
    """Everybody with a name, a staff number and a password of his own."""
    wanted = list(_wanted(units))
    chance = random.Random(number)
    passwords = [ids.new_secret(9) for _ in wanted]
    hashes = await asyncio.gather(*(hashed(password) for password in passwords))
    mark = "" if number == 1 else f"D{number}-"
    return [
        PlannedPerson(
            person_id=ids.new_id(),
            name=chance.choice(FAMILY_NAMES) + chance.choice(GIVEN_NAMES),
            role=role,
            unit=unit,
            staff_no=f"{mark}{STAFF_LETTERS[role]}{serial:04}",
            password=passwords[serial - 1],
            password_hash=hashes[serial - 1],
        )
        for serial, (role, unit) in enumerate(wanted, 1)
    ]


def _wanted(units: list[PlannedUnit]) -> Iterator[tuple[str, PlannedUnit]]:
    for unit in units:
        for role, count in BY_TIER.get(unit.tier, CENTRE):
            for _ in range(count):
                yield role, unit
