"""Makers for the command line, the demo and tests: rows as an admin would keep them, without asking who he is."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.journal.appending import open_journal
from moshao.kit import clock, errors, ids
from moshao.kit.db import Tx
from moshao.people.keeping_absences import keep_absence
from moshao.people.keeping_crews import keep_crew
from moshao.people.keeping_duties import keep_duty, keep_post, keep_shift
from moshao.people.keeping_people import keep_person
from moshao.people.keeping_units import keep_unit
from moshao.people.pairing import CODE_MINUTES, insert_device, new_code, store_code
from moshao.people.roster_schemas import AbsenceBody, CrewBody, DutyBody, PersonBody, PostBody, ShiftBody, UnitBody
from moshao.people.sessions import open_session
from moshao.people.settings import DistrictSettings
from moshao.people.signing import canonical_jwk

WHOLE_DAY = (0, 1440)
FOR_EVER: timedelta | None = None

district_code_taken = errors.refusal("district_code_taken", 409, "这个行政区划代码已被使用")


async def make_district(
    tx: Tx, *, code: str, name: str, settings: DistrictSettings | None = None, district_id: UUID | None = None
) -> UUID:
    """A district with an empty journal."""
    if await tx.one("SELECT id FROM districts WHERE code = ?", code):
        raise district_code_taken()
    made = district_id or ids.new_id()
    text = msgspec.json.encode(settings or DistrictSettings()).decode()
    row = {"id": made, "code": code, "name": name, "settings": text, "created_at": clock.now()}
    await tx.insert("districts", row)
    await open_journal(tx, made)
    return made


async def make_unit(
    tx: Tx,
    district_id: UUID,
    *,
    code: str,
    name: str,
    kind: str = "street",
    parent_id: UUID | None = None,
    street_code: str | None = None,
    phone: str | None = None,
    unit_id: UUID | None = None,
) -> UUID:
    """`kind`: district, street, department, community, team or owner."""
    made = unit_id or ids.new_id()
    members = {"code": code, "name": name, "kind": kind, "parent_id": parent_id, "street_code": street_code}
    body = msgspec.convert(members | {"phone": phone}, UnitBody)
    await keep_unit(tx, district_id, made, body, None)
    return made


async def make_person(
    tx: Tx,
    unit_id: UUID,
    *,
    staff_no: str,
    name: str,
    role: str,
    phone: str | None = None,
    password_hash: str | None = None,
    pin_hash: str | None = None,
    person_id: UUID | None = None,
) -> UUID:
    """Hashes come from `people.passwords.hashed`, made outside of the transaction."""
    made = person_id or ids.new_id()
    members = {"unit_id": unit_id, "staff_no": staff_no, "name": name, "role": role, "phone": phone}
    await keep_person(tx, await _district_of(tx, unit_id), made, msgspec.convert(members, PersonBody), None)
    await set_hashes(tx, made, password_hash=password_hash, pin_hash=pin_hash)
    return made


async def set_hashes(tx: Tx, person_id: UUID, *, password_hash: str | None = None, pin_hash: str | None = None) -> None:
    """Set what is given; sessions go on."""
    for column, value in (("password_hash", password_hash), ("pin_hash", pin_hash)):
        if value is not None:
            await tx.run(f"UPDATE people SET {column} = ? WHERE id = ?", value, person_id)


async def make_crew(tx: Tx, unit_id: UUID, *, name: str, people: Collection[UUID], crew_id: UUID | None = None) -> UUID:
    made = crew_id or ids.new_id()
    body = CrewBody(unit_id=unit_id, name=name, people=list(people))
    await keep_crew(tx, await _district_of(tx, unit_id), made, body, None)
    return made


async def make_post(tx: Tx, unit_id: UUID, *, name: str, shared: bool = False, post_id: UUID | None = None) -> UUID:
    made = post_id or ids.new_id()
    body = PostBody(unit_id=unit_id, name=name, shared=shared)
    await keep_post(tx, await _district_of(tx, unit_id), made, body, None)
    return made


async def make_shift(
    tx: Tx,
    district_id: UUID,
    *,
    name: str,
    minutes: tuple[int, int] = WHOLE_DAY,
    weekdays: str = "1234567",
    holidays: str = "as_usual",
    shift_id: UUID | None = None,
) -> UUID:
    """`minutes` from midnight of the first day: (450, 1170) is 07:30-19:30, (1320, 1800) is 22:00-06:00."""
    made = shift_id or ids.new_id()
    members = {"name": name, "from_minute": minutes[0], "until_minute": minutes[1], "weekdays": weekdays}
    body = msgspec.convert(members | {"holidays": holidays}, ShiftBody)
    await keep_shift(tx, district_id, made, body, None)
    return made


async def make_duty(
    tx: Tx,
    unit_id: UUID,
    person_id: UUID,
    shift_id: UUID,
    *,
    grids: Collection[str] = ("*",),
    classes: Collection[str] = ("*",),
    level: int = 0,
    post_id: UUID | None = None,
    days: tuple[str, str] | None = None,
    duty_id: UUID | None = None,
) -> UUID:
    """`days`: first and last day ("2026-10-01") of a duty that is not for always."""
    made = duty_id or ids.new_id()
    members = {
        "unit_id": unit_id,
        "person_id": person_id,
        "shift_id": shift_id,
        "post_id": post_id,
        "grids": list(grids),
        "classes": list(classes),
        "level": level,
        "from_day": days[0] if days else None,
        "until_day": days[1] if days else None,
    }
    await keep_duty(tx, await _district_of(tx, unit_id), made, msgspec.convert(members, DutyBody), None)
    return made


async def make_absence(
    tx: Tx,
    person_id: UUID,
    from_at: datetime,
    until_at: datetime,
    *,
    stand_in_id: UUID | None = None,
    kind: str = "leave",
    hand_over: bool = False,
    absence_id: UUID | None = None,
) -> UUID:
    made = absence_id or ids.new_id()
    members = {"person_id": person_id, "from_at": from_at, "until_at": until_at, "kind": kind}
    body = msgspec.convert(members | {"stand_in_id": stand_in_id, "hand_over": hand_over}, AbsenceBody)
    district_id = await tx.value("SELECT district_id FROM people WHERE id = ?", person_id)
    await keep_absence(tx, district_id, made, body, None)
    return made


async def make_pairing_code(
    tx: Tx,
    person_id: UUID,
    *,
    expires_in: timedelta | None = timedelta(minutes=CODE_MINUTES),
    post_id: UUID | None = None,
) -> str:
    """A code that pairs one phone; `FOR_EVER` is for the demo alone."""
    code = new_code()
    await store_code(tx, person_id, code, expires_in=expires_in, post_id=post_id, by=None)
    return code


async def make_device(
    tx: Tx, person_id: UUID, public_key: dict[str, str], *, name: str = "phone", post_id: UUID | None = None
) -> UUID:
    """A paired phone, without the code; `public_key` is a JWK. A post's phone belongs to no person."""
    jwk, thumbprint = canonical_jwk(public_key)
    return await insert_device(tx, person_id, jwk, thumbprint, name=name, platform="", post_id=post_id)


async def make_session(tx: Tx, person_id: UUID, *, device_id: UUID | None = None, deliver_only: bool = False) -> str:
    """The cookie's value of a new session, without a password."""
    opened = await open_session(tx, person_id, device_id=device_id, deliver_only=deliver_only)
    return opened.token


async def _district_of(tx: Tx, unit_id: UUID) -> UUID:
    district_id: UUID = await tx.value("SELECT district_id FROM units WHERE id = ?", unit_id)
    return district_id
