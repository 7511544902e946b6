"""What a cursor is worth. Pure: no I/O, no clock."""

import msgspec

from moshao.journal.queries import Head


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the client said: `after`, and of its own accord under which epoch, roster and filling that was made."""

    after: int
    epoch: str | None = None
    roster: int | None = None
    until: int | None = None


class Began(msgspec.Struct, frozen=True, kw_only=True):
    """Under what a client began to follow."""

    epoch: str
    roster: int
    until: int


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Journal numbers to be told: more than `after`, up to `upto`. `filling`: the client knows nothing there yet.

    `until`: where its filling ends, 0 once it is over.
    """

    after: int
    upto: int
    filling: bool
    until: int


def range_of(asked: Asked, began: Began | None, head: Head, roster: int) -> Range | None:
    """What is new to the client; None where its cursor is worth nothing and it starts again.

    What the client says itself counts before what was remembered of it.
    """
    if asked.after == 0:
        return Range(after=0, upto=head.seq, filling=True, until=head.seq)
    epoch = began.epoch if asked.epoch is None and began else asked.epoch
    under = began.roster if asked.roster is None and began else asked.roster
    if epoch != head.epoch or under != roster or asked.after > head.seq:
        return None
    until = began.until if asked.until is None and began else asked.until or 0
    if asked.after < until <= head.seq:
        return Range(after=asked.after, upto=until, filling=True, until=until)
    return Range(after=asked.after, upto=head.seq, filling=False, until=0)
