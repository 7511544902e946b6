"""Holidays and make-up days (调休) from a sheet, a day a row, as the yearly notice names them."""

import re
from datetime import date
from uuid import UUID

import msgspec

from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.people.calendar_schemas import HolidayBody
from moshao.people.importing_rows import Cells, Columns, ImportReport, Status, import_rows, status_of
from moshao.people.keeping import wrong
from moshao.people.keeping_calendars import keep_holiday

COLUMNS = {"日期": "day", "类型": "kind", "名称": "name", "英文名称": "name_en"}
KIND_NAMES = {"放假": "free", "上班": "work"}
# 2027-01-01, 2027/1/1, 2027年1月1日, and what a workbook makes of a date.
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?( 00:00:00)?")


async def import_holidays(db: Database, district_id: UUID, rows: list[Cells], by: Actor | None) -> ImportReport:
    """Whether the district works on each of these days; days that no row names stay as they are."""

    async def keep_row(tx: Tx, named: Cells) -> tuple[Status, None]:
        day = _day(named.pop("day", ""))
        kind = named.pop("kind", "")
        body = msgspec.convert({**named, "kind": KIND_NAMES.get(kind, kind)}, HolidayBody)
        return status_of(await keep_holiday(tx, district_id, day, body, by)), None

    return await import_rows(db, rows, Columns(COLUMNS), keep_row, keep=True)


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    try:
        if found:
            return date(*map(int, found.groups()[:3]))
    except ValueError:
        pass
    raise wrong("day", "no_day", "没有这一天，日期写作 2027-01-01")
