"""The generic webhook: signed there and back."""

import msgspec
import pytest

from moshao.alerts.gateways.gateway import Callback
from moshao.kit.webhooks import signed_headers
from tests.api.alerts.makers import SECRETS, ZHANG, a_message, makers, opened

SECRET = SECRETS["webhook"]["secret"]


async def test_it_says_whom_and_what() -> None:
    message = a_message()
    async with makers() as stub, opened("webhook", stub) as gateway:
        assert (await gateway.ring(message, ZHANG)).outcome == "sent"
    (sent,) = stub.taken
    assert (sent["id"], sent["type"], sent["link"]) == (
        str(message.delivery_id), "moshao.ring", "https://moshao.example.com/c/1",
    )  # fmt: skip
    assert sent["person"] == {"id": str(ZHANG.person_id), "name": "老张", "staff_no": "A1", "address": "zhang"}
    assert msgspec.convert(sent["message"], type(message), strict=False) == message


async def test_the_number_goes_only_where_it_is_wanted() -> None:
    async with makers() as stub, opened("webhook", stub, tells_phone=True) as gateway:
        await gateway.ring(a_message(), ZHANG)
        assert stub.taken[0]["person"]["phone"] == ZHANG.phone


@pytest.mark.parametrize(("status", "outcome"), [(400, "failed"), (401, "failed"), (410, "failed"), (302, "failed")])
async def test_a_refusal_is_the_end(status: int, outcome: str) -> None:
    async with makers() as stub, opened("webhook", stub) as gateway:
        stub.says(status)
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why) == (outcome, f"answered_{status}")


def told(body: bytes, secret: str = SECRET) -> Callback:
    return Callback(method="POST", query={}, headers=signed_headers([secret], "t1", body), body=body)


async def test_what_comes_back_is_signed_too() -> None:
    message = a_message()
    body = msgspec.json.encode({"delivery_id": message.delivery_id, "receipt": "opened"})
    async with makers() as stub, opened("webhook", stub) as gateway:
        (heard,) = (await gateway.hear(told(body))).heard
        assert (heard.receipt, heard.delivery_id) == ("opened", message.delivery_id)
        assert (await gateway.hear(told(body, "whsec_" + "A" * 32))).status == 401
        assert (await gateway.hear(Callback(method="POST", query={}, headers={}, body=body))).status == 401
        assert (await gateway.hear(told(b"{}"))).status == 400
