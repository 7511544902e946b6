"""A push endpoint is a URL chosen by a stranger: nobody inside is ever called, however he is named."""

import asyncio
import socket
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import AsyncIterator
from typing import Any

import pytest

from moshao.kit import ids
from tests.api.alerts.bell import Bell
from tests.api.alerts.push_service import answering
from tests.certificate import server_context

INSIDE = [
    "https://127.0.0.1:{port}/x",
    "https://127.0.0.1/x",
    "https://10.0.0.1:{port}/x",
    "https://172.16.0.1:{port}/x",
    "https://192.168.1.1:{port}/x",
    "https://100.64.0.1:{port}/x",
    "https://169.254.1.1:{port}/x",
    "https://169.254.169.254/latest/meta-data",
    "https://100.100.100.200/latest/meta-data",
    "https://0.0.0.0:{port}/x",
    "https://[::1]:{port}/x",
    "https://[::]:{port}/x",
    "https://[::ffff:127.0.0.1]:{port}/x",
    "https://[::ffff:7f00:1]:{port}/x",
    "https://[::127.0.0.1]:{port}/x",
    "https://[64:ff9b::7f00:1]:{port}/x",
    "https://[64:ff9b:1::7f00:1]:{port}/x",
    "https://[2002:7f00:1::]:{port}/x",
    "https://[fe80::1]:{port}/x",
    "https://[fd00:ec2::254]:{port}/x",
    "https://2130706433:{port}/x",
    "https://0x7f.1:{port}/x",
    "https://127.1:{port}/x",
    "https://１２７.0.0.1:{port}/x",
    "https://①②⑦.0.0.1:{port}/x",
    "https://127。0。0。1:{port}/x",
    "https://[::ffff:１２７.0.0.1]:{port}/x",
    "https://LOCALHOST:{port}/x",
    "https://localhost:{port}/x",
    "https://me:word@127.0.0.1:{port}/x",
    "https://push.example:{port}/x",
    "https://push.example@127.0.0.1:{port}/x",
]


class Listener:
    """Whoever connects is counted, and nobody answers him."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    async with await asyncio.start_server(made.met, "127.0.0.1", 0, ssl=server_context()) as server:
        made.port = server.sockets[0].getsockname()[1]
        yield made


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that this process wants to connect to by a loop."""
    addresses: list[Any] = []
    connect = BaseSelectorEventLoop.sock_connect

    async def noting(loop: Any, sock: Any, address: Any) -> None:
        addresses.append(address)
        await connect(loop, sock, address)

    monkeypatch.setattr(BaseSelectorEventLoop, "sock_connect", noting)
    return addresses


class Names:
    """What names resolve to, instead of the network's answer: the next of `answers` each time, the last for ever."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def getaddrinfo(self, loop: Any, host: Any, port: Any, **kwargs: Any) -> list[Any]:
        self.asked += 1
        address = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]


async def subscribe_past_the_door(bell: Bell, endpoint: str) -> None:
    """As an endpoint stands in the database that no rule at subscribing would let in."""
    await bell.subscribe("handler")
    await bell.world.db.write(
        lambda tx: tx.run(
            "UPDATE push_subscriptions SET endpoint = ?, endpoint_digest = ?", endpoint, ids.digest_of_secret(endpoint)
        )
    )


@pytest.mark.parametrize("endpoint", INSIDE)
async def test_nobody_inside_is_called(
    bell: Bell, listener: Listener, tried: list[Any], endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "push.example" in endpoint:
        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", method_of(Names("127.0.0.1")))
    await subscribe_past_the_door(bell, endpoint.format(port=listener.port))
    await bell.assign()
    await bell.work()
    assert (listener.connections, tried) == (0, [])
    assert [(each["fate"], each["why"]) for each in await bell.deliveries()] == [("waiting", "unreachable")]


async def test_a_name_that_changes_its_address_is_looked_at_when_it_is_called(
    bell: Bell, listener: Listener, tried: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = Names("8.8.8.8", "127.0.0.1")
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", method_of(names))
    await asyncio.get_running_loop().getaddrinfo("push.example", 443)  # whoever looked before was shown a public one
    await subscribe_past_the_door(bell, f"https://push.example:{listener.port}/x")
    await bell.assign()
    await bell.work()
    assert names.asked == 2, "asked once for the call: what was checked is what is called"
    assert (listener.connections, tried) == (0, [])


async def test_nobody_is_followed_elsewhere(bell: Bell, listener: Listener) -> None:
    await bell.subscribe("handler")
    for status in (301, 302, 303, 307, 308):
        bell.service.answer = answering(status, Location=f"https://127.0.0.1:{listener.port}/x")
        await bell.assign()
        await bell.work()
        await bell.later(minutes=2)
    assert listener.connections == 0
    assert {each["why"] for each in await bell.deliveries()} == {"redirected"}


async def test_a_push_service_itself_is_called(bell: Bell, tried: list[Any]) -> None:
    """What refuses everything looks safe: this one gets through."""
    await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    assert len(bell.service.pushed) == 1
    assert tried == [("127.0.0.1", bell.service.port)]


def method_of(names: Names) -> Any:
    async def getaddrinfo(loop: Any, host: Any, port: Any, **kwargs: Any) -> list[Any]:
        return await names.getaddrinfo(loop, host, port, **kwargs)

    return getaddrinfo
