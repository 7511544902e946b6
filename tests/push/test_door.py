"""The stand-in for a push service says no where the real ones do: else it would prove nothing about our sender."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
from joserfc import jws
from joserfc.jwk import ECKey

from moshao.kit import clock
from tests.push.door import Door, base64url, base64url_bytes
from tests.push.loopback import tls_context
from tests.push.mozilla import HOST, Mozilla, mozilla


class Sender:
    """Posts as an application server does; `headers` are right until a test spoils them."""

    def __init__(self, service: Mozilla, http: aiohttp.ClientSession) -> None:
        self.service = service
        self._http = http
        self._key = ECKey.generate_key("P-256")
        self.public_key = public_point(self._key)
        self.token = ""

    async def subscribed(self) -> None:
        """By a browser that goes away then."""
        async with self._http.ws_connect(self.service.websocket_url, protocols=("push-notification",)) as browser:
            await browser.send_json({"messageType": "hello", "uaid": "", "use_webpush": True})
            await browser.receive_json()
            asked = {"messageType": "register", "channelID": "a-channel", "key": self.public_key}
            await browser.send_json(asked)
            self.token = (await browser.receive_json())["pushEndpoint"].rpartition("/")[2]
        await self.service.browsers(0)

    def vapid(self, key: ECKey | None = None, **claims: Any) -> str:
        exp = int((clock.now() + timedelta(hours=12)).timestamp())
        whole = {"aud": f"https://{HOST}", "exp": exp, "sub": "mailto:ops@example.com"} | claims
        token = jws.serialize_compact({"typ": "JWT", "alg": "ES256"}, msgspec.json.encode(whole), key or self._key)
        return f"vapid t={token}, k={self.public_key}"

    async def post(self, token: str = "", body: bytes = b"x" * 200, **spoilt: str | None) -> int:
        named = {"TTL": "60", "Content-Encoding": "aes128gcm", "Authorization": self.vapid()}
        whole = named | {name.replace("_", "-"): value for name, value in spoilt.items()}
        url = f"https://127.0.0.1:{self.service.port}/wpush/v2/{token or self.token}"
        headers = {name: value for name, value in whole.items() if value is not None}
        async with self._http.post(url, data=io.BytesIO(body), headers=headers, ssl=False) as answer:
            return answer.status


@asynccontextmanager
async def a_sender(folder: Path) -> AsyncIterator[Sender]:
    async with mozilla(tls_context(folder)) as service, aiohttp.ClientSession() as http:
        sender = Sender(service, http)
        await sender.subscribed()
        yield sender


@pytest.fixture
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    async with a_sender(tmp_path) as made:
        yield made


async def test_what_is_right_is_let_in_and_kept(sender: Sender) -> None:
    assert await sender.post() == 201
    (message,) = sender.service.door.waiting({sender.token})
    assert (len(message.body), message.ttl_s, message.urgency) == (200, 60, "normal")


async def test_each_mistake_is_refused(sender: Sender) -> None:
    stranger = ECKey.generate_key("P-256")
    other_key = sender.vapid().partition(", k=")[0] + f", k={public_point(stranger)}"
    past = int((clock.now() - timedelta(minutes=1)).timestamp())
    far = int((clock.now() + timedelta(hours=25)).timestamp())
    asked: dict[str, tuple[int, dict[str, Any]]] = {
        "no TTL": (400, {"TTL": None}),
        "too large": (413, {"body": b"x" * 4097}),
        "another encoding": (400, {"Content_Encoding": "aesgcm"}),
        "long topic": (400, {"Topic": "t" * 33}),
        "no vapid": (401, {"Authorization": None}),
        "another key": (403, {"Authorization": other_key}),
        "forged": (403, {"Authorization": sender.vapid(stranger)}),
        "for another service": (403, {"Authorization": sender.vapid(aud="https://127.0.0.1")}),
        "expired": (403, {"Authorization": sender.vapid(exp=past)}),
        "valid for too long": (403, {"Authorization": sender.vapid(exp=far)}),
        "no contact": (403, {"Authorization": sender.vapid(sub=None)}),
        "ended": (410, {"token": "another"}),
    }  # fmt: skip
    answered = {name: await sender.post(**spoilt) for name, (_, spoilt) in asked.items()}
    assert answered == {name: status for name, (status, _) in asked.items()}
    assert sender.service.door.taken == []


async def test_a_topic_holds_its_newest_message(sender: Sender) -> None:
    for topic, body in (("one", b"old"), ("two", b"other"), ("one", b"new")):
        assert await sender.post(body=body, Topic=topic) == 201
    assert [one.body for one in sender.service.door.waiting({sender.token})] == [b"other", b"new"]


async def test_nothing_waits_beyond_its_time(sender: Sender) -> None:
    assert await sender.post(TTL="0") == 201
    assert await sender.post(TTL="60") == 201
    door: Door = sender.service.door
    assert [one.ttl_s for one in door.waiting({sender.token})] == [60]
    with clock.moved(timedelta(seconds=61)):
        assert door.waiting({sender.token}) == []


def public_point(key: ECKey) -> str:
    """As `applicationServerKey` wants it: an uncompressed point, base64url."""
    members = key.as_dict(private=False)
    x, y = (base64url_bytes(str(members[name])) for name in ("x", "y"))
    return base64url(b"\x04" + x + y)
