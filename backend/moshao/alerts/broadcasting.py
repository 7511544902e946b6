"""Words to everybody of a district, a unit or a role, written to people some hundred at a time."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts.kinds import KINDS
from moshao.alerts.ladder import FIRST, step_after, times_for
from moshao.alerts.planning import Plan, new_alert
from moshao.alerts.starting import draft_of
from moshao.journal.appending import Line, append
from moshao.kit import clock, errors
from moshao.kit.db import Database, Reader, Row, Tx, Unique
from moshao.people.actor import Actor
from moshao.people.at_work import at_work
from moshao.people.keeping import named_unit, wrong
from moshao.people.queries import settings_of
from moshao.people.schemas import Role

AT_ONCE = 150
WORDS_MOST = 200
# Who may declare an emergency, and speak to the whole district.
DECLARE = frozenset({"supervisor", "leader"})
SPEAKERS = ("supervisor", "leader", "crew_leader", "unit_operator")

broadcast_differs = errors.refusal("broadcast_differs", 409, "这条通知已经用别的内容发出")


class BroadcastBody(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """To all of the district, unless `unit_id` (and the units below it) or `role` narrow it. `emergency` rings through,
    also who is off duty, and whoever does not confirm it stands on the call list."""

    words: Annotated[str, Meta(min_length=1, max_length=WORDS_MOST)]
    unit_id: UUID | None = None
    role: Role | None = None
    emergency: bool = False


async def begin_broadcast(tx: Tx, actor: Actor, broadcast_id: UUID, body: BroadcastBody) -> bool:
    """Whether it is new. Raises `broadcast_differs`, `bad_field`."""
    if actor.role not in DECLARE and body.emergency:
        raise wrong("emergency", "not_yours", "紧急通知由区级平台发出")
    if actor.role not in DECLARE and body.unit_id is None:
        raise wrong("unit_id", "missing", "请选择单位")
    if body.unit_id is not None:
        await named_unit(tx, body.unit_id, actor.district_id, actor)
    row: Row = {
        "id": broadcast_id, "district_id": actor.district_id, "by_id": actor.person_id, "unit_id": body.unit_id,
        "role": body.role, "words": body.words, "emergency": body.emergency, "made_at": clock.now(),
        "after": "", "done": False, "people": 0, "resting": 0,
    }  # fmt: skip
    try:
        async with tx.savepoint():
            await tx.insert("broadcasts", row)
    except Unique:
        await _check_same(tx, actor, broadcast_id, row)
        return False
    facts = {name: row[name] for name in ("unit_id", "role", "emergency")} | {"broadcast_id": broadcast_id}
    line = Line(kind=KINDS.known("broadcast"), person_id=actor.person_id, unit_id=body.unit_id, facts=facts)
    await append(tx, actor.district_id, [line])
    return True


async def go_on(db: Database) -> set[UUID]:
    """Ring the next of those whom unfinished broadcasts are for; the districts. For one worker at a time."""
    going = await db.all("SELECT * FROM broadcasts WHERE NOT done ORDER BY emergency DESC, made_at LIMIT 1")
    for broadcast in going:
        await _go_on(db, broadcast)
    return {row["district_id"] for row in going}


async def _go_on(db: Database, broadcast: Row) -> None:
    async with db.reading() as reader:
        people = await _next(reader, broadcast)
        plan = Plan(reader, broadcast["district_id"], clock.now())
        there = await _there(reader, plan, broadcast, people)
        await plan.load(row["id"] for row in there)
        await _ring(reader, plan, broadcast, there)
    after = people[-1]["staff_no"] if people else broadcast["after"]

    async def work(tx: Tx) -> None:
        if await tx.run(
            "UPDATE broadcasts SET after = ?, done = ?, people = people + ?, resting = resting + ? "
            "WHERE id = ? AND after = ? AND NOT done",
            after, len(people) < AT_ONCE, len(there), len(people) - len(there), broadcast["id"], broadcast["after"],
        ):  # fmt: skip
            await plan.write(tx)

    await db.write(work)


async def _next(reader: Reader, broadcast: Row) -> list[Row]:
    """The next of those it is for, by staff_no; whoever speaks is not rung."""
    conditions, args = "", list[object]()
    for column, value in (("p.role = ?", broadcast["role"]), ("u.path LIKE ?", broadcast["unit_id"])):
        if value is not None:
            conditions += f" AND {column}"
            args.append(value if column.startswith("p") else f"%{value}%")
    return await reader.all(
        "SELECT p.id, p.unit_id, p.staff_no FROM people p JOIN units u ON u.id = p.unit_id "
        f"WHERE p.district_id = ? AND p.active AND p.staff_no > ? AND p.id <> ?{conditions} "
        "ORDER BY p.staff_no LIMIT ?",
        broadcast["district_id"], broadcast["after"], broadcast["by_id"], *args, AT_ONCE,
    )  # fmt: skip


async def _there(reader: Reader, plan: Plan, broadcast: Row, people: list[Row]) -> list[Row]:
    """Off duty nothing rings but declared emergencies."""
    if broadcast["emergency"]:
        return people
    work = await at_work(reader, broadcast["district_id"], [row["id"] for row in people], plan.now)
    return [row for row in people if work[row["id"]].now]


async def _ring(reader: Reader, plan: Plan, broadcast: Row, people: list[Row]) -> None:
    """An emergency is an alert for each, since each has to hear it; other words are one for all."""
    urgency: Literal["emergency", "normal"] = "emergency" if broadcast["emergency"] else "normal"
    common = new_alert(broadcast["district_id"], "broadcast", "none", urgency, plan.now)
    common |= {"broadcast_id": broadcast["id"], "made_at": broadcast["made_at"]}
    if not broadcast["emergency"]:
        common["id"] = broadcast["id"]
        if not broadcast["after"]:
            plan.alert(common)
        for row in people:
            plan.ring(draft_of(common), row["id"], str(FIRST), "first")
        return
    times = times_for((await settings_of(reader, broadcast["district_id"])).bell, None, urgent=True)
    after = step_after(FIRST, times, len(plan.gateways), plan.now, people=False)
    for row in people:
        alert = new_alert(broadcast["district_id"], "broadcast", "person", urgency, plan.now) | {
            "broadcast_id": broadcast["id"], "person_id": row["id"], "unit_id": row["unit_id"], "state": "climbing",
            "next_step": str(after[0]) if after else None, "next_at": after[1] if after else None,
            "made_at": broadcast["made_at"],
        }  # fmt: skip
        plan.alert(alert)
        plan.ring(draft_of(alert), row["id"], str(FIRST), "first")


async def _check_same(tx: Tx, actor: Actor, broadcast_id: UUID, row: Row) -> None:
    known = await tx.one("SELECT * FROM broadcasts WHERE id = ?", broadcast_id)
    if known is None or known["by_id"] != actor.person_id:
        raise errors.not_found()
    if any(known[name] != row[name] for name in ("unit_id", "role", "words", "emergency")):
        raise broadcast_differs()
