"""The one way in which an act comes in: who may, is it signed, is it new, does it fit; then it is done and kept.

The order of the checks is part of what others rely on: a case he may not see and never could (404) · signature (401) ·
the same act again (200, 409, 404) · not his role's act (403) · the body (400, 422) · the state (409, or kept: 202).
So a stranger learns nothing, and a repeat gets the first answer.
"""

from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.act_times import Times, times_of
from moshao.cases.acting import ActKind, Call, Doing, Done, Outcome
from moshao.cases.case import Case, lock_case
from moshao.cases.moving import move
from moshao.cases.photos import look_up, on_record
from moshao.cases.rules import role_refusal, state_refusal
from moshao.cases.schemas import ActAnswer, ActBody, Receipt
from moshao.cases.sealing import Sealed
from moshao.cases.visibility import NEVER, Standing, standing, standing_asked
from moshao.evidence.attaching import CaseFacts
from moshao.evidence.queries import photos_asked
from moshao.journal.numbers import LAST, Around, known
from moshao.kit import errors
from moshao.kit.db import Database, Row, Statement, Tx, Unique, inserted
from moshao.people.actor import FIELD_ROLES, Actor
from moshao.people.asking import device_ended, device_needed

Verdict = Literal["done", "kept"]

_FIRST = "SELECT person_id, content, answer FROM acts WHERE id = ?"

act_id_taken = errors.refusal("act_id_taken", 409, "这个操作编号已用于不同的内容")


async def take(db: Database, kind: ActKind[Any], call: Call) -> Outcome:
    """Do the act in `call`, once. Raises the refusals named above."""
    sealed = Sealed.of(kind.word, call.actor, call.act_id, call.case_id, call.body, call.signature)

    async def work(tx: Tx) -> Outcome:
        return await _in_order(tx, kind, call, sealed)

    try:
        return await db.write(work)
    except Unique:
        # The same act twice at one moment: the other was first, so this one finds its answer.
        return await db.write(work)


async def _in_order(tx: Tx, kind: ActKind[Any], call: Call, sealed: Sealed) -> Outcome:
    case = await lock_case(tx, call.case_id) if call.case_id else None
    if case is not None:
        # Once the case is held, so that everything is as it stands now.
        await tx.ahead(*_questions(tx, kind, call, sealed, case))
    stands = await standing(tx, call.actor, case) if case else NEVER
    if kind.names_case and stands.sight == "never":
        raise errors.not_found()
    sealed.check_signature()
    if first := await _first_answer(tx, call, sealed):
        return first
    _check_role(kind, call.actor)
    body = sealed.body_as(kind.body)
    doing = Doing(
        act=kind.word, act_id=call.act_id, actor=call.actor, standing=stands, body=body, content=sealed.content,
        times=_times(call, body, stands, case), heard_at=call.heard_at,
        photos=await look_up(tx, call.actor.person_id, body.photos), given=case,
    )  # fmt: skip
    refused = state_refusal(kind.word, case, call.actor.role, stands.relations) if case else None
    if refused is not None and (not kind.evidence or stands.given_at is None):
        raise refused
    if case is not None:
        # Before the case moves: the journal's head, which everybody waits for, is then held for a shorter time.
        doing.unwritten = await _photo_rows(tx, doing, case)
    if refused is not None:
        kept = Done(case=doing.case, steps=(doing.step("kept", act=kind.word),))
        return await _record(tx, call, sealed, doing, kept, "kept")
    if not kind.photos_last:
        await doing.write_photos(tx)
    done = await kind.perform(tx, doing)
    if case is None and done.case is not None:
        doing.unwritten = await _photo_rows(tx, doing, done.case)
    return await _record(tx, call, sealed, doing, done, "done")


def _questions(tx: Tx, kind: ActKind[Any], call: Call, sealed: Sealed, case: Case) -> list[Statement]:
    """What will be asked about the case, in order."""
    asked = [standing_asked(call.actor, case.id), (_FIRST, (call.act_id,))]
    if photo_ids := sealed.photos():
        asked.append(photos_asked(tx, photo_ids))
    return [*asked, *kind.asks(call, case)]


async def _first_answer(tx: Tx, call: Call, sealed: Sealed) -> Outcome | None:
    row = await tx.one(_FIRST, call.act_id)
    if row is None:
        return None
    if row["person_id"] != call.actor.person_id:
        raise errors.not_found()
    if row["content"] != sealed.content:
        raise act_id_taken()
    return Outcome(200, row["answer"].encode())


def _check_role(kind: ActKind[Any], actor: Actor) -> None:
    refused = role_refusal(kind.word, actor.role, actor.settings.report_roles)
    if refused is not None:
        raise refused
    if actor.role in FIELD_ROLES and actor.device_id is None:
        raise device_needed()


def _times(call: Call, body: ActBody, stands: Standing, case: Case | None) -> Times:
    """Raises `device_ended` for what was done on a phone after another had taken its place."""
    times = times_of(
        body.done_at,
        call.heard_at,
        device_time=call.device_time,
        offset_s=body.clock.offset_s if body.clock else None,
        from_device=call.actor.device_id is not None,
        given_at=stands.given_at or (case.created_at if case else None),
    )
    ended_at = call.actor.device_ended_at
    if ended_at is not None and times.corrected > ended_at:
        raise device_ended()
    return times


async def _photo_rows(tx: Tx, doing: Doing[Any], case: Case) -> list[Statement]:
    if not doing.photos.named:
        return []
    actor = doing.actor
    facts = CaseFacts(
        lon=case.lon,
        lat=case.lat,
        fence_m=actor.settings.fence_m,
        since=doing.standing.given_at,
        zone=actor.settings.zone,
        case_no=case.case_no,
        unit=await _unit_name(tx, case, actor),
        person=actor.name,
        address=case.address or "",
    )
    return await on_record(tx, case, doing.act, doing.act_id, doing.photos, facts, doing.heard_at)


async def _unit_name(tx: Tx, case: Case, actor: Actor) -> str:
    if case.unit_id in (None, actor.unit_id):
        return actor.unit_name
    return await tx.value("SELECT name FROM units WHERE id = ?", case.unit_id) or ""


async def _record(tx: Tx, call: Call, sealed: Sealed, doing: Doing[Any], done: Done, verdict: Verdict) -> Outcome:
    """Put the act on record with its answer, and make the steps that were left to it."""
    status = 202 if verdict == "kept" else 201
    if done.case is not None and done.steps:

        def beside(after: Case) -> list[Statement]:
            answer = _answer(call, doing, done, after.id, verdict)
            row = _row(call, sealed, doing, done, verdict, answer, (after.id, after.round, LAST))
            return [*doing.unwritten, row]

        after = await move(tx, done.case, *done.steps, beside=beside)
        return Outcome(status, known(_answer(call, doing, done, after.id, verdict), after.changed_seq).encode())
    case_id, round_, seq = _stands(done)
    body = known(_answer(call, doing, done, case_id, verdict), seq)
    row = _row(call, sealed, doing, done, verdict, body, (case_id, round_, seq))
    await tx.together(*doing.unwritten, row)
    return Outcome(status, body.encode())


def _answer(call: Call, doing: Doing[Any], done: Done, case_id: UUID | None, verdict: Verdict) -> Around:
    """The answer but for the number of its last line."""
    receipt = Receipt(
        act_id=call.act_id, case_id=case_id, photos=doing.photos.held, photos_missing=doing.photos.missing,
        photos_refused=doing.photos.refused, seq=0, heard_at=call.heard_at,
    )  # fmt: skip
    answer = ActAnswer(verdict=verdict, case_id=case_id, receipt=receipt)
    if done.handed is not None:
        answer = msgspec.structs.replace(answer, cases=done.handed.cases, left=done.handed.left)
    # Inside of a text its quotation marks would be escaped, so this is found in the one place where it is meant.
    before, _, after = msgspec.json.encode(answer).decode().partition('"seq":0')
    return Around(f'{before}"seq":', after)


def _row(
    call: Call, sealed: Sealed, doing: Doing[Any], done: Done, verdict: Verdict, answer: Any,
    stands: tuple[UUID | None, int, Any],
) -> Statement:  # fmt: skip
    case_id, round_, seq = stands
    row: Row = {
        "id": call.act_id, "district_id": call.actor.district_id, "case_id": case_id, "act": doing.act,
        "person_id": call.actor.person_id, "device_id": call.actor.device_id, "on_behalf_of": done.on_behalf_of,
        "body": sealed.text, "signature": call.signature, "content": sealed.content, "verdict": verdict,
        "answer": answer, "round": round_, "done_at": doing.body.done_at,
        "corrected_at": doing.times.corrected, "heard_at": call.heard_at, "clock_doubt": doing.times.doubt,
        "seq": seq,
        "before": msgspec.json.encode(done.before).decode() if done.before is not None else None,
    }  # fmt: skip
    return inserted("acts", ", ".join(row), [list(row.values())])


def _stands(done: Done) -> tuple[UUID | None, int, int]:
    """The case's id, round and last line after the act; of an act on many cases the last line of all."""
    if done.case is not None:
        return done.case.id, done.case.round, done.case.changed_seq
    return None, 0, done.handed.seq if done.handed else done.seq
