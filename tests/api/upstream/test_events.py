"""POST /api/upstream/{name}/events: what counts once, what is refused, and that nothing is lost."""

import asyncio
import json
import time
from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock
from moshao.upstream import answering
from moshao.upstream.applying import apply
from tests.api.upstream.platform import BATCH, STRUCTURED, Platform, a_platform
from tests.world import World


def body_of(*events: dict[str, Any]) -> bytes:
    return json.dumps(events[0] if len(events) == 1 else events, ensure_ascii=False).encode()


async def cases(city: Platform) -> int:
    return int(await city.world.db.value("SELECT count(*) FROM cases"))


async def kept(city: Platform) -> list[tuple[str, str, int]]:
    rows = await city.world.db.all("SELECT status, code, times FROM kept_events ORDER BY first_at, id")
    return [(row["status"], row["code"], row["times"]) for row in rows]


# once


async def test_the_same_message_gets_the_same_answer(city: Platform) -> None:
    body = body_of(city.new_case(), city.new_case(), {"id": "bad"})
    first = await city.post(body, BATCH, webhook_id="m1")
    again = await city.post(body, BATCH, webhook_id="m1")
    assert first.json()["results"][0]["status"] == "accepted"
    assert again.content == first.content
    assert await cases(city) == 2
    assert await kept(city) == [("refused", "bad_event", 1)]


async def test_the_same_id_with_other_bytes_is_another_message(city: Platform) -> None:
    first = await city.post(body_of(city.new_case()), webhook_id="m1")
    other = await city.post(body_of(city.new_case()), webhook_id="m1")
    assert [answer.json()["results"][0]["status"] for answer in (first, other)] == ["accepted"] * 2


async def test_the_same_message_twice_at_one_moment(city: Platform) -> None:
    body = body_of(city.new_case("X1"))
    answers = await asyncio.gather(*(city.post(body, webhook_id="m1") for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert await cases(city) == 1


async def test_the_same_case_in_many_messages_at_one_moment(city: Platform) -> None:
    events = [city.new_case("X1") for _ in range(6)]
    answers = await asyncio.gather(*(city.send(event) for event in events))
    assert sorted(results[0]["status"] for results in answers) == ["accepted"] + ["duplicate"] * 5
    assert len({results[0]["case_id"] for results in answers}) == 1
    assert await cases(city) == 1


async def test_the_same_event_in_another_message(city: Platform) -> None:
    event = city.new_case("X1")
    (first,) = await city.send(event)
    (again,) = await city.send({**event, "data": {**event["data"], "title": "other"}})
    assert (again["status"], again["case_id"]) == ("duplicate", first["case_id"])
    (other_source,) = await city.send({**event, "source": "/elsewhere"})
    assert other_source["status"] == "duplicate"


async def test_versions(city: Platform) -> None:
    case = await city.dispatched(external_case_id="X1", version=5, title="甲")
    (same,) = await city.send(city.new_case("X1", version=5, title="甲"))
    (other,) = await city.send(city.new_case("X1", version=5, title="乙"))
    (older,) = await city.send(city.new_case("X1", version=4, title="丙"))
    (newer,) = await city.send(city.new_case("X1", version=6, title="丁"))
    assert [same["status"], other["status"], older["status"], newer["status"]] == [
        "duplicate", "refused", "stale", "accepted",
    ]  # fmt: skip
    assert other["code"] == "version_conflict"
    assert {each["case_id"] for each in (same, older, newer)} == {str(case["id"])}
    now = await city.row(case["id"])
    assert (now["title"], now["version"], now["state"]) == ("丁", 6, "assigned")
    assert [(status, code) for status, code, _ in await kept(city)] == [
        ("refused", "version_conflict"), ("stale", "stale"),
    ]  # fmt: skip


async def test_two_words_of_one_version(city: Platform) -> None:
    """An upstream that counts only contents may urge within the version it dispatched."""
    case = await city.dispatched(external_case_id="X1")
    assert (await city.told("urged", case, 1, opinion="快"))["status"] == "accepted"
    assert (await city.told("amended", case, 1, title="乙"))["code"] == "version_conflict"


async def test_a_refused_event_may_come_again_mended(city: Platform) -> None:
    event = city.new_case("X1")
    bad = {**event, "data": {name: value for name, value in event["data"].items() if name != "version"}}
    (refused,) = await city.send(bad)
    assert (refused["status"], refused["code"]) == ("refused", "bad_version")
    assert refused["detail"]
    (accepted,) = await city.send(event)
    assert accepted["status"] == "accepted"


async def test_a_crash_between_two_chunks_loses_and_doubles_nothing(
    city: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [city.new_case() for _ in range(answering.CHUNK + 10)]
    body = body_of(*events)
    with monkeypatch.context() as dying:
        dying.setattr(answering, "_remember", None)
        assert (await city.post(body, BATCH, webhook_id="m1")).status_code == 500
    assert await cases(city) == len(events)
    again = await city.post(body, BATCH, webhook_id="m1")
    assert {result["status"] for result in again.json()["results"]} == {"duplicate"}
    assert await cases(city) == len(events)


async def test_another_upstream_has_its_own_numbers(city: Platform, world: World) -> None:
    county = await a_platform(world, "county")
    first = await city.dispatched(external_case_id="X1")
    second = await county.dispatched(external_case_id="X1")
    assert first["id"] != second["id"]
    (foreign,) = await county.send(county.event("urged", {"case_id": str(first["id"]), "version": 9}))
    (nowhere,) = await county.send(county.event("urged", {"external_case_id": "X9", "version": 9}))
    assert foreign["code"] == nowhere["code"] == "unknown_case"
    assert {**foreign, "id": 0} == {**nowhere, "id": 0}


# one bad event


async def test_one_bad_event_refuses_itself_alone(city: Platform) -> None:
    good = [city.new_case() for _ in range(3)]
    bad: list[Any] = [
        {**city.new_case(), "specversion": "2.0"}, {**city.new_case(), "type": "moshao.case.exploded"},
        {**city.new_case(), "data": "x"}, city.event("dispatched", {"version": 1}), 5, None, [], {},
    ]  # fmt: skip
    answer = await city.send_batch([good[0], *bad, good[1], good[2]])
    results = answer.json()["results"]
    assert [result["status"] for result in results] == ["accepted", *["refused"] * 8, "accepted", "accepted"]
    assert [result["code"] for result in results[1:5]] == ["bad_event", "unknown_type", "bad_event", "case_not_named"]
    assert [result["id"] for result in results[:2]] == [good[0]["id"], bad[0]["id"]]
    assert [result["id"] for result in results[5:9]] == [None] * 4
    assert await cases(city) == 3
    assert len(await kept(city)) == 8


async def test_what_was_refused_is_kept_as_it_came_and_counted(city: Platform) -> None:
    raw = '{"specversion":"1.0", "id":"e1","source":"/s" ,"type":"moshao.case.gone","data":{"城":"宛"}}'
    await city.post(raw.encode())
    await city.post(raw.encode())
    row = await city.world.db.one("SELECT verbatim, times FROM kept_events")
    assert row == {"verbatim": raw, "times": 2}


HOSTILE = {
    "nan": '{"specversion":"1.0","id":"e1","source":"/s","type":"moshao.case.dispatched",'
    '"data":{"external_case_id":"X","version":1,"location":{"type":"Point","coordinates":[NaN,NaN]}}}',
    "twice": '{"specversion":"1.0","id":"e1","id":"e2"}',
    "deep": '{"id":' + "[" * 500 + "]" * 500 + "}",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
async def test_hostile_json(city: Platform, raw: str) -> None:
    alone = await city.post(raw.encode())
    assert (alone.status_code, alone.json()["code"]) == (400, "bad_json")
    good = json.dumps(city.new_case())
    batch = await city.post(f"[{raw},{good}]".encode(), BATCH)
    assert [result["status"] for result in batch.json()["results"]] == ["refused", "accepted"]
    assert (await kept(city))[0][:2] == ("refused", "bad_json")


@pytest.mark.parametrize("number", ["9" * 10_000, "-" + "9" * 30, "1e999"], ids=["long", "below", "infinite"])
async def test_a_number_beyond_counting_harms_nobody(city: Platform, number: str) -> None:
    """A real case is never refused for its content; where the number is needed, it is unusable."""
    raw = json.dumps(city.new_case("X1", mileage="HERE")).replace('"HERE"', number)
    answer = await city.post(raw.encode())
    assert [result["status"] for result in answer.json()["results"]] == ["accepted"]
    raw = json.dumps(city.new_case("X2", version="HERE")).replace('"HERE"', number)
    answer = await city.post(raw.encode())
    assert [result["code"] for result in answer.json()["results"]] == ["bad_version"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"null", b'{"a":"\x00"}', b'"x"'], ids=range(7)
)
async def test_no_events_at_all(city: Platform, body: bytes) -> None:
    for media in (STRUCTURED, BATCH):
        answer = await city.post(body, media)
        if answer.status_code == 200:
            assert [result["status"] for result in answer.json()["results"]] == ["refused"]
        else:
            assert answer.status_code == 400
            assert answer.headers["content-type"] == "application/problem+json"


async def test_an_empty_batch(city: Platform) -> None:
    assert (await city.post(b"[]", BATCH)).json() == {"results": []}


async def test_nul_and_lone_surrogates_are_text_like_any_other(city: Platform) -> None:
    (result,) = await city.send(city.new_case("X\0\ud800", title="a\0b\ud800", source={"code": "\0"}))
    assert result["status"] == "accepted"
    assert (await city.row(result["case_id"]))["title"] == "a\ufffdb?"


async def test_an_event_that_breaks_our_program_breaks_no_other(
    city: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:

    async def breaking(tx: Any, intake: Any, event: Any) -> Any:
        result = await apply(tx, intake, event)
        if event.external_case_id == "X2":
            raise LookupError("a defect of ours")
        return result

    monkeypatch.setattr(answering, "apply", breaking)
    results = await city.send(city.new_case("X1"), city.new_case("X2"), city.new_case("X3"))
    assert [result["code"] for result in results] == [None, "event_failed", None]
    assert await cases(city) == 2
    assert len(await kept(city)) == 1


# how fast


async def test_a_thousand_events_in_three_seconds(city: Platform) -> None:
    events = [
        city.new_case(location={"type": "Point", "coordinates": [112.51 + n % 80 / 1000, 32.97 + n % 60 / 1000]})
        for n in range(1000)
    ]
    await city.send(city.new_case())
    # Seconds of this process alone: a wall clock would measure whoever else is at work on the machine.
    began = time.process_time()
    answer = await city.send_batch(events)
    seconds = time.process_time() - began
    assert {result["status"] for result in answer.json()["results"]} == {"accepted"}
    assert await cases(city) == 1001
    assert seconds < 3.0


async def test_old_answers_are_forgotten(city: Platform) -> None:
    await city.post(body_of(city.new_case()), webhook_id="m1")
    assert await answering.forget_old_answers(city.world.db) == 0
    with clock.moved(timedelta(days=31)):
        assert await answering.forget_old_answers(city.world.db) == 1
