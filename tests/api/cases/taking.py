"""Acts without HTTP: for those whose route another room makes, and where thousands are done."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from moshao.cases.acting import ActKind, Call
from moshao.cases.endpoints import KINDS
from moshao.cases.reviewing import reviews
from moshao.cases.taking import take
from moshao.kit import clock, errors, ids
from moshao.kit.db import Database, Tx
from moshao.people.actor import Actor
from moshao.people.settings import DistrictSettings
from tests.cast import Cast
from tests.phone import Phone


async def nobody(tx: Tx, case: object) -> UUID | None:
    """No rule names an inspector here."""
    return None


EVERY: Mapping[str, ActKind[Any]] = {kind.word: kind for kind in (*KINDS, reviews(nobody))}


async def actor_of(db: Database, cast: Cast, who: str, settings: DistrictSettings | None = None) -> Actor:
    """The person as a desk's session has him: nothing to sign."""
    row = await db.one(
        "SELECT p.*, u.path FROM people p JOIN units u ON u.id = p.unit_id WHERE p.id = ?",
        cast.people[who].person_id,
    )
    assert row is not None
    crews = await db.all("SELECT crew_id FROM crew_members WHERE person_id = ?", row["id"])
    return Actor(
        session_id=ids.new_id(),
        person_id=row["id"],
        district_id=row["district_id"],
        unit_id=row["unit_id"],
        unit_path=tuple(UUID(part) for part in row["path"].split("/")),
        name=row["name"],
        staff_no=row["staff_no"],
        role=row["role"],
        roster=row["roster"],
        settings=settings or DistrictSettings(),
        crew_ids=tuple(crew["crew_id"] for crew in crews),
    )


async def do(
    db: Database,
    actor: Actor,
    act: str,
    case_id: UUID,
    *,
    phone: Phone | None = None,
    act_id: UUID | None = None,
    **members: Any,
) -> tuple[int, str]:
    """Do an act; its status, and the code where it was refused. Field roles sign with their `phone`."""
    named = act_id or ids.new_id()
    body = {"done_at": clock.now().isoformat(), **members}
    signature = None
    if phone is not None:
        signature = phone.sign(act, named, case_id, body)
    call = Call(
        actor=actor,
        act_id=named,
        case_id=case_id,
        body=json.dumps(body).encode(),
        signature=signature,
        device_time=clock.now(),
        heard_at=clock.now(),
    )
    try:
        outcome = await take(db, EVERY[act], call)
    except errors.Refused as refused:
        return refused.kind.status, refused.kind.code
    return outcome.status, ""
