"""A roster from a sheet: one person a row, with his duty if the row names a shift. Each row stands for itself."""

import re
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.kit.db import Database, Row, Tx
from moshao.people.actor import Actor
from moshao.people.importing_rows import Cells, ImportReport, Status, import_rows, status_of
from moshao.people.keeping import Kept, wrong
from moshao.people.keeping_duties import keep_duty
from moshao.people.keeping_people import keep_person
from moshao.people.roster_schemas import DutyBody, PersonBody

# The names of the columns in a sheet, and of roles in its cells.
COLUMNS = {
    "工号": "staff_no",
    "姓名": "name",
    "角色": "role",
    "单位编码": "unit_code",
    "电话": "phone",
    "班次": "shift",
    "网格": "grids",
    "类别": "classes",
    "备勤": "level",
}
ROLE_NAMES = {
    "处置人员": "handler",
    "监督员": "inspector",
    "网格员": "inspector",
    "班组长": "crew_leader",
    "单位操作员": "unit_operator",
    "督查员": "supervisor",
    "派遣员": "supervisor",
    "区领导": "leader",
    "管理员": "admin",
}


async def import_roster(
    db: Database, district_id: UUID, rows: list[Cells], by: Actor | None, *, keep: bool = True
) -> ImportReport:
    """What a row leaves out stays. `keep` False only tries."""

    async def keep_row(tx: Tx, named: Cells) -> tuple[Status, UUID]:
        person_id, kept = await _person(tx, district_id, named, by)
        duty = await _duty(tx, district_id, person_id, named, by) if "shift" in named else Kept(False, ())
        return status_of(kept, duty), person_id

    return await import_rows(db, rows, COLUMNS, keep_row, keep=keep)


async def _person(tx: Tx, district_id: UUID, named: Cells, by: Actor | None) -> tuple[UUID, Kept]:
    unit_id = await _id_by(tx, "units", "code", named.get("unit_code", ""), district_id)
    if unit_id is None:
        raise wrong("unit_code", "unknown", "没有这个单位编码")
    known = await tx.one(
        "SELECT id, name, role, phone, active FROM people WHERE staff_no = ? AND district_id = ?",
        named.get("staff_no", ""),
        district_id,
    )
    members: dict[str, Any] = dict(known) if known else {"id": ids.new_id()}
    members |= {name: named[name] for name in ("staff_no", "name", "phone") if name in named}
    if role := named.get("role"):
        members["role"] = ROLE_NAMES.get(role, role)
    members["unit_id"] = unit_id
    person_id = members.pop("id")
    body = msgspec.convert(members, PersonBody)
    return person_id, await keep_person(tx, district_id, person_id, body, by)


async def _duty(tx: Tx, district_id: UUID, person_id: UUID, named: Cells, by: Actor | None) -> Kept:
    shift_id = await _id_by(tx, "shifts", "name", named["shift"], district_id)
    if shift_id is None:
        raise wrong("shift", "unknown", "没有这个班次")
    person = await tx.one("SELECT unit_id FROM people WHERE id = ?", person_id)
    unit_id = person["unit_id"] if person else None
    members: dict[str, Any] = {"unit_id": unit_id, "person_id": person_id, "shift_id": shift_id}
    members |= {name: _words(named[name]) for name in ("grids", "classes") if name in named}
    body = msgspec.convert(members | {"level": _level(named.get("level", "0"))}, DutyBody)
    before: Row | None = await tx.one(
        "SELECT id FROM duties WHERE person_id = ? AND unit_id = ? AND shift_id = ? AND level = ? "
        "AND from_day IS NULL AND until_day IS NULL",
        person_id,
        unit_id,
        shift_id,
        body.level,
    )
    return await keep_duty(tx, district_id, before["id"] if before else ids.new_id(), body, by)


async def _id_by(tx: Tx, table: str, column: str, value: str, district_id: UUID) -> UUID | None:
    row = await tx.one(f"SELECT id FROM {table} WHERE {column} = ? AND district_id = ? LIMIT 1", value, district_id)
    return row["id"] if row else None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,，、;；]+", text) if word]


def _level(text: str) -> int:
    return int(text) if text in ("0", "1", "2", "3") else -1
