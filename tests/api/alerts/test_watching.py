"""Whether phones can be rung, and what became of each delivery: for those who must know, and no more than that."""

from datetime import timedelta
from typing import Any

import pytest

from moshao.alerts.forgetting import forget_old, forget_signed_out
from moshao.kit import clock, ids
from tests.api.alerts.bell import Bell
from tests.api.alerts.fake_gateway import FakeGateway
from tests.api.alerts.push_service import answering


async def reach(bell: Bell, who: str) -> dict[str, tuple[bool, str | None]]:
    answer = await bell.world.as_(who).get("/api/reachability")
    assert answer.status_code == 200, answer.text
    return {each["name"]: (each["reachable"], each["why"]) for each in answer.json()["people"]}


async def test_a_leader_sees_who_of_his_own_can_be_rung(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.subscribe("handler")
    assert await reach(bell, "leader_of_crew") == {"老张": (True, None), "老刘": (False, "off")}
    await bell.gateway("colleague")
    assert (await reach(bell, "leader_of_crew"))["老刘"] == (True, None)


async def test_nobody_but_the_direct_leader_sees_it(bell: Bell) -> None:
    await bell.subscribe("handler")
    assert set(await reach(bell, "other_operator")) == {"外人"}
    assert set(await reach(bell, "supervisor")) == {"小李", "王队", "小陈", "他所小孙"}
    for who in ("handler", "inspector", "leader", "admin"):
        assert (await bell.world.as_(who).get("/api/reachability")).status_code == 403, who


async def test_a_browser_that_keeps_failing_is_not_counted_on(bell: Bell) -> None:
    bell.service.answer = answering(503)
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    for _ in range(3):
        await bell.later(minutes=2)
    assert (await reach(bell, "leader_of_crew"))["老张"] == (False, "failing")


async def deliveries(bell: Bell, who: str = "admin", **params: Any) -> list[dict[str, Any]]:
    answer = await bell.world.as_(who).get("/api/deliveries", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["deliveries"])


async def test_what_arrived_names_nobody_and_no_time(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    case_id = await bell.assign()
    await bell.work()
    (sent,) = [each for each in await deliveries(bell, case_id=str(case_id)) if each["channel"] == "push"]
    assert (sent["fate"], sent["person"], sent["service"]) == ("sent", "老张", "updates.push.services.mozilla.com")
    (said,) = bell.service.for_browser(browser)
    await bell.receipt(said["delivery_id"], "opened")
    answer = await bell.world.as_("admin").get("/api/deliveries", params={"fate": "opened"})
    (opened,) = answer.json()["deliveries"]
    assert (opened["fate"], opened["person"], opened["sent_at"]) == ("opened", None, None)
    assert said["delivery_id"] not in answer.text, "whoever knows it could confirm it"


async def test_they_are_chosen_by_fate_way_and_case(bell: Bell, fake_gateway: type[FakeGateway]) -> None:
    await bell.subscribe("handler")
    await bell.subscribe("colleague")
    await bell.gateway("handler")
    case_id = await bell.assign(urgency="urgent")
    bell.service.answer = answering(413)
    await bell.work()
    bell.service.answer = answering(201)
    await bell.assign("colleague")
    await bell.work()
    await bell.later(minutes=3)

    async def shown(**params: Any) -> set[tuple[str, str, str | None]]:
        return {(each["channel"], each["fate"], each["person"]) for each in await deliveries(bell, **params)}

    his = {("app", "waiting", "老张"), ("push", "failed", "老张"), ("fake", "sent", "老张")}
    assert his <= await shown(case_id=str(case_id))
    assert "老刘" not in {person for _, _, person in await shown(case_id=str(case_id))}
    assert await shown(fate="failed") == {("push", "failed", "老张")}
    assert await shown(fate=["failed", "sent"], channel="push") == {
        ("push", "failed", "老张"),
        ("push", "sent", "老刘"),
    }
    assert await shown(channel="fake") == {("fake", "sent", "老张")}
    assert await shown(fate="opened") == set()
    answer = await bell.world.as_("admin").get("/api/deliveries", params={"fate": "lost"})
    assert answer.status_code == 422


async def test_the_last_day_is_counted(bell: Bell) -> None:
    await bell.subscribe("handler")
    bell.service.answer = answering(413)
    await bell.assign()
    await bell.assign()
    await bell.work()

    async def counts(who: str) -> dict[tuple[str, str, str | None], int]:
        answer = await bell.world.as_(who).get("/api/delivery_counts")
        assert answer.status_code == 200, answer.text
        return {(row["channel"], row["fate"], row["why"]): row["deliveries"] for row in answer.json()["counts"]}

    for who in ("admin", "supervisor"):
        assert await counts(who) == {("app", "waiting", None): 2, ("push", "failed", "too_large"): 2}
    assert await counts("neighbour_admin") == {}
    assert (
        'moshao_bell_deliveries{channel="push",fate="failed",why="too_large"} 2.0'
        in (await bell.world.nobody.get("/metrics")).text
    )
    yesterday = clock.now() - timedelta(hours=25)
    await bell.world.db.write(lambda tx: tx.run("UPDATE deliveries SET made_at = ?", yesterday))
    assert await counts("admin") == {}


async def test_they_come_a_page_at_a_time(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moshao.alerts.fates_shown.PAGE", 2)
    for _ in range(5):
        await bell.assign(urgency="urgent")
    await bell.work()
    found: list[str] = []
    after: dict[str, str] = {}
    more = True
    while more:
        answer = (await bell.world.as_("admin").get("/api/deliveries", params=after)).json()
        page, more = answer["deliveries"], answer["more"]
        found += [each["number"] for each in page]
        after = {"after": page[-1]["number"]}
    assert len(found) == len(set(found)) == 5
    assert await deliveries(bell, "neighbour_admin") == []


async def test_the_figures_are_told_to_monitoring(bell: Bell) -> None:
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    text = (await bell.world.nobody.get("/metrics")).text
    assert 'moshao_bell_deliveries{channel="push",fate="sent",why=""} 1.0' in text
    assert 'moshao_bell_alerts{state="climbing"} 1.0' in text
    assert "moshao_bell_subscriptions 1.0" in text
    assert "moshao_bell_oldest_waiting_seconds 0.0" in text


async def test_after_thirty_days_nothing_is_left(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    await bell.receipt(said["delivery_id"])
    with clock.moved(timedelta(days=29)):
        await forget_old(bell.world.db)
    assert len(await bell.deliveries()) == 1
    with clock.moved(timedelta(days=31)):
        await forget_old(bell.world.db)
    for table in ("alerts", "rings", "notices", "deliveries"):
        assert await bell.world.db.value(f"SELECT count(*) FROM {table}") == 0, table
    assert await bell.receipt(said["delivery_id"]) == 404


async def test_browsers_go_with_their_sign_in(bell: Bell) -> None:
    for who in ("handler", "colleague", "supervisor"):
        await bell.subscribe(who)
    await bell.world.as_("handler").client.delete("/api/sessions/current")
    with clock.moved(timedelta(days=20)):
        await forget_signed_out(bell.world.db)
    rows = await bell.world.db.all("SELECT person_id FROM push_subscriptions")
    assert {row["person_id"] for row in rows} == {bell.world.id_of("colleague")}, "a desk's session ends unused"


async def test_a_test_ring_tells_how_it_went(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    phone, ring_id = bell.world.as_("handler").client, ids.new_id()
    assert (await phone.put(f"/api/ring_tests/{ring_id}", json={})).status_code == 201
    assert (await phone.put(f"/api/ring_tests/{ring_id}", json={})).status_code == 200
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert said["kind"] == "test"
    ways = {each["channel"]: each for each in (await phone.get(f"/api/ring_tests/{ring_id}")).json()["ways"]}
    assert (ways["push"]["fate"], ways["push"]["this_phone"]) == ("sent", True)
    await bell.receipt(said["delivery_id"])
    ways = {each["channel"]: each for each in (await phone.get(f"/api/ring_tests/{ring_id}")).json()["ways"]}
    assert ways["push"]["fate"] == "shown"
    assert (await bell.world.as_("colleague").get(f"/api/ring_tests/{ring_id}")).status_code == 404
