"""What push services answer, and what becomes of a delivery then."""

from datetime import timedelta

import pytest

from moshao.alerts import lanes, sending
from moshao.alerts.claiming import LEASE
from moshao.kit import clock
from moshao.kit.db import Row
from tests.api.alerts.bell import Bell
from tests.api.alerts.push_service import Answer, answering, closing, hanging


async def sent_once(bell: Bell, answer: Answer) -> Row:
    """老张's delivery after one attempt that was answered so."""
    bell.service.answer = answer
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    (delivery,) = await bell.deliveries()
    assert delivery["tries"] == 1
    return delivery


async def subscriptions(bell: Bell) -> list[Row]:
    return await bell.world.db.all("SELECT * FROM push_subscriptions")


async def test_201_is_sent(bell: Bell) -> None:
    delivery = await sent_once(bell, answering(201))
    assert (delivery["fate"], delivery["why"], delivery["due_at"]) == ("sent", None, None)
    (browser,) = await subscriptions(bell)
    assert browser["failures"] == 0


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(bell: Bell, status: int) -> None:
    delivery = await sent_once(bell, answering(status))
    assert (delivery["fate"], delivery["why"]) == ("failed", f"answered_{status}")
    assert await subscriptions(bell) == []
    await bell.assign()
    await bell.work()
    assert len(bell.service.pushed) == 1


@pytest.mark.parametrize(
    ("status", "why"), [(413, "too_large"), (400, "answered_400"), (403, "answered_403"), (301, "redirected")]
)
async def test_what_trying_again_can_not_help_is_not_tried_again(bell: Bell, status: int, why: str) -> None:
    delivery = await sent_once(bell, answering(status, Location="http://127.0.0.1:1/"))
    assert (delivery["fate"], delivery["why"]) == ("failed", why)
    assert len(await subscriptions(bell)) == 1
    await bell.later(minutes=10)
    assert len(bell.service.pushed) == 1


async def test_429_waits_as_long_as_it_was_told(bell: Bell) -> None:
    delivery = await sent_once(bell, answering(429, Retry_After="30"))
    assert (delivery["fate"], delivery["why"]) == ("waiting", "answered_429")
    bell.service.answer = answering(201)
    await bell.later(seconds=29)
    assert len(bell.service.pushed) == 1
    await bell.later(seconds=2)
    assert [each["fate"] for each in await bell.deliveries()] == ["sent"]


async def test_a_date_in_retry_after_is_read_too(bell: Bell) -> None:
    until = (clock.now() + timedelta(seconds=40)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    delivery = await sent_once(bell, answering(503, Retry_After=until))
    assert 35 <= (delivery["due_at"] - clock.now()).total_seconds() <= 40


@pytest.mark.parametrize("answer", [answering(500), answering(503), closing, hanging])
async def test_what_may_pass_is_tried_again(bell: Bell, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SEND_SECONDS", 0.2)
    delivery = await sent_once(bell, answer)
    assert delivery["fate"] == "waiting"
    assert delivery["due_at"] > clock.now()
    assert (await subscriptions(bell))[0]["failures"] == 1
    bell.service.answer = answering(201)
    await bell.later(seconds=6)
    assert [(each["fate"], each["tries"]) for each in await bell.deliveries()] == [("sent", 2)]
    assert (await subscriptions(bell))[0]["failures"] == 0


async def test_it_is_not_tried_longer_than_it_matters(bell: Bell) -> None:
    bell.service.answer = answering(500)
    await bell.subscribe("handler")
    await bell.assign(deadline=clock.now() + timedelta(minutes=30))
    for _ in range(40):
        await bell.later(minutes=1)
    first, *_ = await bell.deliveries()
    assert (first["fate"], first["why"]) == ("failed", "answered_500")
    assert 3 < first["tries"] < 15


async def test_one_that_hangs_holds_up_no_other(bell: Bell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SEND_SECONDS", 0.5)
    monkeypatch.setattr(lanes, "PER_ORIGIN", 2)
    hung, well = await bell.subscribe("handler"), await bell.subscribe("colleague")
    bell.service.by_path[hung.path] = hanging
    for who in ("handler", "colleague"):
        await bell.assign(who)
    await bell.work()
    assert len(bell.service.for_browser(well)) == 1


async def test_who_signed_out_is_not_rung(bell: Bell) -> None:
    await bell.subscribe("handler")
    await bell.assign()
    assert (await bell.world.as_("handler").client.delete("/api/sessions/current")).status_code in (200, 204)
    await bell.work()
    assert bell.service.pushed == []
    assert await bell.deliveries() == [], "nobody to be rung there"


async def test_a_lost_phone_is_not_rung(bell: Bell) -> None:
    await bell.subscribe("handler")
    device_id = bell.world.cast.people["handler"].device_id
    answer = await bell.world.as_("admin").client.post(f"/api/devices/{device_id}/endings", json={"as": "lost"})
    assert answer.status_code == 200, answer.text
    await bell.assign()
    await bell.work()
    assert bell.service.pushed == []


async def test_what_he_has_done_meanwhile_is_not_rung(bell: Bell) -> None:
    bell.service.answer = answering(500)
    await bell.subscribe("handler")
    case_id = await bell.assign()
    await bell.work()
    assert (await bell.world.as_("handler").act(case_id, "acceptances")).status_code == 201
    await bell.later(seconds=6)
    assert len(bell.service.pushed) == 1
    assert [(each["fate"], each["why"]) for each in await bell.deliveries()] == [("needless", "over")]


async def test_an_attempt_that_died_is_made_again(bell: Bell) -> None:
    """As a worker leaves it that was killed between claiming and noting."""
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    await bell.world.db.write(
        lambda tx: tx.run(
            "UPDATE deliveries SET fate = 'waiting', lease = id, due_at = ? WHERE channel = 'push'", clock.now() + LEASE
        )
    )
    await bell.later(seconds=29)
    assert len(bell.service.pushed) == 1
    await bell.later(seconds=2)
    first, second = bell.service.pushed
    assert first.topic == second.topic, "the push service keeps one of them"
    assert [each["fate"] for each in await bell.deliveries()] == ["sent"]


async def test_a_receipt_is_quicker_than_the_answer(bell: Bell) -> None:
    browser = await bell.subscribe("handler")

    async def confirm(pushed: object, request: object) -> object:
        (said,) = bell.service.for_browser(browser)
        assert await bell.receipt(said["delivery_id"]) == 204
        return await answering(201)(pushed, request)  # type: ignore[arg-type]

    bell.service.answer = confirm  # type: ignore[assignment]
    await bell.assign()
    await bell.work()
    assert [each["fate"] for each in await bell.deliveries()] == ["shown"]
