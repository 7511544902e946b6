"""The ladder, by a moved clock: each step after its time, until somebody has heard; at the top the call list."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from moshao.hours.seeding import seed_calendars
from moshao.people.settings import BellSettings, DistrictSettings, LadderTimes, UnitTimes
from tests.api.alerts.bell import Bell, a_bell
from tests.api.alerts.fake_gateway import FakeGateway
from tests.world import a_world

DAY = (7 * 60, 19 * 60)
NIGHT = (19 * 60, 31 * 60)


async def on_call_list(bell: Bell, who: str) -> list[str | None]:
    answer = await bell.world.as_(who).get("/api/call_list")
    assert answer.status_code == 200, answer.text
    return [each["case_id"] for each in answer.json()["unreached"]]


async def test_a_phone_that_shows_it_ends_it(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("handler")
    browser = await bell.subscribe("handler")
    case_id = await bell.assign()
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert await bell.receipt(said["delivery_id"]) == 204
    await bell.later(hours=1)
    assert await bell.rung(case_id) == [("handler", "first")]
    assert fake_gateway.rung == []
    assert await bell.state_of(case_id) == "heard"


async def test_without_any_phone_it_climbs_to_the_call_list(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    """老张 has no browser and the app closed: gateway, crew leader, supervisors, call list."""
    await bell.gateway("handler")
    leaders_phone = await bell.subscribe("leader_of_crew")
    case_id = await bell.assign()
    await bell.work()
    assert await bell.rung(case_id) == [("handler", "first")]
    await bell.later(seconds=50)
    assert fake_gateway.rung == []
    await bell.later(seconds=10)
    assert fake_gateway.people() == [bell.world.id_of("handler")]
    assert fake_gateway.rung[0][0].case_id == case_id
    await bell.later(seconds=230)
    assert await bell.rung(case_id) == [("handler", "first")], "nobody is on call by day"
    await bell.later(seconds=10)
    assert await bell.rung(case_id) == [("handler", "first"), ("leader_of_crew", "crew_leader")]
    (said,) = bell.service.for_browser(leaders_phone)
    assert "无人响应" in said["title"]
    assert "老张" in said["body"]
    await bell.later(seconds=300)
    assert {who for who, step in await bell.rung(case_id) if step == "supervisor"} == {
        "supervisor",
        "second_supervisor",
    }
    assert await on_call_list(bell, "supervisor") == []
    await bell.later(seconds=600)
    assert await bell.state_of(case_id) == "unreached"
    for who in ("supervisor", "leader", "leader_of_crew", "operator"):
        assert await on_call_list(bell, who) == [str(case_id)], who
    for who in ("other_operator", "neighbour"):
        assert await on_call_list(bell, who) == [], who


async def test_at_night_those_on_call_are_rung_level_by_level(bell: Bell) -> None:
    """老张 works by day. At night 老刘 is first on call, 外人 second, 小李 the leader on call."""
    await bell.duty("handler", DAY)
    await bell.duty("colleague", DAY)
    await bell.duty("colleague", NIGHT, level=1)
    await bell.duty("inspector", NIGHT, level=3, unit="district")
    await bell.duty("stranger", NIGHT, level=2)
    await bell.later(hours=12)
    case_id = await bell.assign()
    await bell.work()
    assert await bell.rung(case_id) == [("colleague", "first")]
    await bell.later(seconds=180)
    assert await bell.rung(case_id) == [("colleague", "first"), ("stranger", "second")]
    await bell.later(seconds=720)
    assert (await bell.rung(case_id))[2:] == [("inspector", "leader")], "off duty neither crew leader nor supervisor is"
    await bell.later(seconds=300)
    assert await bell.state_of(case_id) == "unreached"


STEPS = {"gateway": 60, "second": 180, "crew_leader": 300, "supervisor": 600, "leader": 900}


@pytest.mark.parametrize("step", ["first", *STEPS])
async def test_a_receipt_at_any_step_ends_it(bell: Bell, fake_gateway: type[FakeGateway], step: str) -> None:
    await bell.gateway("handler")
    await bell.duty("colleague", (0, 1440), level=1)
    await bell.duty("inspector", (0, 1440), level=3, unit="district")
    case_id = await bell.assign()
    await bell.work()
    await bell.later(seconds=STEPS.get(step, 0))
    rung = await bell.rung(case_id)
    (delivery_id,) = await last_rung(bell, case_id, step)
    assert await bell.receipt(delivery_id) == 204
    assert await bell.state_of(case_id) == "heard"
    await bell.later(hours=1)
    assert await bell.rung(case_id) == rung
    assert await on_call_list(bell, "supervisor") == []


async def last_rung(bell: Bell, case_id: UUID, step: str) -> list[UUID]:
    """A delivery of the step that was taken last."""
    rows = await bell.world.db.all(
        "SELECT d.id, d.channel, r.step FROM deliveries d JOIN rings r ON r.notice_id = d.notice_id "
        "JOIN alerts a ON a.id = r.alert_id WHERE a.case_id = ? ORDER BY d.made_at DESC, d.channel",
        case_id,
    )
    named = "first" if step == "gateway" else step
    channel = "fake" if step == "gateway" else "app"
    return [row["id"] for row in rows if row["step"] == named and row["channel"] == channel][:1]


async def test_accepting_ends_it(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    await bell.later(seconds=30)
    assert (await bell.world.as_("handler").act(case_id, "acceptances")).status_code == 201
    await bell.later(hours=1)
    assert await bell.rung(case_id) == [("handler", "first")]
    assert await bell.state_of(case_id) == "acted"


async def test_what_others_have_now_climbs_no_more(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    await bell.later(seconds=30)
    answer = await bell.world.as_("leader_of_crew").act(
        case_id, "transfers", person_id=str(bell.world.id_of("colleague"))
    )
    assert answer.status_code == 201, answer.text
    await bell.later(seconds=1)
    assert await bell.state_of(case_id) == "over"
    assert await bell.state_of(case_id, "transferred") == "climbing"
    assert await bell.rung(case_id) == [("handler", "first"), ("colleague", "first")]


async def test_urgent_ones_climb_faster(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.gateway("handler")
    case_id = await bell.assign(urgency="urgent")
    await bell.work()
    await bell.later(seconds=20)
    assert len(fake_gateway.rung) == 1
    await bell.later(seconds=100)
    assert ("leader_of_crew", "crew_leader") in await bell.rung(case_id)
    await bell.later(seconds=360)
    assert await bell.state_of(case_id) == "unreached"


async def test_a_worker_that_slept_takes_every_step_at_once(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    await bell.later(hours=2)
    steps = [step for _, step in await bell.rung(case_id)]
    assert steps == ["first", "crew_leader", "supervisor", "supervisor"]
    assert await bell.state_of(case_id) == "unreached"


async def test_the_crew_leader_is_rung_for_what_nobody_has(bell: Bell) -> None:
    browser = await bell.subscribe("leader_of_crew")
    case_id = await bell.cases.put("dispatched")
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert (said["kind"], said["case_id"]) == ("dispatched", str(case_id))
    assert (await bell.world.as_("leader_of_crew").act(case_id, "signings")).status_code == 201
    await bell.later(hours=1)
    assert await bell.state_of(case_id, "dispatched") == "acted"


@pytest.fixture
async def bell_of(morning: None, tmp_path: Path) -> AsyncIterator[Bell]:
    """Where the unit has times of its own, and only urgent cases ring those on call."""
    times = LadderTimes(gateways=1, next_gateway=1, second=2, crew_leader=3, supervisor=4, leader=5, call_list=6)
    settings = BellSettings(on_call="urgent", normal=times)
    async with a_world(tmp_path / "other", district=DistrictSettings(bell=settings)) as world:
        await world.db.write(seed_calendars)
        async with a_bell(world) as made:
            yield made


async def test_what_is_not_urgent_waits_for_the_shift(bell_of: Bell) -> None:
    bell = bell_of
    await bell.duty("handler", DAY)
    await bell.duty("colleague", (0, 1440), level=1)
    await bell.later(hours=12)
    case_id = await bell.assign()
    await bell.work()
    assert await bell.rung(case_id) == []
    assert await bell.state_of(case_id) == "held"
    await bell.later(hours=8, minutes=59)
    assert await bell.rung(case_id) == []
    await bell.later(minutes=1)
    assert await bell.rung(case_id) == [("handler", "first")]
    urgent = await bell.assign(urgency="urgent")
    await bell.work()
    assert await bell.rung(urgent) == [("handler", "first")]


async def test_the_urgent_one_rings_who_is_on_call(bell_of: Bell) -> None:
    bell = bell_of
    await bell.duty("handler", DAY)
    await bell.duty("colleague", DAY)
    await bell.duty("colleague", NIGHT, level=1)
    await bell.later(hours=12)
    case_id = await bell.assign(urgency="urgent")
    await bell.work()
    assert await bell.rung(case_id) == [("colleague", "first")]


async def test_a_unit_may_have_times_of_its_own(bell_of: Bell) -> None:
    bell = bell_of
    case_id = await bell.assign()
    await bell.work()
    await bell.later(seconds=3)
    assert [step for _, step in await bell.rung(case_id)] == ["first", "crew_leader"]
    await bell.later(seconds=3)
    assert await bell.state_of(case_id) == "unreached"
    own = UnitTimes(normal=LadderTimes(crew_leader=1))
    settings = DistrictSettings(bell=BellSettings(by_unit={str(bell.world.cast.units["street"]): own}))
    body = msgspec.to_builtins(settings)
    assert (await bell.world.as_("admin").client.put("/api/settings", json=body)).status_code == 200
    second = await bell.assign()
    await bell.work()
    await bell.later(seconds=1)
    assert [step for _, step in await bell.rung(second)] == ["first", "crew_leader"]
