"""The one clock. Everything that asks for the time asks here, so a test can move it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_shift = timedelta()


def now() -> datetime:
    """The present instant, aware, UTC, microseconds."""
    return datetime.now(UTC) + _shift


def monotonic() -> float:
    """Seconds that never jump; for durations and back-off, never for stored times."""
    return time.monotonic()


def shift(by: timedelta) -> None:
    """Move the clock of this process by `by` from the machine's time (simulation and tests)."""
    global _shift
    _shift = by


@contextmanager
def moved(by: timedelta) -> Iterator[None]:
    """The clock moved further by `by` inside the block."""
    before = _shift
    shift(before + by)
    try:
        yield
    finally:
        shift(before)
