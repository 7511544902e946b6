"""The bell: CPU of a push beside the crypto primitives and a bare aiohttp POST; 10,000 browsers rung by one broadcast
to a push service that takes 100 ms, and what others wait for meanwhile.

Medians of the rounds; the three are measured in turn, in one process on the worker's loop, against a push service in
another. Pushes are made some at a time and then sent, as the sender does it; the bare POSTs go out in the same number.
"""
# On PostgreSQL too

import asyncio
import os
import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import uvloop
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moshao.alerts.keys import ensure_key
from moshao.alerts.webpush import Encrypter, Target, new_key_pair
from moshao.kit import ids
from moshao.kit.outgoing import open_outgoing
from tests.api.alerts.browser import Browser
from tests.api.alerts.crowd import crowd
from tests.bench.bench_changes import asked, cursors
from tests.bench.load import Load, Wanted, http
from tests.bench.push_stub import Stub, push_stub
from tests.bench.serving import serving
from tests.bench.town import Town, a_town
from tests.databases import POSTGRES, fresh_url
from tests.results import keep, settle

HOST = "updates.push.services.mozilla.com"
PAYLOAD = msgspec.json.encode({"title": "新案件：暴露垃圾", "body": "中州路 128 号 · 18:40 前办结" * 6})
ROUNDS = 7
PUSHES = 1500
AT_ONCE = 64
CPU_US = 260
CROWD = 10_000
LATENCY_S = 0.1
RUNG_SECONDS = 30
HANDLERS = 64
READS_A_SECOND = 100
QUIET_SECONDS = 8
P95_RATIO = 2.0


async def main() -> None:
    await the_cost_of_a_push()
    await a_crowd()
    settle()


async def the_cost_of_a_push() -> None:
    pushes, posts, primitives = [], [], []
    encrypter, browser = Encrypter(new_key_pair(), "mailto:bench@example.com"), Browser(HOST)
    target = Target(browser.endpoint, browser.p256dh, browser.auth)

    def made() -> tuple[bytes, dict[str, str]]:
        request = encrypter.request(target, PAYLOAD, ttl_s=3600, urgency="high", topic="t" * 22)
        return request.body, request.headers

    async with (
        push_stub(0) as stub,
        open_outgoing([(HOST, f"127.0.0.1:{stub.port}")]) as outgoing,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=_unchecked())) as bare,
    ):
        body, headers = made()
        url = f"https://127.0.0.1:{stub.port}{browser.path}"

        async def push(content: bytes, named: dict[str, str]) -> None:
            answer = await outgoing.post(browser.endpoint, content, named, seconds=10, public_only=True)
            assert answer.status == 201

        async def post() -> None:
            async with bare.post(url, data=body, headers=headers) as answer:
                assert answer.status == 201
                await answer.read()

        for _ in range(ROUNDS + 1):
            pushes.append(await _microseconds(lambda: [push(*made) for made in [made() for _ in range(AT_ONCE)]]))
            posts.append(await _microseconds(lambda: [post() for _ in range(AT_ONCE)]))
            primitives.append(_primitives(browser))
    push_us, post_us, primitives_us = (statistics.median(each[1:]) for each in (pushes, posts, primitives))
    keep("bare aiohttp POST", f"{post_us:.0f} µs CPU")
    keep("primitives of RFC 8291", f"{primitives_us:.0f} µs CPU")
    keep(
        "a push: encrypt, header, send", f"{push_us:.0f} µs CPU, {push_us / (post_us + primitives_us):.2f} × the two",
        wanted=f"≤ {CPU_US} µs", reached=push_us <= CPU_US,
    )  # fmt: skip


async def _microseconds(begin: Callable[[], list[Coroutine[Any, Any, None]]]) -> float:
    """CPU of this process for one; `begin` begins AT_ONCE of them."""
    before = time.process_time()
    for _ in range(PUSHES // AT_ONCE):
        await asyncio.gather(*begin())
    return (time.process_time() - before) / (PUSHES // AT_ONCE * AT_ONCE) * 1e6


def _primitives(browser: Browser) -> float:
    """A key, an agreement, three derivations, a seal: what no implementation can do without."""
    theirs = browser.key.public_key()
    before = time.process_time()
    for _ in range(PUSHES):
        mine = ec.generate_private_key(ec.SECP256R1())
        point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        secret = mine.exchange(ec.ECDH(), theirs)
        salt = os.urandom(16)
        agreed = _derived(secret, salt, 32, b"WebPush: info\0" + point)
        key, nonce = _derived(agreed, salt, 16, b"aes128gcm"), _derived(agreed, salt, 12, b"nonce")
        AESGCM(key).encrypt(nonce, PAYLOAD + b"\2", b"")
    return (time.process_time() - before) / PUSHES * 1e6


def _derived(secret: bytes, salt: bytes, length: int, info: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


async def a_crowd() -> None:
    """One emergency to everybody, while handlers go on reading."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with fresh_url(folder) as url, push_stub(LATENCY_S) as stub:
            town = await a_town(url, folder, HANDLERS)
            unit, browser = town.handlers[0].unit_id, Browser(HOST)
            await ensure_key(town.db)
            await town.db.write(lambda tx: crowd(tx, town.district_id, unit, browser, f"https://{HOST}", CROWD))
            query = (await cursors(town)).__getitem__
            wanted = asked(town, query, READS_A_SECOND * RUNG_SECONDS)
            paced = [Wanted(each.request, due=(at + 1) / READS_A_SECOND) for at, each in enumerate(wanted)]
            await town.db.close()
            connect = {"test_connect": f"{HOST}=127.0.0.1:{stub.port}"}
            async with serving(url, folder, worker=True, **connect) as server:
                with Load(server.port) as load:
                    await load.play(paced[: READS_A_SECOND * 2])
                    quiet = await load.play(paced[: READS_A_SECOND * QUIET_SECONDS])
                    busy = asyncio.create_task(load.play(paced[: READS_A_SECOND * QUIET_SECONDS]))
                    seconds = await _rung(town, load.port, stub)
                    meanwhile = await busy
    ratio = meanwhile.share(0.95) / quiet.share(0.95)
    on = "PostgreSQL" if POSTGRES else "SQLite"
    keep(
        f"{CROWD:,} browsers rung ({on})", f"{seconds:.1f} s", wanted=f"≤ {RUNG_SECONDS} s",
        reached=seconds <= RUNG_SECONDS,
    )  # fmt: skip
    keep(
        f"others' p95 meanwhile ({on})",
        f"{meanwhile.share(0.95) * 1000:.1f} ms, {ratio:.1f} × {quiet.share(0.95) * 1000:.1f} ms",
        wanted=f"≤ {P95_RATIO:.0f} ×", reached=ratio <= P95_RATIO,
    )  # fmt: skip


async def _rung(town: Town, port: int, stub: Stub) -> float:
    """Seconds from asking until the last push was taken."""
    body = msgspec.json.encode({"words": "汛情紧急，全体到岗", "emergency": True})
    begun = time.perf_counter()
    request = http("PUT", f"/api/broadcasts/{ids.new_id()}", town.supervisor, body, Content_Type="application/json")
    with Load(port) as asking:
        (await asking.play([Wanted(request)])).all_in("201")
    async with asyncio.timeout(RUNG_SECONDS * 6):
        await stub.took(CROWD)
    return time.perf_counter() - begun


if __name__ == "__main__":
    uvloop.run(main())
