"""Pairing, signing in and out, who am I, passwords."""

import logging
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post, put
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from moshao.kit import clock, errors
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.kit.limits import Limits, taken_or_refused
from moshao.kit.pulse import Pulse
from moshao.kit.tiles import map_tiles
from moshao.people.actor import Actor
from moshao.people.changing_passwords import change_own_password, change_own_pin, reset_password, reset_pin
from moshao.people.guards import any_session, requires
from moshao.people.listing_devices import post_people
from moshao.people.origins import SECURE_COOKIE, cookie_name, loses_cookies, our_origins
from moshao.people.pairing import pair, pairing_refused
from moshao.people.schemas import (
    MeAnswer,
    MyDevice,
    MyUnit,
    Named,
    OwnPasswordBody,
    OwnPinBody,
    PairingAnswer,
    PairingBody,
    PasswordBody,
    PhoneSettings,
    PinBody,
    SessionAnswer,
    SessionBody,
    SignedInPerson,
)
from moshao.people.sessions import sign_out
from moshao.people.signing import BadKey, canonical_jwk
from moshao.people.signing_in import Attempt, SignedIn, sign_in_by_password, sign_in_by_pin, sign_in_by_proof
from moshao.people.tries import address_of, record_failure, trying

log = logging.getLogger(__name__)
Asking = Request[Actor, Any, Any]

SHOWN_LENGTH = 80
HELPERS = ("crew_leader", "unit_operator", "supervisor", "admin")
# Each try costs 22 ms of a core; an office of hundreds may arrive at once, a flood may not.
_PER_ADDRESS = Limits(per_second=50, burst=3000)

https_needed = errors.refusal("https_needed", 403, "请通过 https 地址打开本系统再登录")


@post("/api/pairings", opt={"open": True}, operation_id="pair_device", status_code=201)
async def pair_device(
    request: Request[Any, Any, Any],
    data: JSONBody[PairingBody],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[PairingAnswer]:
    """Bind this phone's key by a one-time code. The same code and key again: 200 and the same answer."""
    address = address_of(request)
    taken_or_refused(_PER_ADDRESS, address)
    try:
        key = canonical_jwk(data.public_key)
    except BadKey as fault:
        raise errors.bad_field(
            "public_key", errors=(errors.FieldError("public_key", "bad_key", str(fault)),)
        ) from fault
    async with trying(db, data.staff_no, address):
        name, platform = data.device.name[:SHOWN_LENGTH], data.device.platform[:SHOWN_LENGTH]
        try:
            paired = await db.write(lambda tx: pair(tx, data.staff_no, data.code, key, name, platform))
        except errors.Refused as refused:
            if refused.kind == pairing_refused:
                await db.write(lambda tx: record_failure(tx, data.staff_no, address))
            raise
    post = await post_people(db, paired.post_id) if paired.post_id else None
    answer = PairingAnswer(device_id=paired.device_id, base_url=settings.base_url, post=post)
    return Response(answer, status_code=201 if paired.new else 200)


@post("/api/sessions", opt={"open": True}, operation_id="sign_in", status_code=201)
async def sign_in(
    request: Request[Any, Any, Any],
    data: JSONBody[SessionBody],
    db: NamedDependency[Database],
    settings: NamedDependency[Settings],
) -> Response[SessionAnswer]:
    """Sign in by password, by PIN on a post's phone, or renew by a proof made with the phone's key."""
    if loses_cookies(request, settings):
        raise https_needed()
    address = address_of(request)
    taken_or_refused(_PER_ADDRESS, address)
    old_token = request.cookies.get(cookie_name(request, settings), "")
    attempt = Attempt(address, old_token, frozenset(our_origins(request, settings)))
    signed = await _signed_in(db, data, attempt)
    log.info("signed_in", extra={"person_id": str(signed.person_id), "session_id": str(signed.opened.session_id)})
    answer = SessionAnswer(
        person=await _person(db, signed.person_id),
        device_id=signed.opened.device_id,
        deliver_only=signed.opened.deliver_only,
        expires_at=signed.opened.expires_at,
        base_url=settings.base_url,
        token=signed.opened.token if data.deliver else None,
    )
    if data.deliver:
        return Response(answer, status_code=201)
    cookie = _cookie(request, settings, signed.opened.token, signed.opened.lasts_s)
    return Response(answer, status_code=201, cookies=[cookie])


@delete(
    "/api/sessions/current", opt={"any_device": True, "deliver": True}, operation_id="sign_out", guards=[any_session]
)
async def end_current_session(
    request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings], pulse: NamedDependency[Pulse]
) -> Response[None]:
    """Sign out: this phone's key alone opens no session until the password was given again."""
    actor = request.user
    await db.write(lambda tx: sign_out(tx, actor.session_id, actor.device_id, actor.deliver_only))
    pulse.beat(actor.district_id)
    return Response(None, status_code=204, cookies=[_cookie(request, settings, "", 0)])


@get("/api/me", operation_id="get_me", guards=[any_session])
async def get_me(request: Asking, db: NamedDependency[Database], settings: NamedDependency[Settings]) -> MeAnswer:
    """Who is signed in, on which phone, and what the app needs to know of the district's settings."""
    actor = request.user
    unit = await db.one("SELECT id, name, code, phone FROM units WHERE id = ?", actor.unit_id)
    device = await db.one("SELECT id, name, state, post_id FROM devices WHERE id = ?", actor.device_id)
    chosen = {name: getattr(actor.settings, name) for name in PhoneSettings.__struct_fields__}
    return MeAnswer(
        person=await _person(db, actor.person_id),
        unit=MyUnit(**unit or {}),
        device=MyDevice(**device) if device else None,
        settings=PhoneSettings(**chosen),
        crew_ids=actor.crew_ids,
        roster=actor.roster,
        base_url=settings.base_url,
        server_time=clock.now(),
        map=map_tiles(settings.map_tiles, settings.map_datum, settings.map_attribution),
    )


@put("/api/me/password", opt={"any_device": True}, operation_id="change_my_password", status_code=204)
async def put_own_password(request: Asking, data: JSONBody[OwnPasswordBody], db: NamedDependency[Database]) -> None:
    """Change my password; all my other sessions end."""
    await change_own_password(db, request.user, data.old, data.new, address_of(request))


@put("/api/me/pin", opt={"any_device": True}, operation_id="change_my_pin", status_code=204)
async def put_own_pin(request: Asking, data: JSONBody[OwnPinBody], db: NamedDependency[Database]) -> None:
    """Set the PIN by which I sign in on a post's phone."""
    await change_own_pin(db, request.user, data.password, data.pin, address_of(request))


@put(
    "/api/people/{person_id:uuid}/password", operation_id="reset_password", status_code=204, guards=[requires(*HELPERS)]
)
async def put_password(
    request: Asking, person_id: FromPath[UUID], data: JSONBody[PasswordBody], db: NamedDependency[Database]
) -> None:
    """Give one of my people a new password; he is signed out everywhere."""
    await reset_password(db, request.user, person_id, data.password)


@put("/api/people/{person_id:uuid}/pin", operation_id="reset_pin", status_code=204, guards=[requires(*HELPERS)])
async def put_pin(
    request: Asking, person_id: FromPath[UUID], data: JSONBody[PinBody], db: NamedDependency[Database]
) -> None:
    """Give one of my people a PIN for the post's phone."""
    await reset_pin(db, request.user, person_id, data.pin)


HANDLERS = [
    pair_device,
    sign_in,
    end_current_session,
    get_me,
    put_own_password,
    put_own_pin,
    put_password,
    put_pin,
]


async def _signed_in(db: Database, data: SessionBody, attempt: Attempt) -> SignedIn:
    given = {name for name in SessionBody.__struct_fields__ if getattr(data, name) is not None}
    if data.proof and data.device_id and given - {"deliver"} == {"device_id", "proof"}:
        return await sign_in_by_proof(db, data.device_id, data.proof, attempt, deliver=data.deliver is True)
    if data.pin and data.staff_no and data.device_id and given == {"device_id", "staff_no", "pin"}:
        return await sign_in_by_pin(db, data.staff_no, data.pin, data.device_id, attempt)
    if data.password and data.staff_no and given - {"device_id"} == {"staff_no", "password"}:
        return await sign_in_by_password(db, data.staff_no, data.password, data.device_id, attempt)
    raise errors.bad_field("staff_no and password, or device_id, staff_no and pin, or device_id and proof")


def _cookie(request: Request[Any, Any, Any], settings: Settings, token: str, lasts_s: int) -> Cookie:
    name = cookie_name(request, settings)
    return Cookie(
        key=name,
        value=token,
        max_age=lasts_s,
        path="/",
        secure=name == SECURE_COOKIE,
        httponly=True,
        samesite="lax",
    )


async def _person(db: Database, person_id: UUID) -> SignedInPerson:
    row = await db.one(
        "SELECT p.id, p.name, p.staff_no, p.role, u.id AS unit_id, u.name AS unit_name, "
        "d.id AS district_id, d.name AS district_name "
        "FROM people p JOIN units u ON u.id = p.unit_id JOIN districts d ON d.id = p.district_id WHERE p.id = ?",
        person_id,
    )
    if row is None:
        raise errors.not_found()
    return SignedInPerson(
        id=row["id"],
        name=row["name"],
        staff_no=row["staff_no"],
        role=row["role"],
        unit=Named(id=row["unit_id"], name=row["unit_name"]),
        district=Named(id=row["district_id"], name=row["district_name"]),
    )
