"""班次交接: the open cases of one person go to the next, by one act."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from moshao.dispatch.resting import hand_over_for_absent
from moshao.kit import clock, ids
from moshao.operate.verifying import verify_acts
from moshao.people.making import make_absence
from tests.api.dispatch.district import District
from tests.phone import rfc3339


async def given(district: District, who: str = "handler", state: str = "in_progress", **columns: Any) -> str:
    """A case that he works on."""
    now = clock.now()
    whole: dict[str, Any] = {
        "unit_id": district.cast.units["street"], "dispatched_at": now, "signed_at": now, "assigned_at": now,
        "handler_id": district.world.id_of(who), "accepted_at": now if state == "in_progress" else None,
    }  # fmt: skip
    return str((await district.put(state, **whole | columns))["id"])


async def looked_at(district: District, state: str, who: str) -> str:
    """A case that an inspector is to look at."""
    came_from = "feedback" if state == "checking" else None
    case = await district.put(state, inspector_id=who, state_before=came_from, unit_id=district.cast.units["street"])
    return str(case["id"])


def code_of(answer: httpx.Response) -> tuple[int, str]:
    body = answer.json()
    return answer.status_code, ((body.get("errors") or [{}])[0].get("code") or body["code"])


async def handlers(district: District, *cases: str) -> list[UUID]:
    return [(await district.row(case))["handler_id"] for case in cases]


async def counted(district: District) -> list[tuple[str | None, int, bool]]:
    """The lines that the bell rings by: to whom, how many, was he away."""
    rows = await district.world.db.all("SELECT facts FROM journal_lines WHERE kind = 'handed_over' ORDER BY seq")
    facts = [json.loads(row["facts"]) for row in rows]
    return [(fact["to_id"], fact["cases"], fact["away"]) for fact in facts]


async def test_a_person_hands_his_cases_to_the_next(district: District) -> None:
    mine = [await given(district), await given(district, state="assigned")]
    others = [await given(district, "colleague"), await given(district, state="handled", turn_unit_id=ids.new_id())]
    colleague = district.world.id_of("colleague")
    act_id = ids.new_id()
    answer = await district.make(
        "handler", "handovers", act_id=act_id, to_person_id=str(colleague), note="锅炉街还没扫完"
    )
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert (said["case_id"], sorted(said["cases"]), said["left"]) == (None, sorted(mine), [])
    assert (said["receipt"]["act_id"], said["receipt"]["case_id"]) == (str(act_id), None)
    for case_id in mine:
        row = await district.row(case_id)
        assert (row["handler_id"], row["state"], row["accepted_at"]) == (colleague, "assigned", None)
        assert (await district.kinds(case_id))[-1] == "transferred"
    assert await handlers(district, *others) == [colleague, district.world.id_of("handler")]
    assert await counted(district) == [(str(colleague), 2, False)]
    seen = (await district.world.as_("colleague").get("/api/changes?after=0")).json()["cases"]
    assert set(mine) <= {case["id"] for case in seen}


async def test_the_same_handover_again(district: District) -> None:
    await given(district)
    act_id, to = ids.new_id(), str(district.world.id_of("colleague"))
    phone = district.world.as_("handler")
    body = phone.body(to_person_id=to)
    first = await phone.put("/api", None, "handovers", act_id, body)
    later = await given(district)
    again = await phone.put("/api", None, "handovers", act_id, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.content == first.content
    assert await handlers(district, later) == [district.world.id_of("handler")]
    assert (await phone.put("/api", None, "handovers", act_id, phone.body(to_person_id=to))).status_code == 409
    strange = await district.world.as_("colleague").put("/api", None, "handovers", act_id, phone.body())
    assert strange.status_code == 404


async def test_without_a_name_by_the_roster_each_to_the_least_burdened(district: District) -> None:
    third = await district.on_duty("e-9")
    mine = [await given(district) for _ in range(4)]
    answer = await district.make("handler", "handovers")
    assert sorted(answer.json()["cases"]) == sorted(mine)
    assert [fault async for fault in verify_acts(district.world.db, district.cast.district_id)] == []
    assert sorted(await handlers(district, *mine)) == sorted([third, district.world.id_of("colleague")] * 2)
    assert sorted(count for _, count, _ in await counted(district)) == [2, 2]


async def test_nobody_else_is_there(district: District) -> None:
    case_id = await given(district)
    await district.nobody_on_duty()
    assert code_of(await district.make("handler", "handovers")) == (409, "nobody_on_duty")
    assert await handlers(district, case_id) == [district.world.id_of("handler")]


async def test_today_zhang_rests_and_liu_stands_in(district: District) -> None:
    case_id, act_id = await given(district), ids.new_id()
    zhang, liu = (district.world.id_of(who) for who in ("handler", "colleague"))
    until = clock.now() + timedelta(hours=8)
    answer = await district.make(
        "leader_of_crew", "handovers", act_id=act_id, from_person_id=str(zhang), to_person_id=str(liu),
        absence={"until_at": rfc3339(until), "kind": "sick"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["cases"]) == (201, [case_id])
    absence = (await district.world.as_("handler").get(f"/api/absences/{act_id}")).json()
    assert (absence["stand_in"]["id"], absence["kind"], absence["hand_over"]) == (str(liu), "sick", True)
    assert absence["handed_over_at"] is not None
    assert await counted(district) == [(str(liu), 1, True)]
    assert (await district.sent())["handler_id"] == liu
    assert await hand_over_for_absent(district.world.db, clock.now()) == set()


async def test_away_though_nobody_else_is_there(district: District) -> None:
    case_id = await given(district)
    await district.nobody_on_duty()
    absence = {"until_at": rfc3339(clock.now() + timedelta(hours=8))}
    zhang = str(district.world.id_of("handler"))
    answer = await district.make("operator", "handovers", from_person_id=zhang, absence=absence)
    assert (answer.status_code, answer.json()["cases"], answer.json()["left"]) == (201, [], [case_id])


async def test_tomorrows_absence_hands_over_when_it_begins(district: District) -> None:
    db, zhang, liu = district.world.db, district.world.id_of("handler"), district.world.id_of("colleague")
    begins = clock.now() + timedelta(days=1)
    absence = {"from_at": rfc3339(begins), "until_at": rfc3339(begins + timedelta(hours=8))}
    answer = await district.make(
        "leader_of_crew", "handovers", from_person_id=str(zhang), to_person_id=str(liu), absence=absence
    )
    assert (answer.status_code, answer.json()["cases"]) == (201, [])
    assert await counted(district) == [(None, 0, True)]
    assert [fault async for fault in verify_acts(db, district.cast.district_id)] == []
    case_id = await given(district)
    assert await hand_over_for_absent(db, begins - timedelta(seconds=1)) == set()
    with clock.moved(timedelta(days=1, minutes=1)):
        assert await hand_over_for_absent(db, clock.now()) == {district.cast.district_id}
        assert await hand_over_for_absent(db, clock.now()) == set()
    assert await handlers(district, case_id) == [liu]


async def test_a_stand_in_who_is_away_himself_is_passed_over(district: District) -> None:
    zhang, liu, now = district.world.id_of("handler"), district.world.id_of("colleague"), clock.now()
    case_id, third = await given(district), await district.on_duty("e-9")

    async def plan(tx: Any) -> None:
        await make_absence(tx, zhang, now, now + timedelta(hours=8), stand_in_id=liu, hand_over=True)
        await make_absence(tx, liu, now, now + timedelta(hours=8))

    await district.world.db.write(plan)
    await hand_over_for_absent(district.world.db, clock.now())
    assert await handlers(district, case_id) == [third]


async def test_an_inspector_hands_over_his_tasks(district: District) -> None:
    li = district.world.id_of("inspector")
    next_one = await district.on_duty("i-2", unit="district", role="inspector")
    tasks = [await looked_at(district, state, str(li)) for state in ("verifying", "checking")]
    assert code_of(await to(district, "inspector", "colleague")) == (422, "other_work")
    answer = await district.make("inspector", "handovers", to_person_id=str(next_one))
    assert sorted(answer.json()["cases"]) == sorted(tasks)
    for case_id, state, kind in zip(tasks, ("verifying", "checking"), ("verify_asked", "check_asked"), strict=True):
        row = await district.row(case_id)
        assert (row["inspector_id"], row["state"], (await district.kinds(case_id))[-1]) == (next_one, state, kind)
    assert (await district.make("supervisor", "handovers", from_person_id=str(next_one))).status_code == 409


async def to(district: District, who: str, whom: str, whose: str | None = None, **members: Any) -> httpx.Response:
    named = {"from_person_id": str(district.world.id_of(whose))} if whose else {}
    return await district.make(who, "handovers", to_person_id=str(district.world.id_of(whom)), **named, **members)


@pytest.mark.parametrize(
    ("who", "whose", "whom", "expected"),
    [
        ("leader_of_crew", "handler", "colleague", (201, "")),
        ("operator", "handler", "leader_of_crew", (201, "")),
        ("supervisor", "handler", "colleague", (201, "")),
        ("colleague", "handler", "colleague", (422, "unknown")),
        ("other_operator", "handler", "stranger", (422, "unknown")),
        ("neighbour", "handler", "neighbour_handler", (422, "unknown")),
        ("operator", None, "colleague", (422, "has_no_cases")),
        ("handler", None, "handler", (422, "same_person")),
        ("handler", None, "stranger", (422, "not_of_unit")),
        ("handler", None, "neighbour_handler", (422, "unknown")),
        ("handler", None, "inspector", (422, "other_work")),
        ("handler", None, "operator", (422, "other_work")),
        ("leader", "handler", "colleague", (403, "not_your_act")),
        ("admin", "handler", "colleague", (403, "not_your_act")),
    ],
)
async def test_who_hands_over_whose(
    district: District, who: str, whose: str | None, whom: str, expected: tuple[int, str]
) -> None:
    case_id = await given(district)
    answer = await to(district, who, whom, whose)
    assert (answer.status_code, "" if answer.is_success else code_of(answer)[1]) == expected
    moved = await handlers(district, case_id) != [district.world.id_of("handler")]
    assert moved == answer.is_success


async def test_only_who_runs_a_unit_sends_home(district: District) -> None:
    absence = {"until_at": rfc3339(clock.now() + timedelta(hours=8))}
    assert code_of(await to(district, "handler", "colleague", absence=absence)) == (422, "not_yours")
    assert code_of(await to(district, "operator", "stranger", "handler", absence=absence)) == (422, "not_of_unit")
    past = {"until_at": rfc3339(clock.now() - timedelta(hours=8))}
    assert code_of(await to(district, "operator", "colleague", "handler", absence=past)) == (422, "out_of_order")
    assert await district.world.db.all("SELECT id FROM absences") == []


async def test_not_to_who_is_away_and_not_with_photos(district: District) -> None:
    liu, now = district.world.id_of("colleague"), clock.now()
    await district.world.db.write(lambda tx: make_absence(tx, liu, now, now + timedelta(hours=1)))
    assert code_of(await to(district, "handler", "colleague")) == (422, "absent")
    photo = {"photo_id": str(ids.new_id()), "sha256": "0" * 64}
    assert code_of(await district.make("handler", "handovers", photos=[photo])) == (422, "no_case")


async def test_what_he_did_before_is_kept(district: District) -> None:
    case_id = await given(district)
    await to(district, "handler", "colleague")
    closed = await district.world.as_("handler").act(
        case_id, "closures", outcome="fixed", no_photo_reason="camera_broken"
    )
    assert (closed.status_code, closed.json()["verdict"]) == (202, "kept")


async def test_the_next_one_is_no_longer_only_a_helper(district: District) -> None:
    liu, wang = (str(district.world.id_of(who)) for who in ("colleague", "leader_of_crew"))
    case_id = await given(district, helpers=f'["{liu}","{wang}"]', crew_id=district.cast.crew_id)
    await to(district, "handler", "colleague")
    row = await district.row(case_id)
    assert (row["helpers"], row["crew_id"]) == (f'["{wang}"]', district.cast.crew_id)
