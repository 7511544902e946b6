"""Access tokens that a gateway's makers give for an hour or two."""

import asyncio
from collections.abc import Awaitable, Callable

from moshao.kit import clock

# Renewed so long before its end: clocks differ, and a call takes time.
MARGIN_SECONDS = 300.0


class Token:
    """Fetched once for all who wait for it. `fetch` answers the token and the seconds it lasts."""

    def __init__(self, fetch: Callable[[], Awaitable[tuple[str, float]]]) -> None:
        self._fetch = fetch
        self._lock = asyncio.Lock()
        self._token = ""
        self._until = 0.0

    async def get(self) -> str:
        """Raises what `fetch` raises."""
        async with self._lock:
            if not self._token or clock.monotonic() >= self._until:
                token, lasts_s = await self._fetch()
                self._token, self._until = token, clock.monotonic() + max(0.0, lasts_s - MARGIN_SECONDS)
            return self._token

    def drop(self, token: str) -> None:
        """Its makers do not take it any more; nothing where a newer one is there already."""
        if self._token == token:
            self._token = ""
