"""SMS and calls: signed as their makers publish it, their codes, their reports."""

import msgspec
import pytest

from moshao.alerts.gateways.aliyun import EMPTY_DIGEST, authorization
from moshao.alerts.gateways.gateway import Callback, Rung
from moshao.kit import ids
from tests.api.alerts.makers import ZHANG, a_message, makers, opened

PUBLISHED = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_it_is_signed_as_in_the_published_example() -> None:
    """https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature, with its fixed values."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
        "x-acs-content-sha256": EMPTY_DIGEST, "x-acs-date": "2023-10-26T10:22:32Z",
        "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }  # fmt: skip
    query = {"ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd", "RegionId": "cn-shanghai"}
    made = authorization("YourAccessKeyId", "YourAccessKeySecret", headers, query)
    assert made.endswith(f"Signature={PUBLISHED}")


async def test_an_sms_fills_the_template() -> None:
    message = a_message()
    async with makers() as stub, opened("sms", stub, variables={"what": "title", "until": "body"}) as gateway:
        fate = await gateway.ring(message, ZHANG)
    assert (fate.outcome, fate.foreign_id) == ("sent", "b1^0")
    (sent,) = stub.taken
    assert (sent["Action"], sent["PhoneNumbers"], sent["SignName"], sent["TemplateCode"]) == (
        "SendSms", "13800000001", "末梢", "SMS_1",
    )  # fmt: skip
    words = msgspec.json.decode(sent["TemplateParam"])
    assert words == {"what": message.title, "until": message.body}
    assert sent["OutId"] == str(message.delivery_id)


async def test_a_call_asks_for_a_key() -> None:
    message = a_message(urgency="urgent")
    async with makers() as stub, opened("voice", stub) as gateway:
        assert (await gateway.ring(message, ZHANG)).outcome == "sent"
    (sent,) = stub.taken
    assert (sent["Action"], sent["CalledNumber"], sent["MenuKeyMap.1.Key"]) == ("IvrCall", "13800000001", "1")
    assert msgspec.json.decode(sent["StartTtsParams"])["title"] == message.title


@pytest.mark.parametrize("kind", ["sms", "voice"])
async def test_no_number_and_a_wrong_one_are_said(kind: str) -> None:
    def who(phone: str | None) -> Rung:
        return Rung(person_id=ids.new_id(), name="老张", staff_no="A1", phone=phone, address=None)

    urgent = a_message(urgency="urgent")
    async with makers() as stub, opened(kind, stub) as gateway:
        assert (await gateway.ring(urgent, who(None))).why == "no_phone"
        assert (await gateway.ring(urgent, who("0377-123"))).why == "isv_MOBILE_NUMBER_ILLEGAL"
        assert stub.taken == []


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("isv.BUSINESS_LIMIT_CONTROL", "later"), ("Throttling.User", "later"), ("isp.SYSTEM_ERROR", "later"),
        ("isv.AMOUNT_NOT_ENOUGH", "failed"), ("InvalidAccessKeyId.NotFound", "failed"),
    ],
)  # fmt: skip
async def test_each_code_has_its_fate(code: str, outcome: str) -> None:
    async with makers() as stub, opened("sms", stub) as gateway:
        stub.says(400, {"Code": code, "Message": "…"})
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why) == (outcome, code.replace(".", "_"))


def report(token: str = "report-very-secret", **told: object) -> Callback:
    return Callback(method="POST", query={"token": token}, headers={}, body=msgspec.json.encode([told]))


async def test_a_report_says_that_the_phone_has_it_or_why_not() -> None:
    delivery = ids.new_id()
    arrived = report(out_id=str(delivery), success=True, err_code="DELIVERED")
    lost = report(out_id=str(delivery), success=False, err_code="MK:0001")
    async with makers() as stub, opened("sms", stub) as gateway:
        assert (await gateway.hear(arrived)).heard == ()
        (heard,) = (await gateway.hear(lost)).heard
        assert (heard.receipt, heard.delivery_id, heard.why) == ("failed", delivery, "MK:0001")
        assert (await gateway.hear(report(token="guessed", out_id=str(delivery)))).status == 403
    async with makers() as stub, opened("sms", stub, delivered_is_shown=True) as gateway:
        (heard,) = (await gateway.hear(arrived)).heard
        assert (heard.receipt, heard.delivery_id) == ("shown", delivery)


async def test_a_pressed_1_confirms_and_a_mailbox_does_not() -> None:
    delivery = ids.new_id()
    async with makers() as stub, opened("voice", stub) as gateway:
        pressed = await gateway.hear(report(out_id=str(delivery), status_code="200000", dtmf="1"))
        assert [(one.receipt, one.delivery_id) for one in pressed.heard] == [("opened", delivery)]
        assert msgspec.json.decode(pressed.body) == {"code": 0, "msg": "ok"}
        assert (await gateway.hear(report(out_id=str(delivery), status_code="200000"))).heard == ()
        (missed,) = (await gateway.hear(report(out_id=str(delivery), status_code="200005"))).heard
        assert (missed.receipt, missed.why) == ("failed", "status_200005")
        assert (await gateway.hear(report(out_id="x", status_code="200005"))).heard == ()
