"""Who is rung first: whoever is at work; at night whoever is on call; else it waits for the shift. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from moshao.people.at_work import AtWork


class OnCall(msgspec.Struct, frozen=True):
    """Somebody on call who answers for the case; level 1, 2, or 3 the leader."""

    person_id: UUID
    level: int


class First(msgspec.Struct, frozen=True):
    """`people` are rung now; without any, `until` is when the alert is looked at again (None: it climbs at once)."""

    people: tuple[UUID, ...] = ()
    until: datetime | None = None


LEADER_LEVEL = 3


def first_of(
    wanted: Sequence[UUID], work: Mapping[UUID, AtWork], on_call: Sequence[OnCall], *, urgent: bool, calls: bool
) -> First:
    """`calls`: whether this alert may ring those on call. An urgent one waits for nobody."""
    if there := tuple(person for person in wanted if work[person].now):
        return First(there)
    if calls and (people := next_on_call(on_call, frozenset())):
        return First(people)
    begins = [at for person in wanted if (at := work[person].next_at) is not None]
    return First(until=None if urgent else min(begins, default=None))


def next_on_call(on_call: Sequence[OnCall], rung: frozenset[UUID]) -> tuple[UUID, ...]:
    """Those of the lowest level of whom nobody has been rung; leaders on call are a step of their own."""
    left = [each for each in on_call if each.person_id not in rung and 0 < each.level < LEADER_LEVEL]
    lowest = min((each.level for each in left), default=0)
    return tuple(dict.fromkeys(each.person_id for each in left if each.level == lowest))


def leaders_on_call(on_call: Sequence[OnCall], rung: frozenset[UUID]) -> tuple[UUID, ...]:
    people = (each.person_id for each in on_call if each.level >= LEADER_LEVEL and each.person_id not in rung)
    return tuple(dict.fromkeys(people))
