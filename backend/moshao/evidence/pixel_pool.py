"""The pixel children of this process, and who is served first.

The first child is careful: it takes whatever may cost much, one at a time, and the copies nobody waits for. The others
are quick: they take what is sure to be cheap, so that a hostile or huge photo holds up only its like.
"""

import asyncio
import heapq
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import IntEnum

from prometheus_client import Counter, Gauge

from moshao.evidence.pixel_child import ChildDied, Lane, PixelChild, start_child
from moshao.evidence.pixel_messages import Bad, Order, Result
from moshao.kit import errors, metrics

log = logging.getLogger(__name__)

WAIT_SECONDS = 20.0
RESTART_SECONDS = 1.0
# What a good but unusual photo may come to where memory is short, so the careful child has the last word.
UNSURE = (Bad("photo_broken"), Bad("photo_too_costly"))

UNDER_WAY = Gauge(
    "moshao_pixels_under_way", "Photos that wait for a child or are in one.", ["rank"], registry=metrics.REGISTRY
)
DIED = Counter("moshao_pixel_children_died", "Children that gave no result.", ["lane"], registry=metrics.REGISTRY)

pixels_busy = errors.refusal("pixels_busy", 503, "照片较多，正在排队处理，请稍后自动重试", retry=True)


class Rank(IntEnum):
    """Who goes first: a phone that waits for its receipt, a person who looks, nobody yet."""

    ARRIVING = 0
    LOOKING = 1
    SOMETIME = 2


class _Job:
    def __init__(self, order: Order, rank: Rank, number: int) -> None:
        self.order = order
        self.key = (rank, number)
        self.answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()

    def __lt__(self, other: "_Job") -> bool:
        return self.key < other.key


class PixelPool:
    """Open one by `async with running_pool(children)`."""

    def __init__(self) -> None:
        self._quick: list[_Job] = []
        self._careful: list[_Job] = []
        self._sometime: list[_Job] = []
        self._changed = asyncio.Condition()
        self._count = 0

    async def ask(self, order: Order, *, quick: bool, rank: Rank) -> Result:
        """What a child says to `order`. Raises `pixels_busy` where none came to it, or was kept from it."""
        queue = self._sometime if rank is Rank.SOMETIME else self._quick if quick else self._careful
        self._count += 1
        job = _Job(order, rank, self._count)
        heapq.heappush(queue, job)
        async with self._changed:
            self._changed.notify_all()
        try:
            with UNDER_WAY.labels(rank.name.lower()).track_inprogress():
                async with asyncio.timeout(None if rank is Rank.SOMETIME else WAIT_SECONDS):
                    result = await job.answer
        except TimeoutError:
            raise pixels_busy() from None
        if quick and result in UNSURE:
            return await self.ask(order, quick=False, rank=rank)
        return result

    async def serve(self, lane: Lane) -> None:
        """Let one child work until cancelled. It is started when there is something to do."""
        queues = [self._quick] if lane == "quick" else [self._quick, self._careful, self._sometime]
        child: PixelChild | None = None
        try:
            while True:
                job = await self._next(queues)
                if child and child.is_worn:
                    await child.end()
                    child = None
                child = child or await _fresh(lane)
                if not await self._do(job, child, lane):
                    child = None
        finally:
            if child:
                await child.end()

    async def _do(self, job: _Job, child: PixelChild, lane: Lane) -> bool:
        """Whether the child lives on."""
        try:
            result = await child.ask(job.order)
        except ChildDied as died:
            DIED.labels(lane).inc()
            log.warning("pixel_child_died", extra={"lane": lane, "code": died.code})
            if not job.answer.done():
                if died.code:
                    job.answer.set_result(Bad(died.code))
                else:
                    job.answer.set_exception(pixels_busy())
            return False
        if not job.answer.done():
            job.answer.set_result(result)
        return True

    async def _next(self, queues: list[list[_Job]]) -> _Job:
        async with self._changed:
            while True:
                for queue in queues:
                    while queue and queue[0].answer.done():
                        heapq.heappop(queue)  # given up meanwhile
                if waiting := [queue for queue in queues if queue]:
                    return heapq.heappop(min(waiting, key=lambda queue: queue[0]))
                await self._changed.wait()


async def _fresh(lane: Lane) -> PixelChild:
    """A new child, as soon as the machine can have one."""
    while True:
        try:
            return await start_child(lane)
        except OSError:
            log.error("pixel_child_not_started", exc_info=True)
            await asyncio.sleep(RESTART_SECONDS)


@asynccontextmanager
async def running_pool(children: int) -> AsyncIterator[PixelPool]:
    """A pool of `children` processes, which end with the block."""
    pool = PixelPool()
    lanes: list[Lane] = ["careful"]
    lanes += ["quick"] * (children - 1)
    tasks = [asyncio.create_task(pool.serve(lane), name=f"pixels-{lane}") for lane in lanes]
    try:
        yield pool
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
