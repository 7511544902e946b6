"""From a line of the journal to a message that a browser can read."""

from datetime import timedelta

from moshao.alerts.keys import current_key
from moshao.alerts.webpush import PAYLOAD_MOST
from moshao.kit import clock, ids
from tests.api.alerts.bell import Bell
from tests.api.alerts.push_service import claims_of


async def test_an_assigned_case_rings_its_handler(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    case_id = await bell.assign(address="人民路 12 号", reporter_name="钱女士", reporter_phone="13800000000")
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert said["case_id"] == str(case_id)
    assert (said["kind"], said["tag"], said["url"]) == ("assigned", f"case-{case_id}", f"/c/{case_id}")
    assert "新案件" in said["title"]
    assert "人民路 12 号" in said["body"]
    assert "钱女士" not in str(said)
    (delivery,) = await bell.deliveries()
    assert (delivery["fate"], str(delivery["id"])) == ("sent", said["delivery_id"])


async def test_the_message_is_as_the_standards_say(bell: Bell) -> None:
    await bell.subscribe("handler")
    case_id = await bell.cases.put("assigned", deadline=clock.now() + timedelta(hours=2), urgency="urgent")
    await bell.world.as_("supervisor").act(case_id, "urgings", opinion="请尽快处理")
    await bell.work()
    (pushed,) = bell.service.pushed
    claims, key = claims_of(pushed)
    assert key == (await current_key(bell.world.db)).pair.public_key
    assert claims["aud"] == "https://updates.push.services.mozilla.com"
    assert 0 < claims["exp"] - clock.now().timestamp() <= 24 * 3600
    assert pushed.headers["Content-Encoding"] == "aes128gcm"
    assert pushed.headers["Urgency"] == "high"
    assert 7100 < int(pushed.headers["TTL"]) <= 7200
    assert len(pushed.topic) == 22
    assert len(pushed.body) < PAYLOAD_MOST + 200


async def test_an_answer_rings_who_asked_and_nobody_else(bell: Bell) -> None:
    made, world = ids.new_id(), bell.world
    asked = await world.as_("handler").make("suggestions", act_id=made, suggestion_kind="fault", note="响铃听不见")
    assert asked.status_code == 201, asked.text
    browser, other = await bell.subscribe("handler"), await bell.subscribe("colleague")
    answer = await world.as_("admin").client.put(f"/api/suggestions/{made}/answer", json={"words": "已经修好"})
    assert answer.status_code == 200, answer.text
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert (said["kind"], said["url"], said["body"]) == ("suggestion_answered", "/#/suggestions", "打开查看")
    assert said["title"] == "您的投诉建议有答复了"
    assert bell.service.for_browser(other) == []
