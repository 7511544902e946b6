"""More than three rings in a minute become one: what is shown by itself, and when the digest of the rest is. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

WINDOW = timedelta(minutes=1)
ALONE_MOST = 3


class Burst(msgspec.Struct, frozen=True):
    """What a person was shown lately: when; and when the digest that gathers now is due, if one does."""

    shown: Sequence[datetime] = ()
    gathering_until: datetime | None = None


def hidden_until(burst: Burst, at: datetime) -> datetime | None:
    """None: the ring is shown by itself; else it goes into a digest that is shown then.

    A digest comes a minute after the first of the three, so no minute sees more than four.
    """
    if burst.gathering_until is not None:
        return burst.gathering_until
    lately = sorted(shown for shown in burst.shown if shown > at - WINDOW)
    return lately[0] + WINDOW if len(lately) >= ALONE_MOST else None
