"""To upstream: signed, at least once, in order per case, and never in vain."""

from datetime import timedelta
from typing import Any

import pytest

from moshao.kit import clock, ids
from moshao.upstream import telling
from moshao.upstream.making import rotate_secret
from moshao.upstream.resending import resend, stuck_feedback
from tests.api.evidence.pictures import jpeg
from tests.api.upstream.ear import Ear, Worker, a_day, agree, listening, working
from tests.api.upstream.platform import Platform, a_platform


class Killed(Exception):
    """What a process that is killed never sees."""


async def test_a_case_is_told_in_its_order(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    case = await a_day(city)
    async with working(city) as worker:
        await worker.tell()
    assert ear.types == ["signed", "assigned", "accepted", "handled", "closed"]
    webhook_id, handled = ear.heard[3]
    assert (handled["specversion"], handled["id"], handled["source"]) == ("1.0", webhook_id, "http://127.0.0.1:8000")
    data = handled["data"]
    assert data["external_case_id"] == case["external_case_id"]
    assert (data["case_id"], data["round"], data["outcome"], data["note"]) == (str(case["id"]), 1, "fixed", "已清运")
    assert data["by"] == {"name": "老张", "unit": "东关街道"}
    assert data["place"]["location"]["coordinates"] == [112.5414, 32.9986]
    assert data["done_at"] <= data["heard_at"]
    assert ear.heard[1][1]["data"]["handler"] == {"name": "老张"}


async def test_nothing_is_told_twice_and_nothing_before_it_was_agreed(city: Platform, ear: Ear) -> None:
    before = await city.dispatched()
    await agree(city, ear)
    await city.world.as_("handler").act(before["id"], "acceptances")
    for _ in range(2):
        async with working(city) as worker:
            await worker.tell()
    assert ear.types == ["accepted"]


async def test_refused_timed_out_and_heard_at_last(city: Platform, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    """The order of each case holds through 500s, silence, and a case of its own trouble."""
    monkeypatch.setattr(telling, "SEND_SECONDS", 0.3)
    await agree(city, ear)
    case, other = await city.dispatched(), await city.dispatched()
    meets: list[int | None] = [500, 503, None, 400, 429]

    def answers(event: dict[str, Any]) -> int | None:
        if event["data"]["case_id"] == str(other["id"]) or not meets:
            return 200
        return meets.pop(0)

    ear.answers = answers
    for hours in range(7):
        with clock.moved(timedelta(hours=2 * hours)):
            async with working(city) as worker:
                await worker.tell()
    mine = [(key, event["type"]) for key, event in ear.heard if event["data"]["case_id"] == str(case["id"])]
    assert [kind for _, kind in mine] == ["moshao.case.signed"] * 6 + ["moshao.case.assigned"]
    assert len({key for key, kind in mine if kind == "moshao.case.signed"}) == 1
    theirs = [event["type"] for _, event in ear.heard if event["data"]["case_id"] == str(other["id"])]
    assert theirs == ["moshao.case.signed", "moshao.case.assigned"]
    assert await city.world.db.value("SELECT count(*) FROM feedback WHERE state = 'waiting'") == 0


async def test_killed_between_sending_and_marking(city: Platform, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    await agree(city, ear)
    await city.dispatched()

    async def killed(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr(telling, "_mark_sent", killed)
    async with working(city) as worker:
        with pytest.raises(Killed):
            await worker.tell()
    monkeypatch.undo()
    with clock.moved(timedelta(minutes=10)):
        async with working(city) as worker:
            await worker.tell()
    keys = [key for key, _ in ear.heard]
    assert ear.types == ["signed", "signed", "assigned"]
    assert keys[0] == keys[1] != keys[2]
    assert ear.heard[0][1] == ear.heard[1][1]


async def test_two_workers_at_once(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    for _ in range(5):
        await city.dispatched()
    async with working(city) as one, working(city) as two:
        await one.tell()
        await two.tell()
    assert len(ear.heard) == len({key for key, _ in ear.heard}) == 10


async def test_while_secrets_rotate_either_opens(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    old = ear.secrets
    await city.world.db.write(lambda tx: rotate_secret(tx, "city"))
    await city.dispatched()
    ear.secrets = old
    async with working(city) as worker:
        await worker.tell()
    assert ear.types == ["signed", "assigned"]


async def test_one_that_is_down_holds_up_no_other(city: Platform, ear: Ear) -> None:
    county = await a_platform(city.world, "county")
    async with listening() as gone:
        await agree(city, gone)
    await agree(county, ear)
    for _ in range(3):
        await city.dispatched()
        await county.dispatched()
    async with working(city) as worker:
        await worker.tell()
        assert sorted(ear.types) == ["assigned"] * 3 + ["signed"] * 3
        assert await worker.teller.send_feedback() == 0


async def test_what_is_stuck_and_sent_again(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    case = await city.dispatched()
    ear.answers = lambda event: 500
    for hours in range(6):
        with clock.moved(timedelta(hours=2 * hours)):
            async with working(city) as worker:
                await worker.tell()
    district_id = city.world.cast.district_id
    (stuck,) = await stuck_feedback(city.world.db, district_id)
    assert (stuck.case_id, stuck.waiting, stuck.tries, stuck.error) == (case["id"], 2, 6, "answered 500")
    ear.answers = lambda event: 200
    assert await city.world.db.write(lambda tx: resend(tx, district_id, stuck.upstream, case["id"]))
    async with working(city) as worker:
        await worker.tell()
    assert ear.types[-2:] == ["signed", "assigned"]
    assert await stuck_feedback(city.world.db, district_id) == []
    assert not await city.world.db.write(lambda tx: resend(tx, district_id, "city", ids.new_id()))


# what is told, and what is not


async def test_upstream_need_not_hear_its_own_word(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    case, other = await city.dispatched(), await city.dispatched()
    await city.told("closed", case)
    await city.told("cancelled", other)
    async with working(city) as worker:
        await worker.tell()
    assert sorted(set(ear.types)) == ["assigned", "signed"]


async def test_an_end_that_is_taken_back_is_told_as_reopened(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    case, desk = await a_day(city), city.world.as_("supervisor")
    last = await city.world.db.value("SELECT id FROM acts WHERE case_id = ? AND act = 'reviews'", case["id"])
    assert (await desk.act(case["id"], "urgings", opinion="x")).status_code == 409
    assert (await desk.act(case["id"], "undoings", undoes=str(last))).status_code == 201
    urged = await desk.act(case["id"], "urgings", opinion="请尽快")
    assert (await desk.act(case["id"], "undoings", undoes=urged.json()["receipt"]["act_id"])).status_code == 201
    async with working(city) as worker:
        await worker.tell()
    assert ear.types == ["signed", "assigned", "accepted", "handled", "closed", "reopened"]


@pytest.mark.parametrize("decisions", ["here", "there"])
async def test_a_request_is_told_when_it_is_upstreams_turn(city: Platform, ear: Ear, decisions: str) -> None:
    await agree(city, ear, decisions=decisions)
    case = await city.dispatched()
    asked = await city.world.as_("handler").act(case["id"], "extensions", reason="下雨")
    assert asked.status_code == 201, asked.text
    request_id = asked.json()["receipt"]["act_id"]
    async with working(city) as worker:
        await worker.tell()
        assert ("extension_requested" in ear.types) is (decisions == "here")
        forwarded = await city.world.as_("leader_of_crew").act(
            case["id"], "extension_decisions", request_id=request_id, verdict="forward"
        )
        assert forwarded.status_code == 201, forwarded.text
        await worker.tell()
    assert ear.types.count("extension_requested") == 1
    told = next(event for _, event in ear.heard if event["type"].endswith("extension_requested"))
    assert told["data"]["request_id"] == request_id


async def test_a_report_and_its_end(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    photo = {"photo_id": str(ids.new_id()), "sha256": "a" * 64}
    reported = await city.world.as_("inspector").make(
        "reports", photos=[photo], kind="matter", major="06", minor="010", description="垃圾"
    )
    case_id = reported.json()["case_id"]
    async with working(city) as worker:
        await worker.tell()
        ((_, told),) = ear.heard
        assert (told["type"], told["subject"]) == ("moshao.case.reported", case_id)
        assert (told["data"]["description"], told["data"]["minor"]) == ("垃圾", "010")
        accepted = city.event("report_accepted", {**city.new_case("X9")["data"], "case_id": case_id, "case_no": "市 9"})
        (result,) = await city.send(accepted)
        assert (result["status"], result["case_id"]) == ("accepted", case_id)
        await worker.tell()
    case = await city.row(case_id)
    assert (case["external_case_id"], case["case_no"], case["state"]) == ("X9", "市 9", "assigned")
    assert ear.types == ["reported", "signed", "assigned"]


async def test_nobody_listens_without_an_address(city: Platform) -> None:
    await city.dispatched()
    async with working(city) as worker:
        await worker.tell()
    assert await city.world.db.value("SELECT count(*) FROM feedback") == 0


async def test_what_was_told_long_ago_is_forgotten(city: Platform, ear: Ear) -> None:
    await agree(city, ear)
    await city.dispatched()
    worker: Worker
    async with working(city) as worker:
        await worker.tell()
    assert await telling.forget_sent(city.world.db) == 0
    with clock.moved(timedelta(days=31)):
        assert await telling.forget_sent(city.world.db) == 2


async def test_merged_cases_are_told_apart_with_the_photos_of_the_one_closure(city: Platform, ear: Ear) -> None:
    county = await a_platform(city.world, "county")
    await agree(county, ear)
    lead, member = await city.dispatched(external_case_id="LEAD"), await county.dispatched()
    merged = await city.world.as_("supervisor").act(member["id"], "merges", lead_case_id=str(lead["id"]))
    assert merged.status_code == 201, merged.text
    phone = city.world.as_("handler")
    photo = await phone.upload(jpeg(3))
    closed = await phone.act(lead["id"], "closures", outcome="fixed", photos=[photo], no_photo_reason="ok")
    assert closed.status_code == 201, closed.text
    async with working(county) as worker:
        await worker.tell()
    assert ear.types[-3:] == ["merged", "accepted", "handled"]
    told = ear.heard[-1][1]["data"]
    assert told["case_id"] == str(member["id"])
    assert (await city.world.nobody.get(told["photos"][0]["url"])).content == jpeg(3)
    assert ear.heard[-3][1]["data"]["lead_case_id"] == str(lead["id"])
