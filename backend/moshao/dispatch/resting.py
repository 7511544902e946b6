"""An absence begins: whoever planned it may have asked that the open cases go to the stand-in then."""

import logging
from datetime import datetime
from uuid import UUID

from moshao.cases.moving import Step
from moshao.dispatch.choosing import Roster
from moshao.dispatch.passing_on import pass_on
from moshao.kit.db import Database, Row, Tx
from moshao.people.keeping_absences import note_handed_over
from moshao.people.queries import Person, find_person, is_absent

log = logging.getLogger(__name__)

AT_ONCE = 50
_BEGUN = """
SELECT id FROM absences
WHERE hand_over AND handed_over_at IS NULL AND from_at <= ? AND until_at > ? ORDER BY from_at LIMIT ?"""
_STILL_TO_DO = "SELECT * FROM absences WHERE id = ? AND hand_over AND handed_over_at IS NULL AND from_at <= ?"


async def hand_over_for_absent(db: Database, now: datetime) -> set[UUID]:
    """Do it for up to `AT_ONCE` absences, each by itself; the districts whose journals grew. Several workers may do
    it at once."""
    rows = await db.all(_BEGUN, now, now, AT_ONCE)
    districts = [await _do_one(db, row["id"], now) for row in rows]
    return {district_id for district_id in districts if district_id is not None}


async def _do_one(db: Database, absence_id: UUID, now: datetime) -> UUID | None:
    async def work(tx: Tx) -> UUID | None:
        row = await tx.one(_STILL_TO_DO + tx.for_update(), absence_id, now)
        if row is None:
            return None  # another worker was first
        await note_handed_over(tx, absence_id, now)
        whose = await find_person(tx, row["person_id"])
        assert whose is not None
        step = Step(kind="handed_over", facts={"auto": True})
        await pass_on(tx, whose, await _stand_in(tx, row, now), Roster(tx, now), at=now, step=step, away=True)
        return whose.district_id

    try:
        return await db.write(work)
    except Exception as fault:
        log.error("handing_over_failed", exc_info=fault, extra={"absence_id": str(absence_id)})
        return None


async def _stand_in(tx: Tx, row: Row, now: datetime) -> Person | None:
    """None, where he has gone or is away himself: the roster then knows who is there."""
    if row["stand_in_id"] is None or await is_absent(tx, row["stand_in_id"], now):
        return None
    person = await find_person(tx, row["stand_in_id"])
    return person if person is not None and person.active else None
