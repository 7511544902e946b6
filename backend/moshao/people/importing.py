"""A roster from a sheet: one person a row, with his duty if the row names a shift. Each row stands for itself."""

import re
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.kit.db import Database, Row, Tx
from moshao.people.actor import Actor
from moshao.people.importing_rows import Cells, Columns, ImportReport, Status, import_rows, status_of
from moshao.people.keeping import Kept, wrong
from moshao.people.keeping_duties import keep_duty, keep_post
from moshao.people.keeping_people import keep_person
from moshao.people.roster_schemas import DutyBody, PersonBody, PostBody

# The names of the columns in a sheet, and of roles and levels in its cells.
COLUMNS = {
    "工号": "staff_no",
    "姓名": "name",
    "角色": "role",
    "单位编码": "unit_code",
    "电话": "phone",
    "岗位": "post",
    "班次": "shift",
    "网格": "grids",
    "类别": "classes",
    "备勤": "level",
}
NAME_MOST = 60
LEVEL_NAMES = {"在岗": 0, "备勤1": 1, "备勤2": 2, "带班领导": 3}
SAYS = {
    "staff_no": "工号只能是字母、数字、点、横线，不超过 40 个",
    "name": "姓名不能空着，不超过 60 个字",
    "role": "没有这个角色",
    "phone": "不是电话号码",
    "post": "岗位名称不超过 60 个字",
    "grids": "网格写编码，几个之间用空格，* 表示全部",
    "classes": "类别写 matter:01 或 component:0102，几个之间用空格，* 表示全部",
    "level": "备勤写 0 在岗、1 备勤1、2 备勤2、3 带班领导",
}
ROSTER = Columns(COLUMNS, {"staff_no_taken": "staff_no", "not_your_role": "role", "last_admin": "role"}, SAYS)
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
    """What a row leaves out stays. `keep` False only tries. A post that the unit does not have yet is opened."""
    called = {name: heading for heading, name in COLUMNS.items()}
    strange = _named_twice(rows, called["staff_no"], called["name"])

    async def keep_row(tx: Tx, named: Cells) -> tuple[Status, UUID]:
        if (first := strange.get((named.get("staff_no", ""), named.get("name", "")))) is not None:
            raise wrong("staff_no", "twice", f"第 {first} 行已有这个工号，姓名不同")
        person_id, kept = await _person(tx, district_id, named, by)
        if "shift" not in named and "post" in named:
            raise wrong("shift", "missing", "写了岗位，也要写班次")
        duty = await _duty(tx, district_id, person_id, named, by) if "shift" in named else Kept(False, ())
        return status_of(kept, duty), person_id

    return await import_rows(db, rows, ROSTER, keep_row, keep=keep)


def _named_twice(rows: list[Cells], number: str, name: str) -> dict[tuple[str, str], int]:
    """Staff numbers that another row gave to somebody else before: (number, name) → that row's line."""
    first: dict[str, tuple[str, int]] = {}
    strange: dict[tuple[str, str], int] = {}
    for line, cells in enumerate(rows, start=2):
        staff_no, called = cells.get(number, ""), cells.get(name, "")
        if not staff_no or not called:
            continue
        known, at = first.setdefault(staff_no, (called, line))
        if known != called:
            strange[staff_no, called] = at
    return strange


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
    if "post" in named:
        members["post_id"] = await _post(tx, district_id, unit_id, named["post"], by)
    body = msgspec.convert(members | {"level": _level(named.get("level", "0"))}, DutyBody)
    before: Row | None = await tx.one(
        "SELECT * FROM duties WHERE person_id = ? AND unit_id = ? AND shift_id = ? AND level = ? "
        "AND from_day IS NULL AND until_day IS NULL",
        person_id,
        unit_id,
        shift_id,
        body.level,
    )
    return await keep_duty(
        tx, district_id, before["id"] if before else ids.new_id(), _as_it_stands(body, before, named), by
    )


def _as_it_stands(body: DutyBody, before: Row | None, named: Cells) -> DutyBody:
    """With what the row leaves out as it was."""
    if before is None:
        return body
    stands: dict[str, Any] = {
        "post_id": body.post_id if "post" in named else before["post_id"],
        "grids": body.grids if "grids" in named else msgspec.json.decode(before["grids"]),
        "classes": body.classes if "classes" in named else msgspec.json.decode(before["classes"]),
    }
    return msgspec.structs.replace(body, **stands)


async def _post(tx: Tx, district_id: UUID, unit_id: UUID | None, name: str, by: Actor | None) -> UUID:
    """The unit's post of this name, opened where there is none."""
    known = await tx.value("SELECT id FROM posts WHERE unit_id = ? AND name = ? ORDER BY id LIMIT 1", unit_id, name)
    if known is not None:
        found: UUID = known
        return found
    made = ids.new_id()
    if len(name) > NAME_MOST:
        raise wrong("post", "too_long", SAYS["post"])
    await keep_post(tx, district_id, made, msgspec.convert({"unit_id": unit_id, "name": name}, PostBody), by)
    return made


async def _id_by(tx: Tx, table: str, column: str, value: str, district_id: UUID) -> UUID | None:
    row = await tx.one(f"SELECT id FROM {table} WHERE {column} = ? AND district_id = ? LIMIT 1", value, district_id)
    return row["id"] if row else None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,，、;；]+", text) if word]


def _level(text: str) -> int:
    return int(text) if text in ("0", "1", "2", "3") else LEVEL_NAMES.get(text.replace(" ", ""), -1)
