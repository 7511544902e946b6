"""定岗 定时 定责: posts, shifts, and who answers at which post, in which hours, for which grids and classes."""

from datetime import date
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.keeping import (
    Kept,
    drop_row,
    find_row,
    keep_row,
    named_people,
    named_unit,
    start_again,
    tell,
    unit_of,
    unknown,
    wrong,
)
from moshao.people.roster_schemas import DutyBody, PostBody, ShiftBody


async def keep_post(tx: Tx, district_id: UUID, post_id: UUID, body: PostBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field`."""
    before = await _in_reach(tx, "posts", post_id, district_id, by)
    await named_unit(tx, body.unit_id, district_id, by)
    row: Row = {
        "id": post_id,
        "district_id": district_id,
        "unit_id": body.unit_id,
        "name": body.name,
        "shared": body.shared,
    }
    kept = await keep_row(tx, "posts", row, before)
    if kept.changed:
        await tell(tx, district_id, "post_changed", by, post_id=post_id, unit_id=body.unit_id, members=kept.changed)
    return kept


async def keep_shift(tx: Tx, district_id: UUID, shift_id: UUID, body: ShiftBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field`."""
    if not 0 < body.until_minute - body.from_minute <= 1440:
        raise wrong("until_minute", "out_of_order", "下班时间要晚于上班时间，且不超过 24 小时")
    before = await find_row(tx, "shifts", shift_id, district_id)
    row: Row = {"id": shift_id, "district_id": district_id, **msgspec.structs.asdict(body)}
    kept = await keep_row(tx, "shifts", row, before)
    if kept.changed:
        await tell(tx, district_id, "shift_changed", by, shift_id=shift_id, members=kept.changed)
    return kept


async def keep_duty(tx: Tx, district_id: UUID, duty_id: UUID, body: DutyBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field`. Who gains or loses the duty starts again: he sees other cases nearby."""
    _check_days(body)
    before = await _in_reach(tx, "duties", duty_id, district_id, by)
    await named_unit(tx, body.unit_id, district_id, by)
    await named_people(tx, "person_id", [body.person_id], district_id, by)
    await _named(tx, "shifts", "shift_id", body.shift_id, district_id)
    if body.post_id is not None:
        await _named(tx, "posts", "post_id", body.post_id, district_id)
    row: Row = {
        "id": duty_id,
        "district_id": district_id,
        "unit_id": body.unit_id,
        "post_id": body.post_id,
        "person_id": body.person_id,
        "shift_id": body.shift_id,
        "grids": msgspec.json.encode(sorted(set(body.grids))).decode(),
        "classes": msgspec.json.encode(sorted(set(body.classes))).decode(),
        "level": body.level,
        "from_day": body.from_day,
        "until_day": body.until_day,
    }
    kept = await keep_row(tx, "duties", row, before)
    if kept.changed:
        await start_again(tx, {body.person_id, before["person_id"] if before else body.person_id})
        facts = {"person_id": body.person_id, "unit_id": body.unit_id}
        await tell(tx, district_id, "duty_changed", by, duty_id=duty_id, members=kept.changed, **facts)
    return kept


async def end_duty(tx: Tx, district_id: UUID, duty_id: UUID, by: Actor | None) -> None:
    """Raises `not_found`."""
    row = await _in_reach(tx, "duties", duty_id, district_id, by)
    if row is None:
        raise errors.not_found()
    await drop_row(tx, "duties", duty_id, {})
    await start_again(tx, [row["person_id"]])
    await tell(tx, district_id, "duty_ended", by, duty_id=duty_id, person_id=row["person_id"])


async def drop_post(tx: Tx, district_id: UUID, post_id: UUID, by: Actor | None) -> None:
    """Raises `not_found`, `in_use`."""
    if await _in_reach(tx, "posts", post_id, district_id, by) is None:
        raise errors.not_found()
    await drop_row(tx, "posts", post_id, {"duties": "post_id", "devices": "post_id"})
    await tell(tx, district_id, "post_dropped", by, post_id=post_id)


async def drop_shift(tx: Tx, district_id: UUID, shift_id: UUID, by: Actor | None) -> None:
    """Raises `not_found`, `in_use`."""
    if await find_row(tx, "shifts", shift_id, district_id) is None:
        raise errors.not_found()
    await drop_row(tx, "shifts", shift_id, {"duties": "shift_id"})
    await tell(tx, district_id, "shift_dropped", by, shift_id=shift_id)


async def _in_reach(tx: Tx, table: str, row_id: UUID, district_id: UUID, by: Actor | None) -> Row | None:
    row = await find_row(tx, table, row_id, district_id)
    if row is not None and not await unit_of(tx, row["unit_id"], district_id, by):
        raise errors.not_found()
    return row


async def _named(tx: Tx, table: str, field: str, row_id: UUID, district_id: UUID) -> None:
    if not await tx.one(f"SELECT id FROM {table} WHERE id = ? AND district_id = ?", row_id, district_id):
        raise unknown(field)


def _check_days(body: DutyBody) -> None:
    for field, day in (("from_day", body.from_day), ("until_day", body.until_day)):
        try:
            date.fromisoformat(day or "2026-01-01")
        except ValueError as fault:
            raise wrong(field, "no_day", "没有这一天") from fault
    if body.from_day and body.until_day and body.until_day < body.from_day:
        raise wrong("until_day", "out_of_order", "结束日期要晚于开始日期")
