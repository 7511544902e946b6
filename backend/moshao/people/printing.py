"""Roll-out sheets: for many persons at once a slip each, with a QR code that pairs his phone for some days."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.kit import clock
from moshao.kit.db import Database, Row, Tx, marks
from moshao.kit.qr import qr_of
from moshao.kit.typesetting import typeset
from moshao.people.actor import Actor
from moshao.people.keeping import reaches, tell, unknown
from moshao.people.pairing import link_of, new_code, store_code
from moshao.people.passwords import hashed
from moshao.people.rules import may_help
from moshao.people.schemas import PairingSheetBody
from moshao.people.wording import SHEET

TEMPLATE = Path(__file__).with_name("pairing_sheet.typ")
# Read from paper and typed by a gloved thumb: no 0, o, 1, l, i. Ten of them are 49 bits.
PASSWORD_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
PASSWORD_LENGTH = 10


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is handed. Without `password` he has one already."""

    name: str
    staff_no: str
    unit: str
    code: str
    password: str | None


async def print_sheet(db: Database, actor: Actor, body: PairingSheetBody, base_url: str) -> bytes:
    """The PDF. Whoever has no password yet gets his first one, printed here and nowhere else. Raises `bad_field`."""
    people = await _helped(db, actor, body.people)
    first = {row["id"]: _password() for row in people if row["password_hash"] is None}
    hashes = dict(zip(first, await asyncio.gather(*map(hashed, first.values())), strict=True))
    expires_at = clock.now() + timedelta(days=body.valid_days)

    async def work(tx: Tx) -> list[Slip]:
        return [await _slip(tx, actor, row, first, hashes, body.valid_days) for row in people]

    slips = await db.write(work)
    return await typeset(TEMPLATE, await asyncio.to_thread(_said, actor, body, slips, expires_at, base_url))


async def _helped(db: Database, actor: Actor, person_ids: Sequence[UUID]) -> list[Row]:
    """In the order asked for, each once. Raises `bad_field` for anybody who is not this actor's to help."""
    wanted = list(dict.fromkeys(person_ids))
    rows = await db.all(
        "SELECT p.id, p.name, p.staff_no, p.role, p.password_hash, u.name AS unit, u.path FROM people p "
        f"JOIN units u ON u.id = p.unit_id WHERE p.district_id = ? AND p.active AND p.id IN ({marks(len(wanted))})",
        actor.district_id,
        *wanted,
    )
    found = {row["id"]: row for row in rows if reaches(actor, row["path"]) and may_help(actor.role, row["role"])}
    if len(found) != len(wanted):
        raise unknown("people")
    return [found[person_id] for person_id in wanted]


async def _slip(
    tx: Tx, actor: Actor, row: Row, first: Mapping[UUID, str], hashes: Mapping[UUID, str], days: int
) -> Slip:
    code, person_id = new_code(), row["id"]
    await store_code(tx, person_id, code, expires_in=timedelta(days=days), post_id=None, by=actor)
    password = first.get(person_id)
    if password is not None:
        sql = "UPDATE people SET password_hash = ? WHERE id = ? AND password_hash IS NULL"
        given = await tx.run(sql, hashes[person_id], person_id)
        # Somebody was first: what he gave counts.
        password = password if given else None
    if password is not None:
        await tell(tx, actor.district_id, "password_changed", actor, person_id=person_id)
    return Slip(name=row["name"], staff_no=row["staff_no"], unit=row["unit"], code=code, password=password)


def _said(
    actor: Actor, body: PairingSheetBody, slips: Sequence[Slip], expires_at: datetime, base_url: str
) -> dict[str, Any]:
    zone = ZoneInfo(actor.settings.zone)
    until = expires_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return {
        "language": body.language,
        "words": SHEET[body.language],
        "unit": slips[0].unit,
        "made_at": clock.now().astimezone(zone).strftime("%Y-%m-%d %H:%M"),
        "slips": [
            msgspec.structs.asdict(one) | {"until": until, "qr": qr_of(link_of(base_url, one.staff_no, one.code))}
            for one in slips
        ],
    }


def _password() -> str:
    return "".join(secrets.choice(PASSWORD_SIGNS) for _ in range(PASSWORD_LENGTH))
