"""Phones: which there are, what they say, how they end; codes that pair new ones."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.kit import clock, errors
from moshao.kit.config import Settings
from moshao.kit.db import Database, Row, Tx
from moshao.kit.qr import qr_of
from moshao.people.actor import Actor
from moshao.people.changing_passwords import helped
from moshao.people.ending import end_device
from moshao.people.guards import any_session, requires
from moshao.people.keeping import find_row, unit_of
from moshao.people.listing_devices import find_device, list_devices, list_post_people, list_quarantine, no_device
from moshao.people.pages import PAGE_MOST
from moshao.people.pairing import CODE_MINUTES, link_of, new_code, store_code
from moshao.people.printing import print_sheet
from moshao.people.reporting import note_report
from moshao.people.rules import may_help
from moshao.people.schemas import (
    DeviceList,
    DeviceReport,
    DeviceView,
    EndingBody,
    PairingCodeAnswer,
    PairingCodeBody,
    PairingSheetBody,
    PostPeople,
    QuarantineList,
)
from moshao.people.signin_endpoints import HELPERS

Asking = Request[Actor, Any, Any]

post_not_shared = errors.refusal("post_not_shared", 409, "这个岗位没有设为共用手机")


@get("/api/devices", operation_id="list_devices", guards=[any_session])
async def get_devices(
    request: Asking,
    db: NamedDependency[Database],
    person_id: FromQuery[UUID | None] = None,
    after: FromQuery[UUID | None] = None,
    limit: FromQuery[int] = PAGE_MOST,
) -> DeviceList:
    """My own phones; for those who help others with theirs, the phones of their people and posts."""
    return await list_devices(db, request.user, person_id=person_id, after=after, limit=limit)


@post("/api/devices/current/report", opt={"deliver": True}, operation_id="report_device", status_code=204)
async def report_device(request: Asking, data: JSONBody[DeviceReport], db: NamedDependency[Database]) -> None:
    """What waits on this phone, so that somebody notices when it never arrives; what its self-check found."""
    device_id = request.user.device_id
    if device_id is None:
        raise no_device()
    await db.write(lambda tx: note_report(tx, device_id, data))


@post("/api/devices/{device_id:uuid}/endings", operation_id="end_device", status_code=200, guards=[any_session])
async def post_ending(
    request: Asking, device_id: FromPath[UUID], data: JSONBody[EndingBody], db: NamedDependency[Database]
) -> DeviceView:
    """End a phone as lost (cut off, wiped), returned, or replaced (delivers for 14 days). Again: the same answer."""
    actor = request.user

    async def work(tx: Tx) -> None:
        device = await find_row(tx, "devices", device_id, actor.district_id)
        if device is None or not await _may_end(tx, actor, device):
            raise errors.not_found()
        await end_device(tx, device, data.how, actor)

    await db.write(work)
    return await find_device(db, device_id)


@get("/api/devices/{device_id:uuid}/quarantine", operation_id="list_quarantine", guards=[requires("supervisor")])
async def get_quarantine(request: Asking, device_id: FromPath[UUID], db: NamedDependency[Database]) -> QuarantineList:
    """What a phone sent after it was called lost: none of it was done."""
    return await list_quarantine(db, request.user, device_id)


@post(
    "/api/people/{person_id:uuid}/pairing_codes",
    operation_id="make_pairing_code",
    status_code=201,
    guards=[requires(*HELPERS)],
)
async def post_pairing_code(
    request: Asking,
    person_id: FromPath[UUID],
    data: JSONBody[PairingCodeBody],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> PairingCodeAnswer:
    """A code by which one of my people binds his phone, or sets up the phone of a post. Shown once."""
    actor, code = request.user, new_code()
    person = await helped(db, actor, person_id)
    lasts = timedelta(days=data.valid_days) if data.valid_days else timedelta(minutes=CODE_MINUTES)

    async def work(tx: Tx) -> str | None:
        post = await _shared_post(tx, actor, data.post_id) if data.post_id else None
        await store_code(tx, person_id, code, expires_in=lasts, post_id=data.post_id, by=actor)
        return post["name"] if post else None

    staff_no, post = person["staff_no"], await db.write(work)
    link = link_of(settings.base_url, staff_no, code, post)
    expires_at = clock.now() + lasts
    return PairingCodeAnswer(code=code, staff_no=staff_no, expires_at=expires_at, link=link, qr=qr_of(link))


@post(
    "/api/pairing_sheets",
    operation_id="print_pairing_sheet",
    status_code=201,
    guards=[requires(*HELPERS)],
    opt={"media": {201: "application/pdf"}},
)
async def post_pairing_sheet(
    request: Asking,
    data: JSONBody[PairingSheetBody],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """A PDF to print: for each of my people a slip with a code of some days, as QR code too, and his first password
    where he has none."""
    pdf = await print_sheet(db, request.user, data, settings.base_url)
    headers = {"Content-Disposition": 'attachment; filename="pairing.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@get("/api/devices/current/people", operation_id="list_phone_people", guards=[any_session])
async def get_phone_people(request: Asking, db: NamedDependency[Database]) -> PostPeople:
    """Who may sign in by PIN on the post's phone that asks. Raises `no_device` elsewhere."""
    return await list_post_people(db, request.user)


HANDLERS = [
    get_devices, report_device, post_ending, get_quarantine, post_pairing_code, post_pairing_sheet, get_phone_people,
]  # fmt: skip


async def _shared_post(tx: Tx, actor: Actor, post_id: UUID) -> Row:
    post = await find_row(tx, "posts", post_id, actor.district_id)
    if post is None or not await _unit_in_reach(tx, actor, post["unit_id"]):
        raise errors.not_found()
    if not post["shared"]:
        raise post_not_shared()
    return post


async def _may_end(tx: Tx, actor: Actor, device: Row) -> bool:
    """His own; or one of his people's, or of a post in his units."""
    if device["person_id"] == actor.person_id:
        return True
    if device["person_id"] is None:
        post = await tx.one("SELECT unit_id FROM posts WHERE id = ?", device["post_id"])
        return actor.role in HELPERS and post is not None and await _unit_in_reach(tx, actor, post["unit_id"])
    owner = await tx.one("SELECT role, unit_id FROM people WHERE id = ?", device["person_id"])
    return (
        owner is not None and may_help(actor.role, owner["role"]) and await _unit_in_reach(tx, actor, owner["unit_id"])
    )


async def _unit_in_reach(tx: Tx, actor: Actor, unit_id: UUID) -> bool:
    return await unit_of(tx, unit_id, actor.district_id, actor) is not None
