"""The pulse of a process: whoever waits for something new is woken, none is told what it is."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from uuid import UUID

Carrier = Callable[[UUID], None]


class Pulse:
    """One per process. A beat only says "look": what is new stands in the database."""

    def __init__(self) -> None:
        self._listeners: dict[UUID | None, set[asyncio.Event]] = {}
        self._carriers: list[Carrier] = []

    def beat(self, key: UUID) -> None:
        """Something under `key` (a district) has changed, by this process."""
        self.feel(key)
        for carry in self._carriers:
            carry(key)

    def feel(self, key: UUID) -> None:
        """The same, by another process."""
        for event in (*self._listeners.get(key, ()), *self._listeners.get(None, ())):
            event.set()

    @asynccontextmanager
    async def listening(self, key: UUID | None) -> AsyncIterator[asyncio.Event]:
        """An event that is set at each beat of `key` (None: of any); the listener clears it before it looks."""
        event = asyncio.Event()
        self._listeners.setdefault(key, set()).add(event)
        try:
            yield event
        finally:
            self._listeners[key].discard(event)

    @contextmanager
    def carried(self, carry: Carrier) -> Iterator[None]:
        """Tell `carry` of the beats of this process, so that other processes feel them."""
        self._carriers.append(carry)
        try:
            yield
        finally:
            self._carriers.remove(carry)


async def wait(event: asyncio.Event, seconds: float) -> bool:
    """Wait for a beat at most `seconds`; whether one came."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)
    return event.is_set()
