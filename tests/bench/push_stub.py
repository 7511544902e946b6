"""A push service in a process of its own: takes everything after `latency`, and says how much it took.

python -m tests.bench.push_stub PORT LATENCY_SECONDS
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
from aiohttp import web

from tests.certificate import server_context
from tests.commands import ROOT, free_port

READY_SECONDS = 30
LOOK_SECONDS = 0.1


class Stub:
    """`taken`: how many came so far."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def taken(self) -> int:
        async with httpx.AsyncClient(verify=False) as client:
            return int((await client.get(f"https://127.0.0.1:{self.port}/taken")).text)

    async def took(self, count: int) -> None:
        """Returns when so many came."""
        while True:
            if await self.taken() >= count:
                return
            await asyncio.sleep(LOOK_SECONDS)


@asynccontextmanager
async def push_stub(latency_s: float) -> AsyncIterator[Stub]:
    """Killed at the end of the block."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.push_stub", str(port), str(latency_s), cwd=ROOT
    )
    stub = Stub(port)
    try:
        async with asyncio.timeout(READY_SECONDS):
            while True:
                with suppress(httpx.TransportError):
                    await stub.taken()
                    break
                await asyncio.sleep(0.05)
        yield stub
    finally:
        process.kill()
        await process.wait()


def main(port: int, latency_s: float) -> None:
    count = 0

    async def take(request: web.Request) -> web.Response:
        nonlocal count
        await request.read()
        if latency_s:
            await asyncio.sleep(latency_s)
        count += 1
        return web.Response(status=201, headers={"Location": "https://push.example/m"})

    async def taken(_: web.Request) -> web.Response:
        return web.Response(text=str(count))

    app = web.Application()
    app.router.add_get("/taken", taken)
    app.router.add_post("/{path:.*}", take)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=server_context(), access_log=None, print=lambda *_: None)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
