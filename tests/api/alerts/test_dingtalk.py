"""钉钉: taken first, then asked whether there is such a person."""

import pytest

from tests.api.alerts.makers import ZHANG, a_message, makers, opened


async def test_the_card_opens_the_case() -> None:
    async with makers() as stub, opened("dingtalk", stub) as gateway:
        fate = await gateway.ring(a_message(), ZHANG)
    assert (fate.outcome, fate.foreign_id) == ("sent", "256271667527")
    (sent,) = stub.taken
    assert (sent["agent_id"], sent["userid_list"]) == (77, "zhang")
    card = sent["msg"]["action_card"]
    assert (card["single_title"], card["single_url"]) == ("打开接单", "https://moshao.example.com/c/1")
    assert "18:40 前办结" in card["markdown"]


async def test_equal_words_are_two_messages() -> None:
    """钉钉 drops equal words to the same person for a day."""
    async with makers() as stub, opened("dingtalk", stub) as gateway:
        for _ in range(2):
            assert (await gateway.ring(a_message(), ZHANG)).outcome == "sent"
        assert len(stub.taken) == 2


async def test_who_is_nobody_there_is_found_afterwards() -> None:
    async with makers() as stub, opened("dingtalk", stub) as gateway:
        stub.strangers.add("zhang")
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, fate.nobody) == ("failed", "invalid_user_id", True)


async def test_one_token_serves_all_until_it_ends() -> None:
    async with makers() as stub, opened("dingtalk", stub) as gateway:
        await gateway.ring(a_message(), ZHANG)
        stub.ended |= set(stub.tokens)
        assert (await gateway.ring(a_message(), ZHANG)).outcome == "sent"
        assert (len(stub.tokens), len(stub.taken)) == (2, 2)


@pytest.mark.parametrize(
    ("said", "outcome", "why", "nobody"),
    [
        ({"errcode": 88, "sub_code": "90018"}, "later", "errcode_90018", False),
        ({"errcode": 143106}, "later", "errcode_143106", False),
        ({"errcode": 33012}, "failed", "errcode_33012", True),
        ({"errcode": 400002}, "failed", "errcode_400002", False),
    ],
)
async def test_each_error_code_has_its_fate(said: dict[str, object], outcome: str, why: str, nobody: bool) -> None:
    async with makers() as stub, opened("dingtalk", stub) as gateway:
        stub.says(200, said)
        fate = await gateway.ring(a_message(), ZHANG)
        assert (fate.outcome, fate.why, fate.nobody) == (outcome, why, nobody)
