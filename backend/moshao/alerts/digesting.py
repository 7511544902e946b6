"""A burst is over, or a minute old: the digest that gathered it goes out."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from moshao.alerts.planning import USUAL_LIFE, Channels, Plan, number
from moshao.kit import clock
from moshao.kit.db import Database, Row, Tx, marks

AT_ONCE = 200
_OUT = "UPDATE notices SET state = 'out', due_at = ?, number = ?, expires_at = ? WHERE id = ? AND state = 'gathering'"


async def show_digests(db: Database) -> set[UUID]:
    """Send out those that are due; the districts in which some were. For one worker at a time."""
    due = await db.all(
        "SELECT * FROM notices WHERE state = 'gathering' AND due_at <= ? ORDER BY due_at LIMIT ?", clock.now(), AT_ONCE
    )
    districts = {row["district_id"] for row in due}
    for district_id in districts:
        await _show_in(db, district_id, [row for row in due if row["district_id"] == district_id])
    return districts


async def _show_in(db: Database, district_id: UUID, notices: Sequence[Row]) -> None:
    now = clock.now()
    async with db.reading() as reader:
        plan = Plan(reader, district_id, now)
        await plan.load(row["person_id"] for row in notices)
        rings = await reader.all(
            "SELECT r.notice_id, r.step, a.ladder, a.state FROM rings r JOIN alerts a ON a.id = r.alert_id "
            f"WHERE r.notice_id IN ({marks(len(notices))})",
            *(row["id"] for row in notices),
        )
    out = [row | {"state": "out"} for row in notices]
    for notice in out:
        left = [ring for ring in rings if ring["notice_id"] == notice["id"] and ring["state"] not in ENDED]
        if left:
            plan.deliver(notice["id"], notice["person_id"], now + USUAL_LIFE, _channels(left), urgent=False)

    async def work(tx: Tx) -> None:
        await number(tx, district_id, out)
        for notice in out:
            await tx.run(_OUT, now, notice["number"], now + USUAL_LIFE, notice["id"])
        await plan.write(tx)

    await db.write(work)


# Of these nobody need hear any more.
ENDED = frozenset({"acted", "over", "called"})


def _channels(rings: Sequence[Mapping[str, str]]) -> Channels:
    if any(ring["step"] != "first" for ring in rings):
        return "all"
    return "first" if any(ring["ladder"] != "none" for ring in rings) else "quiet"
