"""班次交接: one's own open cases, or those of one's people, go to the next. 「今天老张休息, 老刘顶」 in one request."""

from datetime import datetime
from uuid import UUID

from moshao.cases.acting import ActKind, Doing, Done, Handed
from moshao.cases.persons import wrong
from moshao.cases.rules import UNIT
from moshao.cases.schemas import ActBody, Instant, Strict
from moshao.dispatch.choosing import Roster
from moshao.dispatch.passing_on import note_nothing_yet, pass_on
from moshao.kit import errors
from moshao.kit.db import Tx
from moshao.people.actor import FIELD_ROLES, Actor
from moshao.people.codes import AbsenceKind
from moshao.people.keeping import unknown
from moshao.people.keeping_absences import note_handed_over, send_home
from moshao.people.queries import Person, find_person, is_absent

nobody_on_duty = errors.refusal("nobody_on_duty", 409, "现在没有别人在岗，请指定接班的人")


class Leave(Strict, kw_only=True):
    """From now on, unless `from_at` is later."""

    until_at: Instant
    from_at: Instant | None = None
    kind: AbsenceKind = "rest"


class Handover(ActBody, kw_only=True):
    """`from_person_id`: whose cases; left out: one's own. `to_person_id`: who has them now; left out: of each case
    whoever is on duty for it. `absence`: he is away, and `to_person_id` stands in; the absence gets the id of this
    act, and if it begins later, the cases go over then."""

    from_person_id: UUID | None = None
    to_person_id: UUID | None = None
    absence: Leave | None = None


async def hand_over(tx: Tx, doing: Doing[Handover]) -> Done:
    """Raises `nobody_on_duty`, `bad_field`."""
    body, now = doing.body, doing.heard_at
    if body.photos:
        raise wrong("photos", "no_case", "交接不带照片")
    from_at = now if body.absence is None else max(now, body.absence.from_at or now)
    whose = await _whose(tx, doing)
    to = await _to(tx, doing, whose, from_at)
    if body.absence is not None:
        await _send_home(tx, doing, whose, to, body.absence)
    step, away = doing.step("handed_over"), body.absence is not None
    if from_at > now:
        return Done(handed=Handed(seq=await note_nothing_yet(tx, whose, step, away=away)))
    handed = await pass_on(tx, whose, to, Roster(tx, now), at=doing.at, step=step, away=away)
    if handed.left and not handed.cases:
        _check_someone(to, away=away)
    return Done(handed=handed)


async def _whose(tx: Tx, doing: Doing[Handover]) -> Person:
    """Himself; of who runs a unit also its people and those below, of a supervisor everybody in the field."""
    actor, named = doing.actor, doing.body.from_person_id or doing.actor.person_id
    person = await find_person(tx, named)
    if person is None or person.district_id != actor.district_id or not _reaches(actor, person):
        raise unknown("from_person_id")
    if person.role not in FIELD_ROLES:
        raise wrong("from_person_id", "has_no_cases", "请选择交出案件的人")
    return person


def _reaches(actor: Actor, person: Person) -> bool:
    if person.id == actor.person_id or actor.role == "supervisor":
        return True
    return actor.role in UNIT and actor.unit_id in person.unit_path


async def _to(tx: Tx, doing: Doing[Handover], whose: Person, at: datetime) -> Person | None:
    """Who takes them, if he is named: active, there at that time, doing the same kind of work."""
    named = doing.body.to_person_id
    if named is None:
        return None
    person = await find_person(tx, named)
    if person is None or person.district_id != whose.district_id or not person.active:
        raise unknown("to_person_id")
    if person.id == whose.id:
        raise wrong("to_person_id", "same_person", "不能交给本人")
    if (person.role == "inspector") != (whose.role == "inspector") or person.role not in FIELD_ROLES:
        raise wrong("to_person_id", "other_work", "此人不做这类工作")
    if await is_absent(tx, person.id, at):
        raise wrong("to_person_id", "absent", "此人正在休假")
    return person


async def _send_home(tx: Tx, doing: Doing[Handover], whose: Person, to: Person | None, leave: Leave) -> None:
    """The absence, with who stands in. Raises `bad_field` where it is not his to grant."""
    actor, from_at = doing.actor, leave.from_at or doing.heard_at
    if actor.role not in UNIT and actor.role != "supervisor":
        raise wrong("absence", "not_yours", "休假请由班组长登记")
    if to is not None and not _reaches(actor, to):
        raise wrong("to_person_id", "not_of_unit", "此人不是本单位的人员")
    await send_home(
        tx, whose.district_id, doing.act_id, whose.id, stand_in_id=to.id if to else None, from_at=from_at,
        until_at=leave.until_at, kind=leave.kind, by=actor,
    )  # fmt: skip
    if from_at <= doing.heard_at:
        await note_handed_over(tx, doing.act_id, doing.heard_at)


def _check_someone(to: Person | None, *, away: bool) -> None:
    """Where no case went over. Who is away is away though nobody else is there; then the cases stay his."""
    if to is not None:
        raise wrong("to_person_id", "not_of_unit", "此人不是这些案件所属单位的人员")
    if not away:
        raise nobody_on_duty()


HANDOVERS = ActKind("handovers", Handover, hand_over, names_case=False)
