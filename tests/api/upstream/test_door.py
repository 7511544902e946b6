"""POST /api/upstream/{name}/events: who may, in which form, how often."""

import json

import httpx
import pytest

from moshao.kit import clock
from moshao.kit.limits import Limits
from moshao.kit.webhooks import new_secret
from moshao.upstream import doorkeeping
from moshao.upstream.making import drop_old_secrets, rotate_secret, switch
from tests.api.upstream.platform import BATCH, STRUCTURED, Platform
from tests.api.upstream.test_events import body_of, cases


async def test_anything_wrong_with_the_signature_is_one_and_the_same_401(city: Platform) -> None:
    body = body_of(city.new_case())
    now = int(clock.now().timestamp())
    good = city.headers(body, webhook_id="m1")
    wrong = [
        city.headers(body, webhook_id="m1", secret=new_secret()),
        city.headers(body, webhook_id="m1", at=now - 301),
        city.headers(body, webhook_id="m1", at=now + 302),
        {**good, "webhook-id": "m2"},
        {**good, "webhook-signature": "v1,"},
        {**good, "webhook-timestamp": "soon"},
        {**good, "webhook-id": "x" * 300},
        {name: value for name, value in good.items() if name != "webhook-signature"},
        {},
    ]
    answers = []
    for headers in wrong:
        answers.append(
            await city.world.nobody.post(
                "/api/upstream/city/events", content=body, headers={**headers, "content-type": STRUCTURED}
            )
        )
    stranger = await city.world.nobody.post(
        "/api/upstream/nobody/events", content=body, headers={**good, "content-type": STRUCTURED}
    )
    for answer in (*answers, stranger):
        assert (answer.status_code, answer.json()["code"]) == (401, "not_from_upstream")
        assert answer.json() == stranger.json()
    assert await cases(city) == 0


async def test_several_signatures_and_secrets_while_they_rotate(city: Platform) -> None:
    old = city.secret
    city.secret = await city.world.db.write(lambda tx: rotate_secret(tx, "city"))
    await city.send(city.new_case())
    body = body_of(city.new_case())
    with_old = city.headers(body, webhook_id="m1", secret=old)
    assert (await _sent(city, body, with_old)).status_code == 200
    both = city.headers(body, webhook_id="m2", secret=new_secret())
    both["webhook-signature"] += " " + city.headers(body, webhook_id="m2")["webhook-signature"]
    assert (await _sent(city, body, both)).status_code == 200
    await city.world.db.write(lambda tx: drop_old_secrets(tx, "city"))
    assert (await _sent(city, body, city.headers(body, webhook_id="m3", secret=old))).status_code == 401
    await city.send(city.new_case())


async def _sent(city: Platform, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return await city.world.nobody.post(
        "/api/upstream/city/events", content=body, headers={**headers, "content-type": STRUCTURED}
    )


async def test_one_that_is_switched_off_is_a_stranger(city: Platform) -> None:
    await city.world.db.write(lambda tx: switch(tx, "city", active=False))
    assert (await city.post(body_of(city.new_case()))).status_code == 401
    await city.world.db.write(lambda tx: switch(tx, "city", active=True))
    await city.send(city.new_case())


async def test_other_content_types(city: Platform) -> None:
    for media in ("application/json", "text/plain", "", "application/cloudevents+xml"):
        answer = await city.post(body_of(city.new_case()), media)
        assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_type")
    assert (await city.post(body_of(city.new_case()), f"{STRUCTURED}; charset=utf-8")).status_code == 200


async def test_too_large(city: Platform) -> None:
    big = city.new_case(description="x" * 11_000_000)
    answer = await city.post(body_of(big))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    many = await city.post(json.dumps([{}] * 1001).encode(), BATCH)
    assert (many.status_code, many.json()["code"]) == (413, "too_many_events")


async def test_a_flood_is_told_when_to_come_back(city: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeping, "_PER_UPSTREAM", Limits(per_second=0.01, burst=2))
    answers = [await city.post(body_of(city.new_case())) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2].headers["retry-after"]) > 0
    assert answers[2].json()["retry"] is True


async def test_guessing_is_slowed_down(city: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doorkeeping, "_STRANGERS", Limits(per_second=0.01, burst=2))
    body = body_of(city.new_case())
    wrong = city.headers(body, webhook_id="m1", secret=new_secret())
    assert [(await _sent(city, body, wrong)).status_code for _ in range(3)] == [401, 401, 429]
    await city.send(city.new_case())
