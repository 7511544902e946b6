"""Who answers when, and who is away: duties, absences, who is on duty, holes in the roster."""

from uuid import UUID

from litestar import Response, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.kit import clock
from moshao.kit.db import Database
from moshao.people import listing
from moshao.people.by_hour import WEEK_HOURS, list_stand_by
from moshao.people.changing_rows import Asking, dropped, kept
from moshao.people.gaps import count_gaps, list_gaps
from moshao.people.guards import any_session, requires
from moshao.people.keeping_absences import cancel_absence, keep_absence
from moshao.people.keeping_duties import end_duty, keep_duty
from moshao.people.pages import PAGE_MOST, only
from moshao.people.roster_schemas import (
    AbsenceBody,
    AbsenceList,
    AbsenceView,
    DutyBody,
    DutyList,
    DutyView,
    GapCounts,
    GapList,
    OnDutyList,
    StandByWeek,
)
from moshao.people.schemas import Instant

anybody = [any_session]
planners = [requires("admin", "supervisor", "unit_operator")]
absence_keepers = [requires("admin", "supervisor", "unit_operator", "crew_leader")]


@get("/api/duties", operation_id="list_duties", guards=anybody)
async def get_duties(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID | None] = None,
    person_id: FromQuery[UUID | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> DutyList:
    """Who answers for which grids and classes, in which hours; a handler or inspector reads his own."""
    return await listing.list_duties(db, request.user, unit_id=unit_id, person_id=person_id, after=after, limit=limit)


@get("/api/duties/{duty_id:uuid}", operation_id="get_duty", guards=anybody)
async def get_duty(request: Asking, duty_id: FromPath[UUID], db: NamedDependency[Database]) -> DutyView:
    return only(await listing.list_duties(db, request.user, one=duty_id))


@put("/api/duties/{duty_id:uuid}", operation_id="put_duty", guards=planners)
async def put_duty(
    request: Asking, duty_id: FromPath[UUID], data: JSONBody[DutyBody], db: NamedDependency[Database]
) -> Response[DutyView]:
    return await kept(keep_duty, listing.list_duties, request, db, duty_id, data)


@delete("/api/duties/{duty_id:uuid}", operation_id="delete_duty", guards=planners)
async def delete_duty(request: Asking, duty_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    await dropped(end_duty, request, db, duty_id)


@get("/api/on_duty", operation_id="list_on_duty", guards=anybody)
async def get_on_duty(
    request: Asking, db: NamedDependency[Database], unit_id: FromQuery[UUID], at: FromQuery[Instant | None] = None
) -> OnDutyList:
    """Who answers in this unit now, or at another instant, stand-ins in the places of those away."""
    return await listing.list_on_duty(db, request.user, unit_id, at or clock.now())


@get("/api/absences", operation_id="list_absences", guards=anybody)
async def get_absences(
    request: Asking,
    db: NamedDependency[Database],
    person_id: FromQuery[UUID | None] = None,
    since: FromQuery[Instant | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> AbsenceList:
    """Those that end after `since`; a handler or inspector reads his own."""
    return await listing.list_absences(db, request.user, person_id=person_id, since=since, after=after, limit=limit)


@get("/api/absences/{absence_id:uuid}", operation_id="get_absence", guards=anybody)
async def get_absence(request: Asking, absence_id: FromPath[UUID], db: NamedDependency[Database]) -> AbsenceView:
    return only(await listing.list_absences(db, request.user, one=absence_id))


@put("/api/absences/{absence_id:uuid}", operation_id="put_absence", guards=absence_keepers)
async def put_absence(
    request: Asking, absence_id: FromPath[UUID], data: JSONBody[AbsenceBody], db: NamedDependency[Database]
) -> Response[AbsenceView]:
    """「今天老张休息, 老刘顶」"""
    return await kept(keep_absence, listing.list_absences, request, db, absence_id, data)


@delete("/api/absences/{absence_id:uuid}", operation_id="delete_absence", guards=absence_keepers)
async def delete_absence(request: Asking, absence_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    await dropped(cancel_absence, request, db, absence_id)


@get("/api/roster_gaps", operation_id="list_roster_gaps", guards=absence_keepers)
async def get_gaps(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID],
    from_at: FromQuery[Instant | None] = None,
    hours: FromQuery[int] = WEEK_HOURS,
) -> GapList:
    """Grid × class × hour for which nobody of this unit answers, on duty or on call, by the roster as it stands."""
    return await list_gaps(db, request.user, unit_id, from_at or clock.now(), hours)


@get("/api/roster_gap_counts", operation_id="count_roster_gaps", guards=absence_keepers)
async def get_gap_counts(
    request: Asking,
    db: NamedDependency[Database],
    from_at: FromQuery[Instant | None] = None,
    hours: FromQuery[int] = WEEK_HOURS,
) -> GapCounts:
    """In which units of mine somebody is missing, and in how many of these hours."""
    return await count_gaps(db, request.user, from_at or clock.now(), hours)


@get("/api/stand_by", operation_id="list_stand_by", guards=absence_keepers)
async def get_stand_by(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID],
    from_at: FromQuery[Instant | None] = None,
    hours: FromQuery[int] = WEEK_HOURS,
) -> StandByWeek:
    """Who is on duty and on call in this unit in every hour, absences and stand-ins as they are known now."""
    return await list_stand_by(db, request.user, unit_id, from_at or clock.now(), hours)


HANDLERS = [
    get_duties, get_duty, put_duty, delete_duty, get_on_duty,
    get_absences, get_absence, put_absence, delete_absence, get_gaps, get_gap_counts, get_stand_by,
]  # fmt: skip
