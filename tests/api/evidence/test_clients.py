"""Clients nobody here wrote: tuspy, and tus-js-client in Node."""

import asyncio
import base64
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError
from tusclient.uploader.uploader import Uploader

from tests.api.evidence.breaking import breaking
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import Sending
from tests.api.sync.live import on_a_socket
from tests.world import World

AGES = 10_000_000
NODE_CLIENT = Path(__file__).parent / "tus_client.mjs"


def a_large_photo(world: World) -> Sending:
    return Sending(world.as_("handler"), jpeg(size=(1600, 1200), quality=95), taken_at="2026-11-23T10:00:00+08:00")


def cookie(photo: Sending) -> str:
    return f"moshao={photo.phone.client.cookies['moshao']}"


def tuspy(photo: Sending, port: int, **options: Any) -> Uploader:
    client = TusClient(f"http://127.0.0.1:{port}/api/uploads", headers={"Cookie": cookie(photo)})
    return client.uploader(file_stream=io.BytesIO(photo.content), metadata=photo.said, **options)


async def tus_js(photo: Sending, port: int, **options: Any) -> dict[str, Any]:
    node = shutil.which("node")
    assert node, "Node is needed, as for building the phone app"
    order = {
        "endpoint": f"http://127.0.0.1:{port}/api/uploads",
        "cookie": cookie(photo),
        "content": base64.b64encode(photo.content).decode(),
        "metadata": photo.said,
        "retryDelays": [0, 10, 10, 10],
    }
    process = await asyncio.create_subprocess_exec(
        node, str(NODE_CLIENT), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate(json.dumps(order | options).encode())
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.mark.parametrize("chunk", [None, 50_000])
async def test_tuspy(world: World, chunk: int | None) -> None:
    photo = a_large_photo(world)
    async with on_a_socket(world) as port:
        uploader = tuspy(photo, port, **({"chunk_size": chunk} if chunk else {}))
        await asyncio.to_thread(uploader.upload)
    assert str(uploader.url).endswith(photo.url)
    assert (await photo.look()).content == photo.content


async def test_tuspy_on_a_breaking_network(world: World) -> None:
    photo = a_large_photo(world)
    async with on_a_socket(world) as server, breaking(server, AGES, 100_000, AGES, 60_000) as (port, network):
        uploader = tuspy(photo, port, chunk_size=200_000, retries=5, retry_delay=0)
        await asyncio.to_thread(uploader.upload)
        assert network.broken >= 1
    assert (await photo.look()).content == photo.content


async def test_tuspy_started_again_by_its_url(world: World) -> None:
    photo = a_large_photo(world)
    async with on_a_socket(world) as server, breaking(server, AGES, 100_000) as (port, _):
        first = tuspy(photo, port, chunk_size=200_000)
        with pytest.raises(TusCommunicationError):
            await asyncio.to_thread(first.upload)
        again = {"chunk_size": 200_000, "url": first.url, "retries": 5, "retry_delay": 0}
        second = await asyncio.to_thread(tuspy, photo, port, **again)
        # How much the server had read before the reset is the network's affair, and it may be at it still; the client
        # goes on from what it was told.
        assert second.offset <= int((await photo.ask()).headers["upload-offset"])
        await asyncio.to_thread(second.upload)
    assert (await photo.look()).content == photo.content


@pytest.mark.parametrize("during", [True, False])
@pytest.mark.parametrize("chunk", [None, 50_000])
async def test_tus_js_client(world: World, during: bool, chunk: int | None) -> None:
    photo = a_large_photo(world)
    async with on_a_socket(world) as port:
        told = await tus_js(photo, port, duringCreation=during, chunkSize=chunk)
    assert told["ok"], told
    assert told["etag"] == f'"{photo.said["sha256"]}"'
    assert (await photo.look()).content == photo.content


async def test_tus_js_client_on_a_breaking_network(world: World) -> None:
    photo = a_large_photo(world)
    async with on_a_socket(world) as server, breaking(server, 100_000, 120_000, 60_000) as (port, network):
        told = await tus_js(photo, port, duringCreation=False)
        assert network.broken >= 2
    assert told["ok"], told
    assert (await photo.look()).content == photo.content


async def test_tus_js_client_started_again_by_its_url(world: World) -> None:
    photo = a_large_photo(world)
    await photo.create(photo.content[:123_456])
    async with on_a_socket(world) as port:
        told = await tus_js(photo, port, uploadUrl=f"http://127.0.0.1:{port}{photo.url}")
    assert told["ok"], told
    assert (await photo.look()).content == photo.content


async def test_tus_js_client_with_no_photo(world: World) -> None:
    photo = Sending(world.as_("handler"), b"no photo at all")
    async with on_a_socket(world) as port:
        told = await tus_js(photo, port)
    assert (told["ok"], told["status"]) == (False, 422)
