"""企业微信: the card, the pace for one member, tokens, error codes, and the button 「知道了」."""

import base64
import hashlib
import os
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from moshao.alerts.gateways.gateway import Callback, Rung
from moshao.kit import ids
from tests.api.alerts.makers import AES_KEY, CALLBACK_TOKEN, ZHANG, a_message, makers, opened

HEARING = {"token": CALLBACK_TOKEN, "aes_key": AES_KEY}


async def test_the_card_says_until_when_and_opens_the_case() -> None:
    message = a_message()
    async with makers() as stub, opened("wecom", stub) as gateway:
        fate = await gateway.ring(message, ZHANG)
    assert (fate.outcome, fate.foreign_id) == ("sent", "m1")
    (sent,) = stub.taken
    card = sent["template_card"]
    assert sent["touser"] == "zhang"
    assert card["main_title"]["title"] == "新案件：暴露垃圾"
    assert "18:40 前办结" in card["sub_title_text"]
    link = "https://moshao.example.com/c/1"
    assert card["jump_list"] == [{"type": 1, "title": "打开接单", "url": link}]
    assert card["card_action"] == {"type": 1, "url": link}
    assert card["task_id"] == str(message.delivery_id)


async def test_long_words_are_cut_to_what_they_take() -> None:
    async with makers() as stub, opened("wecom", stub) as gateway:
        fate = await gateway.ring(a_message(title="长" * 80, body="街" * 300, actions=()), ZHANG)
        assert fate.outcome == "sent"
        assert stub.taken[0]["template_card"]["jump_list"][0]["title"] == "打开"


async def test_a_member_is_never_sent_what_would_be_dropped() -> None:
    """Half of 30 a minute, so that another worker may take over in the same minute."""
    async with makers() as stub, opened("wecom", stub) as gateway:
        fates = [await gateway.ring(a_message(), ZHANG) for _ in range(40)]
        taken = [fate for fate in fates if fate.outcome == "sent"]
        late = [fate for fate in fates if fate.outcome == "later"]
        assert len(taken) == len(stub.taken) <= 15
        assert all(fate.why == "too_many_for_one" and (fate.after_s or 0) > 0 for fate in late)
        other = Rung(person_id=ids.new_id(), name="老刘", staff_no="A2", phone=None, address="liu")
        assert (await gateway.ring(a_message(), other)).outcome == "sent"


async def test_one_token_serves_all_until_it_ends() -> None:
    async with makers() as stub, opened("wecom", stub) as gateway:
        assert [(await gateway.ring(a_message(), ZHANG)).outcome for _ in range(3)] == ["sent"] * 3
        assert len(stub.tokens) == 1
        stub.ended |= set(stub.tokens)
        assert (await gateway.ring(a_message(), ZHANG)).outcome == "sent"
        assert len(stub.tokens) == 2
        assert len(stub.taken) == 4


async def test_who_is_nobody_there_is_named() -> None:
    async with makers() as stub, opened("wecom", stub) as gateway:
        stub.strangers.add("zhang")
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, fate.nobody) == ("failed", "invaliduser", True)


@pytest.mark.parametrize(
    ("code", "outcome", "nobody"),
    [
        (-1, "later", False), (45009, "later", False), (45033, "later", False), (40003, "failed", True),
        (81013, "failed", True), (60111, "failed", True), (60020, "failed", False), (301002, "failed", False),
    ],
)  # fmt: skip
async def test_each_error_code_has_its_fate(code: int, outcome: str, nobody: bool) -> None:
    async with makers() as stub, opened("wecom", stub) as gateway:
        stub.says(200, {"errcode": code, "errmsg": "…"})
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, fate.nobody) == (outcome, f"errcode_{code}", nobody)


async def test_a_wrong_secret_is_a_fate_with_its_code() -> None:
    async with makers() as stub, opened("wecom", stub, {"secret": "another"}) as gateway:
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, fate.nobody) == ("failed", "errcode_40001", False)


async def test_with_callbacks_the_card_has_a_button_that_confirms() -> None:
    message = a_message()
    async with makers() as stub, opened("wecom", stub, HEARING) as gateway:
        assert (await gateway.ring(message, ZHANG)).outcome == "sent"
        buttons = stub.taken[0]["template_card"]["button_list"]
        assert [button["text"] for button in buttons] == ["打开接单", "知道了"]
        reply = await gateway.hear(pressed(str(message.delivery_id)))
        assert reply.status == 200
        assert [(one.receipt, one.delivery_id) for one in reply.heard] == [("opened", message.delivery_id)]


async def test_they_are_told_that_the_address_is_ours() -> None:
    async with makers() as stub, opened("wecom", stub, HEARING) as gateway:
        query = signed(sealed(b"1616140317555161061"))
        asked = Callback(method="GET", query=query | {"echostr": sealed_of(query)}, headers={}, body=b"")
        reply = await gateway.hear(asked)
        assert (reply.status, reply.body) == (200, b"1616140317555161061")


async def test_whoever_is_not_them_is_refused() -> None:
    delivery = str(ids.new_id())
    wrong = pressed(delivery, signature="0" * 40)
    for_another = pressed(delivery, corp_id="ww9999")
    async with makers() as stub, opened("wecom", stub, HEARING) as gateway:
        for callback in (wrong, for_another, Callback(method="POST", query={}, headers={}, body=b"<xml></xml>")):
            reply = await gateway.hear(callback)
            assert (reply.status, reply.heard) == (403, ())
    async with makers() as stub, opened("wecom", stub) as deaf:
        assert (await deaf.hear(pressed(delivery))).status == 403


def pressed(task_id: str, signature: str = "", corp_id: str = "ww1234") -> Callback:
    """As it comes when somebody pressed 「知道了」."""
    words = (
        "<xml><ToUserName><![CDATA[ww1234]]></ToUserName><FromUserName><![CDATA[zhang]]></FromUserName>"
        "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>"
        f"<EventKey><![CDATA[seen]]></EventKey><TaskId><![CDATA[{task_id}]]></TaskId><AgentID>1000002</AgentID></xml>"
    )
    content = sealed(words.encode(), corp_id)
    query = signed(content)
    if signature:
        query["msg_signature"] = signature
    body = f"<xml><ToUserName><![CDATA[ww1234]]></ToUserName><Encrypt><![CDATA[{content}]]></Encrypt></xml>"
    return Callback(
        method="POST", query={k: v for k, v in query.items() if k != "sealed"}, headers={}, body=body.encode()
    )


def sealed(words: bytes, corp_id: str = "ww1234") -> str:
    plain = os.urandom(16) + len(words).to_bytes(4, "big") + words + corp_id.encode()
    pad = 32 - len(plain) % 32
    key = base64.b64decode(AES_KEY + "=")
    aes = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(aes.update(plain + bytes([pad]) * pad) + aes.finalize()).decode()


def signed(content: str) -> dict[str, str]:
    parts = sorted([CALLBACK_TOKEN, "1700000000", "nonce", content])
    signature = hashlib.sha1("".join(parts).encode()).hexdigest()
    return {"msg_signature": signature, "timestamp": "1700000000", "nonce": "nonce", "sealed": content}


def sealed_of(query: dict[str, Any]) -> str:
    return str(query.pop("sealed"))
