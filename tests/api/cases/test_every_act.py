"""Every act of the product: done, sent again, with other content, in another's name, by a stranger, too late."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from moshao.cases.rules import WAYS
from moshao.cases.states import EVERY
from moshao.kit import clock, ids
from tests.api.cases.doing import request_of
from tests.api.cases.making import Cases
from tests.api.evidence.pictures import jpeg

Members = dict[str, Any]
REASON = {"reason": "理由"}


class Deed(msgspec.Struct, frozen=True):
    """Who does it to a case in which state, with what; `first`: what must have been done before, which adds members."""

    who: str
    state: str
    members: Members = {}
    first: Callable[[Cases, UUID], Awaitable[Members]] | None = None
    columns: Members = {}


async def to_street(cases: Cases, _: UUID) -> Members:
    return {"unit_id": str(cases.cast.units["street"])}


async def to_handler(cases: Cases, _: UUID) -> Members:
    return {"person_id": str(cases.world.id_of("handler"))}


async def to_colleague(cases: Cases, _: UUID) -> Members:
    return {"person_id": str(cases.world.id_of("colleague"))}


async def asked_for_time(cases: Cases, case_id: UUID) -> Members:
    await done(cases, "operator", case_id, "extensions", **REASON)
    return {"request_id": str((await request_of(cases, case_id))["id"])}


async def asked_for_a_pause(cases: Cases, case_id: UUID) -> Members:
    await done(cases, "operator", case_id, "shelvings", **REASON, until=in_three_days())
    return {"request_id": str((await request_of(cases, case_id))["id"])}


async def appealed(cases: Cases, case_id: UUID) -> Members:
    await done(cases, "operator", case_id, "appeals", **REASON, appeal_kind="weather")
    return {"request_id": str((await request_of(cases, case_id))["id"])}


async def supervised(cases: Cases, case_id: UUID) -> Members:
    await done(cases, "supervisor", case_id, "supervisions", opinion="请说明")
    return {}


async def urged(cases: Cases, case_id: UUID) -> Members:
    return {"undoes": (await done(cases, "supervisor", case_id, "urgings", opinion="请抓紧"))["act_id"]}


async def a_lead(cases: Cases, _: UUID) -> Members:
    return {"lead_case_id": str(await cases.put("assigned"))}


async def merged(cases: Cases, case_id: UUID) -> Members:
    await done(cases, "supervisor", case_id, "merges", **await a_lead(cases, case_id))
    return {}


def in_three_days() -> str:
    return (clock.now() + timedelta(days=3)).isoformat()


async def done(cases: Cases, who: str, case_id: UUID, act: str, **members: Any) -> Members:
    answer = await cases.world.as_(who).act(case_id, act, **members)
    assert answer.status_code == 201, answer.text
    receipt: Members = answer.json()["receipt"]
    return receipt


FROM_ABOVE = {"upstream_id": ids.new_id(), "external_case_id": "NY-1"}
DEEDS = {
    "filings": Deed("supervisor", "reported", {"verdict": "reject", **REASON}),
    "verifications": Deed("inspector", "verifying", {"verdict": "pass", **REASON}),
    "dispatches": Deed("supervisor", "received", first=to_street),
    "rulings": Deed("supervisor", "received", first=to_street, columns={"handbacks": 2}),
    "signings": Deed("operator", "dispatched"),
    "assignments": Deed("leader_of_crew", "dispatched", first=to_handler),
    "transfers": Deed("leader_of_crew", "assigned", first=to_colleague),
    "revocations": Deed("operator", "assigned"),
    "acceptances": Deed("handler", "assigned"),
    "closures": Deed("handler", "in_progress", {"outcome": "fixed", "no_photo_reason": "camera_broken"}),
    "handbacks": Deed("handler", "assigned", {"reason": "other"}),
    "upstream_handbacks": Deed("supervisor", "received", {"reason": "wrong_district"}, columns=FROM_ABOVE),
    "unit_reviews": Deed("operator", "handled", {"verdict": "pass"}),
    "reviews": Deed("supervisor", "feedback", {"verdict": "close"}),
    "checks": Deed("inspector", "checking", {"verdict": "pass", **REASON}),
    "extensions": Deed("handler", "assigned", REASON),
    "extension_decisions": Deed("supervisor", "assigned", {"verdict": "grant"}, first=asked_for_time),
    "shelvings": Deed("operator", "in_progress", {**REASON, "until": in_three_days()}),
    "shelving_decisions": Deed("supervisor", "in_progress", {"verdict": "grant"}, first=asked_for_a_pause),
    "urgings": Deed("supervisor", "assigned", {"opinion": "请抓紧"}),
    "supervisions": Deed("leader", "assigned", {"opinion": "请说明"}),
    "supervision_replies": Deed("operator", "assigned", {"opinion": "已安排"}, first=supervised),
    "cancellations": Deed("supervisor", "assigned", REASON),
    "reopenings": Deed("supervisor", "closed", REASON),
    "merges": Deed("supervisor", "assigned", first=a_lead),
    "unmerges": Deed("supervisor", "assigned", first=merged),
    "notes": Deed("handler", "assigned", {"note": "记一笔"}),
    "contacts": Deed("handler", "assigned", {"result": "talked"}),
    "appeals": Deed("operator", "assigned", {**REASON, "appeal_kind": "weather"}),
    "appeal_decisions": Deed("supervisor", "assigned", {"verdict": "grant"}, first=appealed),
    "undoings": Deed("supervisor", "assigned", first=urged),
}
# Acts that make their case, or move many.
MADE = ("reports", "registrations", "handovers", "suggestions")
FROM_ONE_TO_ANOTHER = {"from_person_id": "handler", "to_person_id": "colleague"}
# What a case that was cancelled meanwhile is still told; all else no longer fits.
STILL = {act for act, ways in WAYS.items() if any(way.states == EVERY for way in ways)} - {"undoings"}
EVIDENCE = ("closures", "checks", "verifications")
# Others who see the case as well and might have been meant by the act's name.
ANOTHER = {"supervisor": "second_supervisor", "operator": "leader_of_crew", "leader_of_crew": "operator"}
SENT_OTHERWISE = {"done_at": "2026-11-23T08:00:00+08:00"}


def code_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def ready(cases: Cases, deed: Deed) -> tuple[UUID, Members]:
    """A case to which it may be done, and with what."""
    case_id = await cases.put(deed.state, **deed.columns)
    added = await deed.first(cases, case_id) if deed.first else {}
    return case_id, {**deed.members, **added}


def test_every_act_is_tried() -> None:
    assert DEEDS.keys() | set(MADE) == WAYS.keys()


async def test_sent_again_it_is_done_once(cases: Cases) -> None:
    for act, deed in DEEDS.items():
        act_id = ids.new_id()
        case_id, members = await ready(cases, deed)
        phone = cases.world.as_(deed.who)
        body = phone.body(**members)
        first = await phone.act(case_id, act, act_id=act_id, raw=body)
        assert (first.status_code, first.json()["receipt"]["act_id"]) == (201, str(act_id)), (act, first.text)
        after = await cases.facts(case_id)
        again = await phone.act(case_id, act, act_id=act_id, raw=body)
        assert (again.status_code, again.content) == (200, first.content), act
        other = await phone.act(case_id, act, act_id=act_id, raw={**body, **SENT_OTHERWISE})
        assert code_of(other) == (409, "act_id_taken"), act
        another = cases.world.as_(ANOTHER.get(deed.who, "supervisor"))
        assert code_of(await another.act(case_id, act, act_id=act_id, **members)) == (404, "not_found"), act
        assert await cases.facts(case_id) == after, act


async def test_a_stranger_learns_nothing(cases: Cases) -> None:
    for act, deed in DEEDS.items():
        case_id, members = await ready(cases, deed)
        before = await cases.facts(case_id)
        for who in ("stranger", "other_operator", "neighbour"):
            theirs = await cases.world.as_(who).act(case_id, act, **members)
            absent = await cases.world.as_(who).act(ids.new_id(), act, **members)
            assert code_of(theirs) == (404, "not_found"), (act, who)
            assert theirs.content == absent.content, (act, who)
        nobody = await cases.world.nobody.put(f"/api/cases/{case_id}/{act}/{ids.new_id()}", json=members)
        assert code_of(nobody) == (401, "session_over"), act
        assert await cases.facts(case_id) == before, act


async def test_too_late_it_is_kept_or_told_so(cases: Cases) -> None:
    """The case was cancelled meanwhile. What is evidence is kept, all else is refused by the state's name."""
    for act, deed in DEEDS.items():
        case_id, members = await ready(cases, deed)
        await cases.change(case_id, state="cancelled", state_before=None, turn_unit_id=None, ended_at=clock.now())
        answer = await cases.world.as_(deed.who).act(case_id, act, **members)
        problem = answer.json()
        if act in STILL:
            assert answer.status_code == 201, (act, answer.text)
        elif act in EVIDENCE:
            assert (answer.status_code, problem["verdict"]) == (202, "kept"), (act, answer.text)
            assert (await cases.kinds(case_id))[-1] == "kept", act
        else:
            refused = {"undoings": "touched_since"}.get(act, "case_cancelled")
            assert (answer.status_code, problem["code"], problem["retry"]) == (409, refused, False), act
        assert (await cases.now(case_id)).state == "cancelled", act


@pytest.mark.parametrize("act", MADE)
async def test_what_names_no_case_is_done_once(cases: Cases, act: str) -> None:
    who = "supervisor" if act == "registrations" else "leader_of_crew" if act == "handovers" else "inspector"
    phone, act_id = cases.world.as_(who), ids.new_id()
    members: Members = {"kind": "matter", "major": "06", "minor": "010", "description": "菜市口垃圾"}
    if act == "reports":
        members["photos"] = [await phone.upload(jpeg(), usage="report")]
    if act == "handovers":
        await cases.put("assigned")
        members = {
            "from_person_id": str(cases.world.id_of("handler")),
            "to_person_id": str(cases.world.id_of("colleague")),
        }
    if act == "suggestions":
        members = {"suggestion_kind": "idea", "note": "希望列表能按街道看"}
    body = phone.body(**members)
    first = await phone.put("/api", None, act, act_id, body)
    assert first.status_code == 201, first.text
    again = await phone.put("/api", None, act, act_id, body)
    assert (again.status_code, again.content) == (200, first.content)
    other = await phone.put("/api", None, act, act_id, {**body, **SENT_OTHERWISE})
    assert code_of(other) == (409, "act_id_taken")
    another = cases.world.as_("handler" if act == "reports" else "operator")
    assert code_of(await another.make(act, act_id=act_id, **members)) == (404, "not_found")
    assert await cases.world.db.value("SELECT count(*) FROM cases") == (0 if act == "suggestions" else 1)
