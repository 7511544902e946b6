"""A supervisor says whether a mark was right. A mark that mostly was not falls silent, with a notice."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.case import find_case
from moshao.cases.visibility import standing
from moshao.evidence.marks import MARKS
from moshao.evidence.quieting import quiet_marks, quieten, wake, woken_marks
from moshao.journal.appending import Line, append
from moshao.kit import errors, ids
from moshao.kit.db import Reader, Tx
from moshao.people.actor import Actor
from moshao.review.kinds import KINDS
from moshao.review.schemas import MarkPrecision

# A mark is measured by its last hundred judgements, and not before there are twenty.
MEASURED = 100
ENOUGH = 20
PRECISION_LEAST = 0.5

_JUDGE = """
INSERT INTO mark_judgements (id, district_id, case_id, photo_id, mark, is_right, person_id, at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (case_id, photo_id, mark)
DO UPDATE SET is_right = excluded.is_right, person_id = excluded.person_id, at = excluded.at
"""
_FORGET = "DELETE FROM mark_judgements WHERE case_id = ? AND photo_id = ? AND mark = ?"


async def judge(
    tx: Tx, actor: Actor, case_id: UUID, photo_id: UUID, mark: str, is_right: bool | None, now: datetime
) -> None:
    """Keep the judgement, None takes it back. The same again changes nothing. Raises Refused."""
    case = await find_case(tx, case_id)
    if case is None or (await standing(tx, actor, case)).sight != "see":
        raise errors.not_found()
    said = await tx.value("SELECT marks FROM photo_uses WHERE case_id = ? AND photo_id = ?", case_id, photo_id)
    if said is None or mark not in msgspec.json.decode(said, type=list[str]):
        raise errors.not_found()
    before = await tx.value(
        "SELECT is_right FROM mark_judgements WHERE case_id = ? AND photo_id = ? AND mark = ?", case_id, photo_id, mark
    )
    if before == is_right:
        return
    if is_right is None:
        await tx.run(_FORGET, case_id, photo_id, mark)
    else:
        row = (ids.new_id(), actor.district_id, case_id, photo_id, mark, is_right, actor.person_id, now)
        await tx.run(_JUDGE, *row)
    facts = {"case_id": case_id, "photo_id": photo_id, "mark": mark, "is_right": is_right}
    lines = [Line(kind=KINDS.known("mark_judged"), person_id=actor.person_id, facts=facts)]
    lines += await _quietened(tx, actor.district_id, mark, now)
    await append(tx, actor.district_id, lines)


async def wake_mark(tx: Tx, actor: Actor, mark: str, now: datetime) -> None:
    """Show it again, and measure it anew. Raises Refused."""
    if mark not in MARKS:
        raise errors.not_found()
    if await wake(tx, actor.district_id, mark, now):
        line = Line(kind=KINDS.known("mark_woken"), person_id=actor.person_id, facts={"mark": mark})
        await append(tx, actor.district_id, [line])


async def precisions(reader: Reader, district_id: UUID) -> list[MarkPrecision]:
    """Every mark, in a fixed order."""
    quiet = await quiet_marks(reader, district_id)
    found = []
    for mark in MARKS:
        judged, right = await _measured(reader, district_id, mark)
        found.append(MarkPrecision(mark=mark, judged=judged, right=right, quiet_since=quiet.get(mark)))
    return found


async def _quietened(tx: Tx, district_id: UUID, mark: str, now: datetime) -> list[Line]:
    judged, right = await _measured(tx, district_id, mark)
    if judged < ENOUGH or right >= judged * PRECISION_LEAST or not await quieten(tx, district_id, mark, now):
        return []
    return [Line(kind=KINDS.known("mark_quieted"), facts={"mark": mark, "judged": judged, "right": right})]


async def _measured(reader: Reader, district_id: UUID, mark: str) -> tuple[int, int]:
    """Of its last judgements, since it was woken if it ever was: how many, how many right."""
    woken = (await woken_marks(reader, district_id)).get(mark)
    since, args = ("AND at > ?", (woken,)) if woken else ("", ())
    rows = await reader.all(
        f"SELECT is_right FROM mark_judgements WHERE district_id = ? AND mark = ? {since} ORDER BY at DESC LIMIT ?",
        district_id, mark, *args, MEASURED,
    )  # fmt: skip
    return len(rows), sum(bool(row["is_right"]) for row in rows)
