"""Firefox driven by its own Marionette protocol: the one way to reach what stands outside of pages, as alerts."""

import asyncio
import contextlib
from typing import Any

import msgspec

SECONDS = 120


class Refused(Exception):
    """Firefox answered with an error."""


class Marionette:
    """`await Marionette.at(port)`; one session."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._number = 0
        self._turn = asyncio.Lock()
        self._context = "content"

    @classmethod
    async def at(cls, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> "Marionette":
        made = cls(reader, writer)
        async with asyncio.timeout(SECONDS):
            await made._read()
        await made._ask("WebDriver:NewSession")
        await made._ask("WebDriver:SetTimeouts", script=SECONDS * 1000, pageLoad=SECONDS * 1000)
        return made

    async def goto(self, url: str) -> None:
        async with self._turn:
            await self._switch("content")
            await self._ask("WebDriver:Navigate", url=url)

    async def in_page(self, script: str, *args: Any) -> Any:
        """What the body of an async function answers in the page."""
        return await self._run("content", script, args)

    async def in_browser(self, script: str, *args: Any) -> Any:
        """The same with the rights of the browser itself."""
        return await self._run("chrome", script, args)

    async def quit(self) -> None:
        """As a person does, so that the profile is on disk."""
        async with self._turn:
            await self._switch("chrome")
            await self._ask("Marionette:Quit", flags=["eAttemptQuit"])
        await self.close()

    async def close(self) -> None:
        """No more is asked of it; Firefox may be gone already."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def _run(self, context: str, script: str, args: tuple[Any, ...]) -> Any:
        whole = f"""
            const done = arguments[arguments.length - 1]
            const work = async () => {{ {script} }}
            work().then((value) => done({{ value }}), (fault) => done({{ fault: String(fault) }}))
        """
        async with self._turn:
            await self._switch(context)
            answer = await self._ask("WebDriver:ExecuteAsyncScript", script=whole, args=list(args), newSandbox=False)
        if "fault" in answer["value"]:
            raise Refused(answer["value"]["fault"])
        return answer["value"].get("value")

    async def _switch(self, context: str) -> None:
        if context != self._context:
            await self._ask("Marionette:SetContext", value=context)
            self._context = context

    async def _ask(self, command: str, **members: Any) -> Any:
        self._number += 1
        content = msgspec.json.encode([0, self._number, command, members])
        self._writer.write(str(len(content)).encode() + b":" + content)
        await self._writer.drain()
        async with asyncio.timeout(SECONDS):
            _, number, fault, answer = await self._read()
        assert number == self._number, f"an answer to {number} where {self._number} was asked"
        if fault:
            raise Refused(f"{command}: {fault['error']}: {fault['message']}")
        return answer

    async def _read(self) -> Any:
        length = await self._reader.readuntil(b":")
        return msgspec.json.decode(await self._reader.readexactly(int(length[:-1])))
