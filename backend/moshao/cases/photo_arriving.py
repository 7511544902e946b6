"""A photo that an act named has arrived, or turned out to be unusable."""

from typing import Literal
from uuid import UUID

import msgspec

from moshao.cases.case import Case, has_flag, lock_case, with_flags
from moshao.cases.members import move_each
from moshao.cases.moving import Step, move
from moshao.cases.passing import pass_by_itself
from moshao.cases.photos import DIFFERS
from moshao.cases.reworking import changes_of_rework
from moshao.cases.saying import remark
from moshao.evidence.queries import find_photos
from moshao.kit import clock
from moshao.kit.db import Row, Tx

NO_USABLE_PHOTO = "no_usable_photo"


async def photo_arrived(
    tx: Tx, photo_id: UUID, sha256: str, verdict: Literal["held", "refused"], code: str | None
) -> None:
    """Told by the evidence within its transaction. Where nothing is left of a closure's photos, the case goes back."""
    rows = await tx.all(
        "SELECT id, case_id, act_id, sha256, usage FROM case_photos WHERE photo_id = ? AND state = 'missing'", photo_id
    )
    for row in rows:
        await _arrived_for(tx, row, photo_id, sha256, verdict, code)


async def _arrived_for(
    tx: Tx, row: Row, photo_id: UUID, sha256: str, verdict: Literal["held", "refused"], code: str | None
) -> None:
    found = (await find_photos(tx, [photo_id]))[photo_id]
    if row["act_id"] is not None and await _is_anothers(tx, row["act_id"], found.person_id):
        return
    if row["sha256"] not in (None, sha256):
        verdict, code = "refused", DIFFERS
    usage = found.usage or row["usage"]
    await tx.run("UPDATE case_photos SET state = ?, code = ?, usage = ? WHERE id = ?", verdict, code, usage, row["id"])
    case = await lock_case(tx, row["case_id"])
    if case is None:
        raise LookupError(f"photo {photo_id} was named for a case that is not there")
    if verdict == "held":
        after = await move(tx, case, Step(kind="photo_arrived", facts={"photo_id": photo_id}))
        await _pass_by_itself(tx, after)
    else:
        flags = with_flags(case.flags, add=("bad_photo",))
        step = Step(kind="photo_refused", changes={"flags": flags}, facts={"photo_id": photo_id, "code": code})
        after = await move(tx, case, step)
        if row["act_id"] is not None and row["act_id"] == case.closure_id:
            await _back_without_photos(tx, after)


async def _is_anothers(tx: Tx, act_id: UUID, person_id: UUID | None) -> bool:
    """Whether somebody else sent a photo under the id that this act named."""
    return bool(await tx.value("SELECT person_id FROM acts WHERE id = ?", act_id) != person_id)


async def _pass_by_itself(tx: Tx, case: Case) -> None:
    """A closure that waited for its photos and is not marked passes, where the unit looks at marked ones only."""
    if case.state != "handled" or case.closure_id is None or has_flag(case, "bad_photo"):
        return
    closure = await tx.one("SELECT body, clock_doubt FROM acts WHERE id = ?", case.closure_id)
    if closure is None or closure["clock_doubt"]:
        return
    body = msgspec.json.decode(closure["body"])
    if body.get("no_photo_reason") is None and body.get("off_site_reason") is None:
        await pass_by_itself(tx, case, Step(kind="unit_passed", facts={"auto": True}))


async def _back_without_photos(tx: Tx, case: Case) -> None:
    """Every photo of the closure was refused: back to the handler, the reason named."""
    if case.state not in ("handled", "feedback"):
        return
    usable = await tx.one("SELECT id FROM case_photos WHERE act_id = ? AND state <> 'refused' LIMIT 1", case.closure_id)
    if usable is not None:
        return
    now = clock.now()
    changes = await changes_of_rework(tx, case, now, failed=False)

    def steps(each: Case) -> list[Step]:
        facts = {"by": "photos", "code": NO_USABLE_PHOTO}
        return [Step(kind="reworked", changes=changes(each), facts=facts, said=remark(now, code=NO_USABLE_PHOTO))]

    await move_each(tx, case, steps)
