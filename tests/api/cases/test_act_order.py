"""The order of checks: a stranger learns nothing, a repeat gets the first answer, other content is told so."""

import asyncio
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from moshao.cases.rules import WAYS
from moshao.kit import clock, ids
from tests.api.cases.making import Cases
from tests.phone import Phone, rfc3339


async def put(phone: Phone, case_id: UUID, body: bytes, **headers: str) -> tuple[int, str]:
    url = f"/api/cases/{case_id}/acceptances/{ids.new_id()}"
    answer = await phone.client.put(url, content=body, headers={"Device-Time": rfc3339(clock.now())} | headers)
    return answer.status_code, answer.json().get("code", "")


async def test_without_a_session_nothing_is_asked(cases: Cases) -> None:
    answer = await cases.world.nobody.put(f"/api/cases/{await cases.put()}/signings/{ids.new_id()}", content=b"{}")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_over")


@pytest.mark.parametrize("who", ["stranger", "other_operator", "neighbour", "admin", "inspector"])
async def test_a_case_of_others_looks_like_none(cases: Cases, who: str) -> None:
    case_id = await cases.put("assigned")
    theirs = await cases.world.as_(who).act(case_id, "closures", outcome="fixed")
    absent = await cases.world.as_(who).act(ids.new_id(), "closures", outcome="fixed")
    assert theirs.status_code == absent.status_code == 404
    assert theirs.json() == absent.json()


async def test_a_phones_act_must_be_signed(cases: Cases) -> None:
    phone, case_id = cases.world.as_("handler"), await cases.put("assigned")
    body = json.dumps({"done_at": rfc3339(clock.now())}).encode()
    assert await put(phone, case_id, body) == (401, "signature_missing")
    assert await put(phone, case_id, body, **{"Act-Signature": "a..b"}) == (401, "signature_wrong")
    other = phone.sign("acceptances", ids.new_id(), case_id, json.loads(body))
    assert await put(phone, case_id, body, **{"Act-Signature": other}) == (401, "signature_wrong")


async def test_the_signature_comes_before_the_role_and_the_body(cases: Cases) -> None:
    phone, case_id = cases.world.as_("handler"), await cases.put("assigned")
    answer = await phone.client.put(f"/api/cases/{case_id}/cancellations/{ids.new_id()}", content=b"nonsense")
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_missing")


async def test_the_same_again_gets_the_first_answer(cases: Cases) -> None:
    phone, case_id, act_id = cases.world.as_("handler"), await cases.put("assigned"), ids.new_id()
    body = phone.body()
    first = await phone.act(case_id, "acceptances", act_id=act_id, raw=body)
    again = await phone.act(case_id, "acceptances", act_id=act_id, raw=dict(reversed(body.items())))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.content == again.content
    assert await cases.kinds(case_id) == ["accepted"]


async def test_numbers_are_equal_as_doubles(cases: Cases) -> None:
    phone, case_id, act_id = cases.world.as_("handler"), await cases.put("assigned"), ids.new_id()
    body = phone.body()
    body["place"]["accuracy_m"] = 8
    assert (await phone.act(case_id, "acceptances", act_id=act_id, raw=body)).status_code == 201
    body["place"]["accuracy_m"] = 8.0
    assert (await phone.act(case_id, "acceptances", act_id=act_id, raw=body)).status_code == 200


async def test_the_same_name_for_something_else_is_refused(cases: Cases) -> None:
    phone, case_id, act_id = cases.world.as_("handler"), await cases.put("assigned"), ids.new_id()
    assert (await phone.act(case_id, "acceptances", act_id=act_id)).status_code == 201
    other = await phone.act(case_id, "acceptances", act_id=act_id, note="别的内容")
    assert (other.status_code, other.json()["code"], other.json()["retry"]) == (409, "act_id_taken", False)


async def test_another_persons_act_is_not_there(cases: Cases) -> None:
    case_id, act_id = await cases.put("assigned"), ids.new_id()
    assert (await cases.world.as_("handler").act(case_id, "acceptances", act_id=act_id)).status_code == 201
    answer = await cases.world.as_("leader_of_crew").act(case_id, "revocations", act_id=act_id)
    assert answer.status_code == 404


async def test_an_act_of_another_role_is_refused_before_its_body_is_read(cases: Cases) -> None:
    answer = await cases.world.as_("handler").act(await cases.put("assigned"), "cancellations", nonsense=1)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_your_act")


@pytest.mark.parametrize(
    ("members", "status", "code", "field"),
    [
        ({"outcome": "fixed", "weather": "rain"}, 400, "unknown_field", "weather"),
        ({}, 422, "bad_field", "outcome"),
        ({"outcome": "gone"}, 422, "bad_field", "outcome"),
        ({"outcome": "fixed", "note": "长" * 2001}, 422, "bad_field", "note"),
        ({"outcome": "fixed", "photos": [{"photo_id": "x", "sha256": "0" * 64}]}, 422, "bad_field", "photos"),
        ({"outcome": "fixed", "clock": {"offset_s": 1e300, "age_s": 1}}, 422, "bad_field", "clock.offset_s"),
        ({"outcome": "fixed", "done_at": "2026-11-23T08:00:00"}, 422, "bad_field", "done_at"),
    ],
)
async def test_nonsense_is_named(cases: Cases, members: dict[str, Any], status: int, code: str, field: str) -> None:
    answer = await cases.world.as_("handler").act(await cases.put("assigned"), "closures", **members)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert problem["errors"][0]["field"].startswith(field)


@pytest.mark.parametrize(
    "body", [b'{"done_at": 1, "done_at": 2}', b'{"a": NaN}', b'{"a": 9007199254740993}', b"[]", b""]
)
async def test_what_two_readers_understand_differently_is_400(cases: Cases, body: bytes) -> None:
    phone, case_id = cases.world.as_("handler"), await cases.put("assigned")
    assert await put(phone, case_id, body, **{"Act-Signature": "a..b"}) == (400, "bad_json")


async def test_the_state_comes_last_and_names_itself(cases: Cases) -> None:
    answer = await cases.world.as_("handler").act(await cases.put("closed"), "acceptances")
    assert (answer.status_code, answer.json()["code"], answer.json()["retry"]) == (409, "case_closed", False)


async def test_who_had_the_case_delivers_and_nothing_else(cases: Cases) -> None:
    case_id = await cases.put("assigned")
    leader, handler = cases.world.as_("leader_of_crew"), cases.world.as_("handler")
    colleague = str(cases.world.id_of("colleague"))
    assert (await leader.act(case_id, "transfers", person_id=colleague)).status_code == 201
    assert (await handler.act(case_id, "acceptances")).json()["code"] == "case_assigned"
    late = await handler.act(case_id, "closures", outcome="fixed", no_photo_reason="camera_broken")
    assert (late.status_code, late.json()["verdict"]) == (202, "kept")
    assert (await cases.now(case_id)).state == "assigned"
    assert await cases.kinds(case_id) == ["transferred", "kept"]


async def test_what_is_kept_is_kept_once(cases: Cases) -> None:
    case_id, act_id = await cases.put("closed"), ids.new_id()
    handler = cases.world.as_("handler")
    body = handler.body(outcome="fixed")
    first = await handler.act(case_id, "closures", act_id=act_id, raw=body)
    again = await handler.act(case_id, "closures", act_id=act_id, raw=body)
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.content == again.content
    assert again.json()["receipt"]["act_id"] == str(act_id)


async def test_two_at_one_moment_are_one(cases: Cases) -> None:
    case_id, act_id = await cases.put("assigned"), ids.new_id()
    phone = cases.world.as_("handler")
    body = phone.body()
    answers = await asyncio.gather(*(phone.act(case_id, "acceptances", act_id=act_id, raw=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]
    assert len({answer.content for answer in answers}) == 1
    assert await cases.kinds(case_id) == ["accepted"]


@pytest.mark.parametrize(("minutes", "expected"), [(30, (201, "")), (-5, (401, "device_ended"))])
async def test_a_replaced_phone_delivers_what_was_done_before(
    cases: Cases, minutes: int, expected: tuple[int, str]
) -> None:
    """`minutes` from the act to the end of the phone."""
    case_id, phone = await cases.put("assigned"), cases.world.as_("handler")
    with clock.moved(timedelta(minutes=10)):
        body = phone.body()
        ended_at = clock.now() + timedelta(minutes=minutes)
    await cases.world.db.write(
        lambda tx: tx.run(
            "UPDATE devices SET state = ?, ended_at = ? WHERE id = ?", "replaced", ended_at, phone.device_id
        )
    )
    with clock.moved(timedelta(hours=1)):
        answer = await phone.act(case_id, "acceptances", raw=body)
    assert (answer.status_code, answer.json().get("code", "")) == expected


async def test_a_phone_role_without_a_phone_only_reads(cases: Cases) -> None:
    case_id, phone = await cases.put("assigned"), cases.world.as_("handler")
    await cases.world.db.write(
        lambda tx: tx.run("UPDATE sessions SET device_id = ? WHERE person_id = ?", None, phone.person_id)
    )
    phone.device_id = None
    answer = await phone.act(case_id, "acceptances")
    assert (answer.status_code, answer.json()["code"]) == (403, "device_needed")


async def test_every_act_is_described(cases: Cases) -> None:
    paths = (await cases.world.nobody.get("/openapi.json")).json()["paths"]
    for word in WAYS:
        prefix = "/api" if word in ("reports", "registrations", "handovers", "suggestions") else "/api/cases/{case_id}"
        described = paths[f"{prefix}/{word}/{{act_id}}"]["put"]
        assert described["operationId"] == f"put_{word}"
        assert set(described["responses"]) >= {"200", "201", "202", "default"}
        assert "requestBody" in described
