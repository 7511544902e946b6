"""The server dies in the middle: what was acknowledged is there, what was not can be finished, nothing is doubled."""

import asyncio
import math
import random
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psutil
import pytest

from moshao.evidence.pixel_child import ALLOCATOR
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending, sha256
from tests.api.evidence.serving import Served, served
from tests.api.evidence.sockets import patching, until_offset

HALF = 150_000
PIECE = 4096
AT_ONCE = 3


async def test_in_the_middle_of_a_photo(tmp_path: Path) -> None:
    async with served(tmp_path) as server, server.phone("handler") as phone:
        photo = Sending(phone, jpeg(size=(1600, 1200), quality=95))
        await photo.create()
        async with patching(server.port, photo, 0) as wire:
            await wire.send(photo.content[:HALF])
            await until_offset(tmp_path, photo, HALF)
            await server.end(signal.SIGKILL)
        await server.start()
        assert (await photo.ask()).headers["upload-offset"] == str(HALF)
        assert (await photo.go_on(HALF)).headers["etag"] == f'"{photo.said["sha256"]}"'
        assert (await photo.look()).content == photo.content


async def test_its_children_die_with_it(tmp_path: Path) -> None:
    async with served(tmp_path) as server, server.phone("handler") as phone:
        await Sending(phone, jpeg()).whole()
        children = psutil.Process(server.pid).children()
        assert children
        environments = [child.environ() for child in children]
        await server.end(signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=60)
        assert alive == []
    for environment in environments:
        assert set(environment) <= {"PYTHONPATH", "LANG", "LC_CTYPE", *ALLOCATOR}


async def test_stopped_politely_with_uploads_under_way(tmp_path: Path) -> None:
    async with served(tmp_path) as server, server.phone("handler") as phone:
        photos = [Sending(phone, jpeg(seed, (1200, 900))) for seed in range(12)]
        sending = [asyncio.create_task(_acknowledged(photo)) for photo in photos]
        await asyncio.wait(sending, return_when=asyncio.FIRST_COMPLETED)
        await server.end(signal.SIGTERM)
        done = await asyncio.gather(*sending)
        assert any(done)
        await server.start()
        await _finish_all(photos, done)
        await _check_store(server, photos)


async def test_killed_again_and_again(tmp_path: Path) -> None:
    await _kill_again_and_again(tmp_path, kills=4)


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_fifty_kills(tmp_path: Path) -> None:
    await _kill_again_and_again(tmp_path, kills=50)


async def _kill_again_and_again(folder: Path, kills: int) -> None:
    dice = random.Random(20261123)
    async with served(folder) as server, server.phone("handler") as phone:
        photos: list[Sending] = []
        done: list[bool] = []
        for round_ in range(kills):
            batch = [Sending(phone, jpeg(round_ * 100 + n, (1000, 750))) for n in range(8)]
            acknowledged = await _send_until_killed(server, batch, dice)
            assert not all(acknowledged)
            done += acknowledged
            photos += batch
            await server.start()
        assert any(done)
        for photo, was_done in zip(photos, done, strict=True):
            if was_done:
                assert (await photo.look()).content == photo.content
        await _finish_all(photos, done)
        await _check_store(server, photos)


async def _send_until_killed(server: Served, batch: list[Sending], dice: random.Random) -> list[bool]:
    """Which were acknowledged. A few at a time go up; the server dies before some piece of one of them is sent,
    with those beside it anywhere between their first octet and their answer.
    """
    pieces = sum(math.ceil(len(photo.content) / PIECE) for photo in batch)
    road = CutRoad(dice.randrange(pieces))
    sending = [asyncio.create_task(_acknowledged(photo, road)) for photo in batch]
    await road.cut.wait()
    await server.end(signal.SIGKILL)
    road.down.set()
    return await asyncio.gather(*sending)


class CutRoad:
    """The way to the server for `AT_ONCE` photos: `cut` once so many pieces went up, and nothing more until `down`."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces
        self.room = asyncio.Semaphore(AT_ONCE)
        self.cut = asyncio.Event()
        self.down = asyncio.Event()

    async def carry(self, content: bytes) -> AsyncIterator[bytes]:
        for start in range(0, len(content), PIECE):
            if self.pieces == 0:
                self.cut.set()
                await self.down.wait()
            self.pieces -= 1
            yield content[start : start + PIECE]


async def _acknowledged(photo: Sending, road: CutRoad | None = None) -> bool:
    try:
        if road is None:
            answer = await photo.whole()
        else:
            async with road.room:
                answer = await photo.create(road.carry(photo.content))
    except httpx.TransportError:
        return False
    return answer.status_code == 201 and "etag" in answer.headers


async def _finish_all(photos: list[Sending], done: list[bool]) -> None:
    """What a phone does when it finds the server again."""
    for photo, was_done in zip(photos, done, strict=True):
        answer = await photo.create()
        if was_done:
            assert answer.status_code == 200
            assert answer.headers["etag"]
        elif "etag" not in answer.headers:
            answer = await photo.go_on(int(answer.headers["upload-offset"]))
            assert answer.headers["etag"]


async def _check_store(server: Served, photos: list[Sending]) -> None:
    for photo in photos:
        assert (await photo.look()).content == photo.content
    root = server.folder / "blobs"
    kept = [path for path in (root / "originals").rglob("*") if path.is_file()]
    assert sorted(path.name for path in kept) == sorted(photo.said["sha256"] for photo in photos)
    assert all(sha256(path.read_bytes()) == path.name for path in kept)
