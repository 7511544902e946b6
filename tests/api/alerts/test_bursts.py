"""Sixty cases in a minute to one person: four notifications, and every case can be found."""

from datetime import timedelta

from moshao.kit import clock
from tests.api.alerts.bell import Bell


async def sixty(bell: Bell) -> None:
    """Sixty cases within a minute, however long the machine takes for one."""
    began_at = clock.now()
    for number in range(60):
        await bell.assign()
        ahead = began_at + timedelta(seconds=0.9 * number) - clock.now()
        await bell.later(seconds=max(0.0, ahead.total_seconds()))


async def test_sixty_in_a_minute_are_four_notifications(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    await sixty(bell)
    await bell.later(minutes=1)
    said = bell.service.for_browser(browser)
    assert [each["kind"] for each in said] == ["assigned"] * 3 + ["digest"]
    assert said[-1]["count"] == 57
    assert len(said[-1]["case_ids"]) == 20
    assert "还有 57 件" in said[-1]["title"]


async def test_sixty_at_once_are_four_notifications(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    for _ in range(60):
        await bell.assign()
    await bell.work()
    assert len(bell.service.for_browser(browser)) == 3
    await bell.later(minutes=1)
    assert [each.get("count", 1) for each in bell.service.for_browser(browser)] == [1, 1, 1, 57]


async def test_every_one_of_them_can_be_traced(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    await sixty(bell)
    await bell.later(minutes=1)
    rung = await bell.world.db.all(
        "SELECT a.case_id, d.id, d.fate FROM alerts a JOIN rings r ON r.alert_id = a.id "
        "JOIN deliveries d ON d.notice_id = r.notice_id WHERE d.channel = 'push'"
    )
    assert len({row["case_id"] for row in rung}) == 60
    assert {row["fate"] for row in rung} == {"sent"}
    assert len({row["id"] for row in rung}) == 4
    digest = bell.service.for_browser(browser)[-1]
    assert await bell.receipt(digest["delivery_id"], "opened") == 204
    assert [row["state"] for row in await bell.alerts()].count("heard") == 57, "one receipt for all it told of"


async def test_urgent_ones_are_never_hidden(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    for number in range(8):
        await bell.assign(urgency="urgent" if number % 2 else "normal")
    await bell.work()
    said = bell.service.for_browser(browser)
    assert [each["urgency"] for each in said].count("urgent") == 4
    assert {each.headers["Urgency"] for each in bell.service.pushed} == {"normal", "high"}


async def test_a_digest_leaves_out_what_was_done_meanwhile(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    cases = [await bell.assign() for _ in range(6)]
    await bell.work()
    for case_id in cases[4:]:
        assert (await bell.world.as_("handler").act(case_id, "acceptances")).status_code == 201
    await bell.later(minutes=1)
    last = bell.service.for_browser(browser)[-1]
    assert (last["kind"], last["case_id"]) == ("assigned", str(cases[3])), "one alone is told as what it is"


async def test_a_digest_of_nothing_is_not_shown(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    cases = [await bell.assign() for _ in range(5)]
    await bell.work()
    for case_id in cases[3:]:
        assert (await bell.world.as_("handler").act(case_id, "acceptances")).status_code == 201
    await bell.later(minutes=1)
    assert len(bell.service.for_browser(browser)) == 3


async def test_what_a_digest_hid_climbs_from_then_on(bell: Bell) -> None:
    cases = [await bell.assign() for _ in range(5)]
    await bell.work()
    await bell.later(seconds=301)
    assert ("leader_of_crew", "crew_leader") in await bell.rung(cases[0])
    assert ("leader_of_crew", "crew_leader") not in await bell.rung(cases[4])
    await bell.later(seconds=60)
    assert ("leader_of_crew", "crew_leader") in await bell.rung(cases[4])
