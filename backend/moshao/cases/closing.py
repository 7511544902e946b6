"""现场处置反馈: the handler hands in from the place, with photos. Whoever acts for him says so."""

from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.acting import ActKind, Call, Doing, Done
from moshao.cases.case import Case, has_flag, with_flags
from moshao.cases.clocks import stopped
from moshao.cases.closing_rules import metres_off, off_site_reason_missing, photos_refusal, place_missing
from moshao.cases.making_safe import make_safe
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.cases.passing import pass_by_itself, turned_to
from moshao.cases.persons import worker_named, wrong
from moshao.cases.photos import shown_before, shown_before_asked
from moshao.cases.schemas import ActBody, Code, PersonIds
from moshao.cases.unit_turns import Worker, mode_of, next_turn
from moshao.catalogue.queries import catalogue_asked, catalogue_of
from moshao.kit.db import Statement, Tx

Outcome = Literal["fixed", "already_gone", "persuaded", "interim", "not_found", "handed_to_owner"]


class Closure(ActBody, kw_only=True):
    """`no_photo_reason` and `off_site_reason` are chips. `on_behalf_of`: for a mate who has no phone."""

    outcome: Outcome
    off_site_reason: Code | None = None
    no_photo_reason: Code | None = None
    on_behalf_of: UUID | None = None
    helpers: PersonIds | None = None


async def close_on_site(tx: Tx, doing: Doing[Closure]) -> Done:
    """To `handled`, or on to the desk where no unit has to look.

    Raises `too_few_photos`, `place_missing`, `off_site_reason_missing`, `bad_field` (422).
    """
    off_site = _off_site(doing)
    await _check_photos(tx, doing)
    await _check_persons(tx, doing)
    if doing.body.outcome == "interim":
        await doing.write_photos(tx)
        return Done(case=await make_safe(tx, doing, _responsible(doing)), on_behalf_of=doing.body.on_behalf_of)
    return await _hand_in(tx, doing, off_site=off_site)


def _off_site(doing: Doing[Closure]) -> bool:
    body = doing.body
    if body.place is None:
        if body.no_place_reason is None and doing.actor.device_id is not None:
            raise place_missing()
        return False
    metres = metres_off(doing.case, body)
    off_site = metres is not None and metres > doing.actor.settings.fence_m
    if off_site and body.off_site_reason is None:
        raise off_site_reason_missing(f"距案件位置约 {metres:.0f} 米")
    return off_site


async def _check_photos(tx: Tx, doing: Doing[Closure]) -> None:
    if doing.body.no_photo_reason is not None:
        return
    case = doing.case
    catalogue = await catalogue_of(tx, case.district_id)
    rule = catalogue.photo_rule_for(catalogue.find(case.code_set, case.kind, case.major, case.minor))
    need = rule.need(doing.body.outcome, case_has_before=await shown_before(tx, case.id, doing.act_id))
    refused = photos_refusal(need, doing.photos)
    if refused is not None:
        raise refused


async def _check_persons(tx: Tx, doing: Doing[Closure]) -> None:
    """Who runs the unit closes for the person who has the case, and names him; a mate may."""
    body, case = doing.body, doing.case
    if body.on_behalf_of is None and not doing.standing.relations & {"handler", "helper"}:
        raise wrong("on_behalf_of", "missing", "请选择代谁处置")
    if body.on_behalf_of is not None:
        await worker_named(tx, case.district_id, case.unit_id, body.on_behalf_of, "on_behalf_of")
    for helper in body.helpers or []:
        await worker_named(tx, case.district_id, case.unit_id, helper, "helpers")


async def _hand_in(tx: Tx, doing: Doing[Closure], *, off_site: bool) -> Done:
    case, actor = doing.case, doing.actor
    # Marks are known only when the photos are on record: `_pass_on_unmarked` decides then.
    turn = await next_turn(tx, actor.settings, case, case.unit_id, Worker(actor.role, actor.unit_id), marked=True)
    stops = turn != case.unit_id or actor.settings.clock_stops == "handing_in"
    facts: dict[str, Any] = {"outcome": doing.body.outcome, "off_site": off_site, "doubt": doing.times.doubt}

    def steps(each: Case) -> list[Step]:
        taken = [] if each.accepted_at else [_accepted(doing)]
        flags = with_flags(each.flags, add=("clock_doubt",) if doing.times.doubt else (), drop=("urged",))
        handled = _handed_in(doing, each) | turned_to(case.unit_id) | {"flags": flags}
        if stops:
            handled |= stopped(msgspec.structs.replace(each, flags=flags), doing.at)
        passed = [] if turn == case.unit_id else [doing.step("unit_passed", turned_to(turn), auto=True)]
        return [*taken, doing.step("handled", handled, **facts), *passed]

    if _may_pass_by_itself(doing, turn) or has_flag(case, "merged"):
        await doing.write_photos(tx)
        after = await _pass_on_unmarked(tx, doing, await move_each(tx, case, steps))
        return Done(case=after, on_behalf_of=doing.body.on_behalf_of)
    return Done(case=case, steps=tuple(steps(case)), on_behalf_of=doing.body.on_behalf_of)


async def _pass_on_unmarked(tx: Tx, doing: Doing[Closure], case: Case) -> Case:
    """Where the unit looks at marked closures only, one without any goes on by itself."""
    if not _may_pass_by_itself(doing, case.turn_unit_id):
        return case
    return await pass_by_itself(tx, case, doing.step("unit_passed", auto=True))


def _may_pass_by_itself(doing: Doing[Closure], turn: UUID | None) -> bool:
    body = doing.body
    if mode_of(doing.actor.settings, turn, doing.case) != "marked_only":
        return False
    return not (doing.times.doubt or body.no_photo_reason or body.off_site_reason or doing.photos.refused)


def _accepted(doing: Doing[Closure]) -> Step:
    changes = {"state": "in_progress", "accepted_at": doing.at, "handler_id": _responsible(doing)}
    return doing.step("accepted", changes, auto=True)


def _handed_in(doing: Doing[Closure], case: Case) -> dict[str, Any]:
    helpers = doing.body.helpers
    return {
        "handler_id": _responsible(doing),
        "helpers": case.helpers if helpers is None else msgspec.json.encode(helpers).decode(),
        "handled_at": doing.at,
        "handled_by": doing.actor.person_id,
        "handled_heard_at": doing.heard_at,
        "closure_id": doing.act_id,
        "outcome": doing.body.outcome,
    }


def _responsible(doing: Doing[Closure]) -> UUID:
    """Of a crew's case, whoever did the work, or for whom it was done."""
    return doing.case.handler_id or doing.body.on_behalf_of or doing.actor.person_id


def _asks(call: Call, case: Case) -> list[Statement]:
    return [catalogue_asked(case.district_id), shown_before_asked(case.id, call.act_id)]


CLOSURES = ActKind("closures", Closure, close_on_site, evidence=True, photos_last=True, asks=_asks)
