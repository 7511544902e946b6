"""The phone's real outbox, run by Node, told over a pipe what to do (pwa/tests/outbox_program.ts)."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.commands import LINE_MOST, ROOT

PWA = ROOT / "pwa"
# Beside the packages it needs, where no build of the phone app looks.
BUILT = PWA / "node_modules" / ".outbox_program"


class Outbox:
    """`start` empties the phone and makes it somebody's, `close` has him close a case offline, `send` sends."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def start(self, **about: Any) -> None:
        await self._order({"start": about})

    async def close(self, case: dict[str, Any], photos: list[dict[str, str]]) -> dict[str, Any]:
        """`photos`: usage, sha256 and hex of each. The act's id, and those of its photos."""
        return await self._order({"close": {"case": case, "photos": photos}})

    async def send(self) -> dict[str, Any]:
        """How it ended; ids of acts still open and of acts sent; why some are parked."""
        return await self._order({"send": True})

    async def pull(self) -> dict[str, Any]:
        """Follow the server's changes, as an open app does."""
        return await self._order({"pull": True})

    async def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(120):
            told: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return told


@asynccontextmanager
async def an_outbox() -> AsyncIterator[Outbox]:
    """Built from today's source."""
    node = shutil.which("node")
    assert node, "Node is needed, as for building the phone app"
    vite = ["node_modules/vite/bin/vite.js", "build", "--ssr", "tests/outbox_program.ts", "--logLevel", "error"]
    built = await asyncio.create_subprocess_exec(node, *vite, "--outDir", str(BUILT), "--emptyOutDir", cwd=PWA)
    assert await built.wait() == 0
    process = await asyncio.create_subprocess_exec(
        node, str(BUILT / "outbox_program.js"),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE_MOST, start_new_session=True,
    )  # fmt: skip
    try:
        yield Outbox(process)
    finally:
        # With all it has started: the `node` of an environment is a program that runs another.
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
