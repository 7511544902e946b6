"""Tasks that are done over and over: each in its own rhythm, in one process at a time, none stopping another."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from moshao.kit.leases import Leases
from moshao.kit.pulse import Pulse, wait

log = logging.getLogger(__name__)

# A database that comes back is noticed within this.
FAILED_WAIT_SECONDS = 30.0
# How long what runs may go on when the process is told to stop.
STOP_SECONDS = 10.0

T = TypeVar("T")


class Task(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """`run` is called every `period_s` seconds, `woken` also when a journal grows; it answers how much it did, and
    after anything is called again at once. `shared`: every process may do it at the same time."""

    name: str
    period_s: float
    run: Callable[[T], Awaitable[int]]
    woken: bool = False
    shared: bool = False


class StandingTasks(Generic[T]):
    """Runs `tasks` with `tools` until `stopping` is set."""

    def __init__(
        self, tasks: Sequence[Task[T]], tools: T, leases: Leases, pulse: Pulse, stopping: asyncio.Event
    ) -> None:
        self._tasks = tasks
        self._tools = tools
        self._leases = leases
        self._pulse = pulse
        self._stopping = stopping

    async def run(self) -> None:
        """Returns when every task has ended what it was doing, or `STOP_SECONDS` after the word to stop."""
        renewing = asyncio.create_task(self._renew())
        running = {asyncio.create_task(self._keep(task), name=task.name) for task in self._tasks}
        try:
            await self._stopping.wait()
            _, late = await asyncio.wait(running, timeout=STOP_SECONDS)
            for task in late:
                log.warning("task_cut_off", extra={"task": task.get_name()})
        finally:
            for one in (*running, renewing):
                one.cancel()
            await asyncio.gather(*running, renewing, return_exceptions=True)
            with contextlib.suppress(Exception):
                await self._leases.release()

    async def _keep(self, task: Task[T]) -> None:
        failures = 0
        async with self._pulse.listening(None) as beat:
            wake = beat if task.woken else asyncio.Event()
            ending = asyncio.create_task(self._stopping.wait())
            ending.add_done_callback(lambda _: wake.set())
            try:
                while not self._stopping.is_set():
                    wake.clear()
                    done, failures = await self._once(task, failures)
                    if done and not failures:
                        await asyncio.sleep(0)
                    else:
                        await wait(self._stopping if failures else wake, _pause(task, failures))
            finally:
                ending.cancel()

    async def _once(self, task: Task[T], failures: int) -> tuple[int, int]:
        """How much was done, and the failures in a row."""
        try:
            if not (task.shared or await self._leases.take(task.name)):
                return 0, 0
            done = await task.run(self._tools)
            self._leases.ran(task.name)
            if failures:
                await self._leases.failed(task.name, 0, "")
            return done, 0
        except Exception as fault:
            failures += 1
            log.error("task_failed", exc_info=fault, extra={"task": task.name, "failures": failures})
            with contextlib.suppress(Exception):
                await self._leases.failed(task.name, failures, repr(fault))
            return 0, failures

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._leases.seconds / 3)
            try:
                await self._leases.renew()
            except Exception as fault:
                log.error("leases_not_renewed", exc_info=fault)


def _pause(task: Task[T], failures: int) -> float:
    """The task's rhythm; after failures longer and longer, so that a broken one does not fill the log."""
    if not failures:
        return task.period_s
    longest = max(FAILED_WAIT_SECONDS, task.period_s)
    return float(min(longest, max(task.period_s, 1.0) * 2.0 ** min(failures, 20))) * random.uniform(0.75, 1.0)
