"""请假 and 替班: who is away, and who stands in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from moshao.kit import errors
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.codes import AbsenceKind
from moshao.people.keeping import Kept, drop_row, find_row, keep_row, named_people, tell, wrong
from moshao.people.roster_schemas import AbsenceBody

ABSENT_MOST = timedelta(days=400)


async def keep_absence(tx: Tx, district_id: UUID, absence_id: UUID, body: AbsenceBody, by: Actor | None) -> Kept:
    """Raises `not_found`, `bad_field`."""
    if not timedelta() < body.until_at - body.from_at <= ABSENT_MOST:
        raise wrong("until_at", "out_of_order", "结束时间要晚于开始时间，且不超过 400 天")
    if body.stand_in_id == body.person_id:
        raise wrong("stand_in_id", "same_person", "不能由本人顶班")
    before = await _in_reach(tx, absence_id, district_id, by)
    await named_people(tx, "person_id", [body.person_id], district_id, by)
    await named_people(tx, "stand_in_id", [body.stand_in_id] if body.stand_in_id else [], district_id, by)
    row: Row = {
        "id": absence_id,
        "district_id": district_id,
        "person_id": body.person_id,
        "from_at": body.from_at.astimezone(UTC),
        "until_at": body.until_at.astimezone(UTC),
        "kind": body.kind,
        "stand_in_id": body.stand_in_id,
        "hand_over": body.hand_over,
    }
    kept = await keep_row(tx, "absences", row, before)
    if kept.changed:
        facts = {"person_id": body.person_id, "stand_in_id": body.stand_in_id}
        await tell(tx, district_id, "absence_changed", by, absence_id=absence_id, members=kept.changed, **facts)
    return kept


async def send_home(
    tx: Tx,
    district_id: UUID,
    absence_id: UUID,
    person_id: UUID,
    *,
    stand_in_id: UUID | None,
    from_at: datetime,
    until_at: datetime,
    kind: AbsenceKind,
    by: Actor,
) -> None:
    """An absence with which his open cases go over. Raises `not_found`, `bad_field`."""
    body = AbsenceBody(
        person_id=person_id, from_at=from_at, until_at=until_at, kind=kind, stand_in_id=stand_in_id, hand_over=True
    )
    await keep_absence(tx, district_id, absence_id, body, by)


async def note_handed_over(tx: Tx, absence_id: UUID, at: datetime) -> None:
    """The open cases of the absent person have gone to others."""
    await tx.run("UPDATE absences SET handed_over_at = ? WHERE id = ?", at, absence_id)


async def cancel_absence(tx: Tx, district_id: UUID, absence_id: UUID, by: Actor | None) -> None:
    """Raises `not_found`."""
    row = await _in_reach(tx, absence_id, district_id, by)
    if row is None:
        raise errors.not_found()
    await drop_row(tx, "absences", absence_id, {})
    await tell(tx, district_id, "absence_cancelled", by, absence_id=absence_id, person_id=row["person_id"])


async def _in_reach(tx: Tx, absence_id: UUID, district_id: UUID, by: Actor | None) -> Row | None:
    row = await find_row(tx, "absences", absence_id, district_id)
    if row is not None:
        try:
            await named_people(tx, "person_id", [row["person_id"]], district_id, by)
        except errors.Refused as out_of_reach:
            raise errors.not_found() from out_of_reach
    return row
