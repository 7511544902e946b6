"""五定 over the wire: units, people, posts, shifts, duties, absences, crews. PUT is idempotent by the id in its URL."""

import asyncio
from uuid import UUID

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, RawBody

from moshao.kit.db import Database
from moshao.kit.sheets import read_sheet
from moshao.people import listing
from moshao.people.changing_rows import Asking, dropped, kept
from moshao.people.changing_settings import change_settings, show_settings
from moshao.people.guards import any_session, requires
from moshao.people.importing import import_roster
from moshao.people.importing_rows import ImportReport
from moshao.people.keeping_crews import end_crew, keep_crew
from moshao.people.keeping_duties import drop_post, drop_shift, keep_post, keep_shift
from moshao.people.keeping_people import keep_person
from moshao.people.keeping_units import keep_unit
from moshao.people.pages import PAGE_MOST, only
from moshao.people.roster_schemas import (
    ContactList,
    CrewBody,
    CrewList,
    CrewView,
    PersonBody,
    PersonList,
    PersonView,
    PostBody,
    PostList,
    PostView,
    SettingsView,
    ShiftBody,
    ShiftList,
    ShiftView,
    UnitBody,
    UnitList,
    UnitView,
)
from moshao.people.roster_sheet import write_roster
from moshao.people.schemas import Role
from moshao.people.settings import DistrictSettings

SHEET_MOST = 5 * 1024 * 1024
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

anybody = [any_session]
keepers = [requires("admin", "unit_operator")]
shift_keepers = [requires("admin", "supervisor")]
crew_keepers = [requires("admin", "unit_operator", "crew_leader")]


@get("/api/units", operation_id="list_units", guards=anybody)
async def get_units(
    request: Asking,
    db: NamedDependency[Database],
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> UnitList:
    """All units of the district, to name one or call it."""
    return await listing.list_units(db, request.user, after=after, limit=limit)


@get("/api/units/{unit_id:uuid}", operation_id="get_unit", guards=anybody)
async def get_unit(request: Asking, unit_id: FromPath[UUID], db: NamedDependency[Database]) -> UnitView:
    return only(await listing.list_units(db, request.user, one=unit_id))


@put("/api/units/{unit_id:uuid}", operation_id="put_unit", guards=keepers)
async def put_unit(
    request: Asking, unit_id: FromPath[UUID], data: JSONBody[UnitBody], db: NamedDependency[Database]
) -> Response[UnitView]:
    """An operator keeps the units below his own."""
    return await kept(keep_unit, listing.list_units, request, db, unit_id, data)


@get("/api/people", operation_id="list_people", guards=anybody)
async def get_people(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID | None] = None,
    role: FromQuery[Role | None] = None,
    q: FromQuery[str | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> PersonList:
    """Who is in reach: the district, the unit and what is below, or (names and phones only) the own unit."""
    return await listing.list_people(db, request.user, unit_id=unit_id, role=role, q=q, after=after, limit=limit)


@get("/api/people/{person_id:uuid}", operation_id="get_person", guards=anybody)
async def get_person(request: Asking, person_id: FromPath[UUID], db: NamedDependency[Database]) -> PersonView:
    return only(await listing.list_people(db, request.user, one=person_id))


@put("/api/people/{person_id:uuid}", operation_id="put_person", guards=keepers)
async def put_person(
    request: Asking, person_id: FromPath[UUID], data: JSONBody[PersonBody], db: NamedDependency[Database]
) -> Response[PersonView]:
    """`active` false lets a person go: his sessions end at once."""
    return await kept(keep_person, listing.list_people, request, db, person_id, data)


@get("/api/posts", operation_id="list_posts", guards=anybody)
async def get_posts(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> PostList:
    return await listing.list_posts(db, request.user, unit_id=unit_id, after=after, limit=limit)


@get("/api/posts/{post_id:uuid}", operation_id="get_post", guards=anybody)
async def get_post(request: Asking, post_id: FromPath[UUID], db: NamedDependency[Database]) -> PostView:
    return only(await listing.list_posts(db, request.user, one=post_id))


@put("/api/posts/{post_id:uuid}", operation_id="put_post", guards=keepers)
async def put_post(
    request: Asking, post_id: FromPath[UUID], data: JSONBody[PostBody], db: NamedDependency[Database]
) -> Response[PostView]:
    return await kept(keep_post, listing.list_posts, request, db, post_id, data)


@delete("/api/posts/{post_id:uuid}", operation_id="delete_post", guards=keepers)
async def delete_post(request: Asking, post_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    await dropped(drop_post, request, db, post_id)


@get("/api/shifts", operation_id="list_shifts", guards=anybody)
async def get_shifts(
    request: Asking,
    db: NamedDependency[Database],
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> ShiftList:
    return await listing.list_shifts(db, request.user, after=after, limit=limit)


@get("/api/shifts/{shift_id:uuid}", operation_id="get_shift", guards=anybody)
async def get_shift(request: Asking, shift_id: FromPath[UUID], db: NamedDependency[Database]) -> ShiftView:
    return only(await listing.list_shifts(db, request.user, one=shift_id))


@put("/api/shifts/{shift_id:uuid}", operation_id="put_shift", guards=shift_keepers)
async def put_shift(
    request: Asking, shift_id: FromPath[UUID], data: JSONBody[ShiftBody], db: NamedDependency[Database]
) -> Response[ShiftView]:
    """Hours that the whole district shares."""
    return await kept(keep_shift, listing.list_shifts, request, db, shift_id, data)


@delete("/api/shifts/{shift_id:uuid}", operation_id="delete_shift", guards=shift_keepers)
async def delete_shift(request: Asking, shift_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    await dropped(drop_shift, request, db, shift_id)


@get("/api/crews", operation_id="list_crews", guards=anybody)
async def get_crews(
    request: Asking,
    db: NamedDependency[Database],
    unit_id: FromQuery[UUID | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> CrewList:
    return await listing.list_crews(db, request.user, unit_id=unit_id, after=after, limit=limit)


@get("/api/crews/{crew_id:uuid}", operation_id="get_crew", guards=anybody)
async def get_crew(request: Asking, crew_id: FromPath[UUID], db: NamedDependency[Database]) -> CrewView:
    return only(await listing.list_crews(db, request.user, one=crew_id))


@put("/api/crews/{crew_id:uuid}", operation_id="put_crew", guards=crew_keepers)
async def put_crew(
    request: Asking, crew_id: FromPath[UUID], data: JSONBody[CrewBody], db: NamedDependency[Database]
) -> Response[CrewView]:
    return await kept(keep_crew, listing.list_crews, request, db, crew_id, data)


@delete("/api/crews/{crew_id:uuid}", operation_id="delete_crew", guards=crew_keepers)
async def delete_crew(request: Asking, crew_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    await dropped(end_crew, request, db, crew_id)


@get("/api/contacts", operation_id="list_contacts", guards=anybody)
async def get_contacts(request: Asking, db: NamedDependency[Database]) -> ContactList:
    """Whom to call: the leaders of my unit and of those above, the duty desk."""
    return await listing.list_contacts(db, request.user)


@get("/api/settings", operation_id="get_settings", guards=[requires("admin", "supervisor", "leader")])
async def get_settings(request: Asking, db: NamedDependency[Database]) -> SettingsView:
    """What this district decides for itself; docs/district-settings.md explains each member."""
    return await show_settings(db, request.user.district_id)


@put("/api/settings", operation_id="put_settings", guards=[requires("admin")])
async def put_settings(
    request: Asking, data: JSONBody[DistrictSettings], db: NamedDependency[Database]
) -> SettingsView:
    """All of them at once; what is left out goes back to its default."""
    actor = request.user
    await db.write(lambda tx: change_settings(tx, actor, data))
    return await show_settings(db, actor.district_id)


@post(
    "/api/roster_imports",
    operation_id="import_roster",
    status_code=200,
    guards=keepers,
    opt={"bodies": {"text/csv": None, XLSX: None}},
    request_max_body_size=SHEET_MOST,
)
async def post_import(
    request: Asking, body: RawBody, db: NamedDependency[Database], dry_run: FromQuery[bool] = False
) -> ImportReport:
    """People and their duties from a CSV or XLSX sheet: 工号, 姓名, 角色, 单位编码, 电话, 岗位, 班次, 网格, 类别, 备勤.

    Again: nothing changes twice. `dry_run` only says what would become of each row.
    """
    actor = request.user
    rows = await asyncio.to_thread(read_sheet, body)
    return await import_roster(db, actor.district_id, rows, actor, keep=not dry_run)


@get("/api/roster_sheet", operation_id="get_roster_sheet", guards=keepers, opt={"media": {200: XLSX}})
async def get_sheet(request: Asking, db: NamedDependency[Database], filled: FromQuery[bool] = False) -> Response[bytes]:
    """The sheet that an import reads: empty, or `filled` with the roster as it stands, to change and hand in again."""
    headers = {"Content-Disposition": 'attachment; filename="roster.xlsx"', "Cache-Control": "no-store"}
    return Response(await write_roster(db, request.user, filled=filled), media_type=XLSX, headers=headers)


HANDLERS = [
    get_units, get_unit, put_unit,
    get_people, get_person, put_person,
    get_posts, get_post, put_post, delete_post,
    get_shifts, get_shift, put_shift, delete_shift,
    get_crews, get_crew, put_crew, delete_crew,
    get_contacts, get_settings, put_settings, post_import, get_sheet,
]  # fmt: skip
