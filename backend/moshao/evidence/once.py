"""Work that several requests ask for at the same moment is done once, and goes on when they give up."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Once:
    """What is under way in this process, by key."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def run(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """The outcome of `work`, or of the one under way under `key`."""
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.create_task(_awaited(work))
            task.add_done_callback(lambda done: self._forget(key, done))
        result: T = await asyncio.shield(task)
        return result

    async def close(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _forget(self, key: Hashable, done: asyncio.Task[Any]) -> None:
        del self._running[key]
        if not done.cancelled():
            done.exception()  # whoever asked may be gone: an outcome nobody took is no fault


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
