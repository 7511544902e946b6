"""The tree of units from a sheet, a unit a row; a row may name a unit above it that stands in an earlier row."""

from typing import Any
from uuid import UUID

import msgspec

from moshao.kit import ids
from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.people.importing_rows import Cells, Columns, ImportReport, Status, import_rows, status_of
from moshao.people.keeping import wrong
from moshao.people.keeping_units import keep_unit
from moshao.people.roster_schemas import UnitBody

COLUMNS = {
    "单位编码": "code",
    "名称": "name",
    "类型": "kind",
    "上级编码": "parent",
    "街道编码": "street_code",
    "电话": "phone",
}
KIND_NAMES = {
    "二级平台": "district",
    "街道": "street",
    "乡镇": "street",
    "部门": "department",
    "社区": "community",
    "中队": "team",
    "权属单位": "owner",
}


async def import_units(db: Database, district_id: UUID, rows: list[Cells], by: Actor | None) -> ImportReport:
    """A unit is known by its code; what a row leaves out stays. A row without 上级编码 stands below the district."""

    async def keep_row(tx: Tx, named: Cells) -> tuple[Status, None]:
        known = await tx.one(
            "SELECT id, name, code, kind, parent_id, street_code, phone, active FROM units "
            "WHERE district_id = ? AND code = ?",
            district_id, named.get("code", ""),
        )  # fmt: skip
        members: dict[str, Any] = dict(known) if known else {"id": ids.new_id()}
        unit_id = members.pop("id")
        members |= {name: named[name] for name in ("name", "code", "street_code", "phone") if name in named}
        if kind := named.get("kind"):
            members["kind"] = KIND_NAMES.get(kind, kind)
        if known is None or "parent" in named:
            members["parent_id"] = await _above(tx, district_id, named.get("parent"))
        kept = await keep_unit(tx, district_id, unit_id, msgspec.convert(members, UnitBody), by)
        return status_of(kept), None

    return await import_rows(db, rows, Columns(COLUMNS), keep_row, keep=True)


async def _above(tx: Tx, district_id: UUID, code: str | None) -> UUID | None:
    """The unit of that code; without one the district's own."""
    if code is None:
        found: UUID | None = await tx.value(
            "SELECT id FROM units WHERE district_id = ? AND kind = 'district' ORDER BY id LIMIT 1", district_id
        )
        return found
    named: UUID | None = await tx.value("SELECT id FROM units WHERE district_id = ? AND code = ?", district_id, code)
    if named is None:
        raise wrong("parent", "unknown", "没有这个上级编码")
    return named
