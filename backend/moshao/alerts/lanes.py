"""How many sends may be under way, and where: urgent ones find room, a push service that hangs stops no other."""

from collections import Counter

import msgspec

from moshao.kit import clock

AT_ONCE = 160
# Kept free for what is urgent.
FOR_URGENT = 32
PER_ORIGIN = 96
FAILURES_MOST = 5
REST_FIRST_S = 5.0
REST_MOST_S = 120.0


class _Trouble(msgspec.Struct):
    """`failures` in a row; left alone until the instant `rests_until` of the monotonic clock."""

    failures: int = 0
    rests_until: float = 0.0


class Lanes:
    """Of one sender. Origins are those of endpoints, or gateways."""

    def __init__(self) -> None:
        self.under_way = 0
        self._at: Counter[str] = Counter()
        self._trouble: dict[str, _Trouble] = {}

    def room(self, *, urgent: bool) -> int:
        """How many more may begin."""
        return max(0, AT_ONCE - self.under_way - (0 if urgent else FOR_URGENT))

    def room_at(self, origin: str) -> int:
        """How many more may begin there; one alone where it was in trouble."""
        trouble = self._trouble.get(origin)
        most = PER_ORIGIN
        if trouble is not None and trouble.failures >= FAILURES_MOST:
            most = 1 if clock.monotonic() >= trouble.rests_until else 0
        return max(0, most - self._at[origin])

    def full(self) -> list[str]:
        """Origins where none may begin now."""
        return [origin for origin in {*self._at, *self._trouble} if not self.room_at(origin)]

    def begin(self, origin: str) -> None:
        self.under_way += 1
        self._at[origin] += 1

    def end(self, origin: str, *, answered: bool) -> None:
        """`answered`: whether there was somebody at all, whatever he said."""
        self.under_way -= 1
        self._at[origin] -= 1
        if not self._at[origin]:
            del self._at[origin]
        if answered:
            self._trouble.pop(origin, None)
            return
        trouble = self._trouble.setdefault(origin, _Trouble())
        trouble.failures += 1
        beyond = trouble.failures - FAILURES_MOST
        if beyond >= 0:
            trouble.rests_until = clock.monotonic() + min(REST_MOST_S, REST_FIRST_S * 2.0 ** min(beyond, 10))
