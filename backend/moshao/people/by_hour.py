"""Who answers by which duty, hour by hour; who stands by in a week, on duty and on call, level by level."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from moshao.kit import errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.keeping import unit_of, wrong
from moshao.people.queries import (
    Person,
    absences_between,
    away_at,
    duties_of,
    find_people,
    hours_of_duty,
    wall_clock,
)
from moshao.people.roster_schemas import StandBy, StandBySpan, StandByWeek
from moshao.people.rules import answers_for, on_shift
from moshao.people.schemas import Named

WEEK_HOURS = 168
HOURS_MOST = 744
HOUR = timedelta(hours=1)

# Duty → who answers by it.
Answering = dict[UUID, UUID]


async def list_stand_by(asked: Asked, actor: Actor, unit_id: UUID, from_at: datetime, hours: int) -> StandByWeek:
    """Consecutive hours in which the same persons answer are one span. Raises `not_found`, `bad_field`."""
    slots = slots_from(from_at, hours)
    if not await unit_of(asked, unit_id, actor.district_id, actor):
        raise errors.not_found()
    duties = {duty["id"]: duty for duty in await duties_of(asked, unit_id)}
    answered = await answering(asked, actor.district_id, list(duties.values()), slots)
    people = await find_people(asked, sorted({person for each in answered for person in each.values()}))
    spans: list[StandBySpan] = []
    before: Answering | None = None
    for at, now in zip(slots, answered, strict=True):
        if now == before:
            spans[-1].until_at = at + HOUR
        else:
            spans.append(StandBySpan(from_at=at, until_at=at + HOUR, people=_standing(now, duties, people)))
        before = now
    return StandByWeek(spans=spans)


def slots_from(from_at: datetime, hours: int) -> list[datetime]:
    """So many full hours, the first of them the one that `from_at` lies in. Raises `bad_field`."""
    if not 1 <= hours <= HOURS_MOST:
        raise wrong("hours", "out_of_range", f"1-{HOURS_MOST}")
    first = from_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return [first + number * HOUR for number in range(hours)]


async def answering(
    asked: Asked, district_id: UUID, duties: Sequence[Row], slots: Sequence[datetime]
) -> list[Answering]:
    """For each instant the duties that run then and have somebody: himself, or who stands in for him."""
    moment = await wall_clock(asked, district_id)
    absences = await absences_between(asked, district_id, slots[0], slots[-1])
    named = {duty["person_id"] for duty in duties} | {row["stand_in_id"] for row in absences if row["stand_in_id"]}
    people = await find_people(asked, sorted(named))
    hours = {duty["id"]: hours_of_duty(duty) for duty in duties}
    found = []
    for at in slots:
        now, away = moment(at), away_at(absences, at)
        answered: Answering = {}
        for duty in duties:
            if any(on_shift(hours[duty["id"]], now)):
                person_id = answers_for(duty["person_id"], away)
                if person_id is not None and people[person_id].active:
                    answered[duty["id"]] = person_id
        found.append(answered)
    return found


def _standing(answered: Answering, duties: Mapping[UUID, Row], people: Mapping[UUID, Person]) -> list[StandBy]:
    """On duty first, then the levels on call."""
    found = [
        StandBy(
            duty_id=duty_id,
            person=Named(id=person_id, name=people[person_id].name),
            level=duties[duty_id]["level"],
            post_id=duties[duty_id]["post_id"],
            stands_in_for=duties[duty_id]["person_id"] if duties[duty_id]["person_id"] != person_id else None,
        )
        for duty_id, person_id in answered.items()
    ]
    return sorted(found, key=lambda each: (each.level, people[each.person.id].staff_no))
