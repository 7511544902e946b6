"""Taking a case's file away, and the keys by which others check it."""

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from moshao.dossier.gathering import gather
from moshao.dossier.keys import published, sealing_key
from moshao.dossier.kinds import KINDS
from moshao.dossier.packing import Packed, pack
from moshao.evidence.room import Evidence
from moshao.journal.appending import Line, append
from moshao.kit import clock
from moshao.kit.config import Settings
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires

PIECE = 1 << 18


@get(
    "/api/cases/{case_id:uuid}/dossier",
    operation_id="get_dossier",
    guards=[requires("supervisor", "leader", "unit_operator")],
    opt={"media": {200: "application/zip"}},
)
async def get_dossier(
    request: Request[Actor, Any, Any],
    case_id: FromPath[UUID],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    settings: NamedDependency[Settings],
) -> Response[Any]:
    """All of a case as one archive: photos, acts with their signatures, journal, a page for people. On record."""
    actor = request.user
    async with db.reading() as reader:
        held = await gather(reader, actor, case_id)
        made_by = await reader.value("SELECT name FROM people WHERE id = ?", actor.person_id)
    key, jwk = await sealing_key(db), (await published(db))[0]
    packed = await pack(
        held, evidence.blobs, key, jwk, made_by=made_by, made_at=clock.now(), base_url=settings.base_url
    )
    line = Line(
        kind=KINDS.known("dossier_made"), person_id=actor.person_id, unit_id=actor.unit_id,
        facts={"case_id": case_id, "digest": packed.digest},
    )  # fmt: skip
    await db.write(lambda tx: append(tx, actor.district_id, [line]))
    name = quote(f"{held.case['case_no']}.zip")
    headers = {
        "Content-Disposition": f"attachment; filename=\"case.zip\"; filename*=UTF-8''{name}",
        "Content-Length": str(packed.octets),
        "Cache-Control": "no-store",
    }
    return Stream(_pieces(packed), media_type="application/zip", headers=headers)


@get("/.well-known/moshao-keys.json", operation_id="get_sealing_keys", opt={"open": True})
async def get_sealing_keys(db: NamedDependency[Database]) -> dict[str, list[dict[str, str]]]:
    """The public keys by which this installation seals case files, as a JWK set, the newest first."""
    return {"keys": await published(db)}


async def _pieces(packed: Packed) -> AsyncIterator[bytes]:
    with packed.file as file:
        while piece := file.read(PIECE):
            yield piece


router = Router("/", route_handlers=[get_dossier, get_sealing_keys])
