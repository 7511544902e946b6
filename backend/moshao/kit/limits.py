"""How often somebody may ask: token buckets in memory, one step each, the longest unused forgotten first."""

import math
from collections import OrderedDict

from moshao.kit import clock, errors

KEYS_KEPT = 100_000


class Limits:
    """A bucket per key: `burst` at once, refilled by `per_second`. Of this process alone."""

    def __init__(self, *, per_second: float, burst: float, keys: int = KEYS_KEPT) -> None:
        self.per_second = per_second
        self.burst = burst
        self.keys = keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, cost: float = 1) -> float:
        """Take `cost` from the bucket of `key`: 0, or the seconds until there is enough (and nothing is taken)."""
        now = clock.monotonic()
        level, since = self._buckets.pop(key, (self.burst, now))
        level = min(self.burst, level + (now - since) * self.per_second)
        wait = max(0.0, (min(cost, self.burst) - level) / self.per_second)
        self._buckets[key] = (level if wait else level - cost, now)
        if len(self._buckets) > self.keys:
            self._buckets.popitem(last=False)
        return wait


def taken_or_refused(limits: Limits, key: str, cost: float = 1) -> None:
    """Raises `too_many_requests` with Retry-After where the bucket of `key` is empty."""
    if wait := limits.take(key, cost):
        raise errors.too_many_requests(headers={"Retry-After": str(math.ceil(wait))})
