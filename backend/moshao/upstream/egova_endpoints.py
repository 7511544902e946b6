"""Where a platform that speaks eGova comes in."""

from typing import Any

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from moshao.evidence.room import Evidence
from moshao.kit import errors
from moshao.kit.db import Database, Tx
from moshao.kit.openapi import Header
from moshao.kit.pulse import Pulse
from moshao.upstream.doorkeeping import BODY_MOST, signed
from moshao.upstream.egova import bad_envelope, envelope_of, said_of
from moshao.upstream.keeping import keep, readable
from moshao.upstream.queries import Upstream
from moshao.upstream.schemas import EventResult
from moshao.upstream.splitting import one
from moshao.upstream.unversioned import take_unversioned

SOURCE = "egova"


class EgovaMessage(msgspec.Struct, kw_only=True):
    """The envelope; what `data` holds goes by `action`, as told in docs/upstream.md."""

    uid: str
    senderCode: str
    action: str
    data: dict[str, Any]


class EgovaAnswer(msgspec.Struct, kw_only=True):
    """`success`: taken, or known already; it need not come again. `code`, `message`: why not. `caseId` ours."""

    uid: str | None
    success: bool
    code: str
    message: str
    caseId: str | None
    warnings: list[str]


@post(
    "/api/upstream/{name:str}/egova",
    operation_id="post_upstream_egova",
    opt={
        "open": True,
        "bodies": {"application/json": EgovaMessage},
        "answers": {200: EgovaAnswer},
        "asks": (
            Header("webhook-id", "The message's.", required=True),
            Header("webhook-timestamp", "Seconds since 1970, within five minutes.", required=True),
            Header("webhook-signature", "`v1,<base64>` (Standard Webhooks), several parted by spaces.", required=True),
        ),
    },
    status_code=200,
    request_max_body_size=BODY_MOST,
)
async def post_egova(
    request: Request[Any, Any, Any],
    name: FromPath[str],
    db: NamedDependency[Database],
    evidence: NamedDependency[Evidence],
    pulse: NamedDependency[Pulse],
) -> EgovaAnswer:
    """One message of the eGova third-party interface; the same `uid` counts once."""
    upstream, body = await signed(request, name, db)
    uid: str | None = None
    try:
        said = one(body).said
        envelope = envelope_of(said)
        uid = envelope.uid
        (outcome,) = await take_unversioned(db, evidence.blobs, upstream, SOURCE, [said_of(envelope)])
    except errors.Refused as refused:
        await _keep(db, upstream, body, refused)
        if refused.kind is bad_envelope or uid is None:
            raise
        return _answer(uid, EventResult(id=uid, status="refused", code=refused.kind.code, detail=refused.kind.title))
    pulse.beat(upstream.district_id)
    return _answer(uid, outcome.result)


async def _keep(db: Database, upstream: Upstream, body: bytes, refused: errors.Refused) -> None:
    code, detail, text = refused.kind.code, refused.detail, readable(body)

    async def work(tx: Tx) -> None:
        await keep(tx, upstream.id, "refused", code, detail, text)

    await db.write(work)


def _answer(uid: str, result: EventResult) -> EgovaAnswer:
    return EgovaAnswer(
        uid=uid, success=result.status != "refused", code=result.code or "0", message=result.detail or "",
        caseId=str(result.case_id) if result.case_id else None, warnings=result.warnings,
    )  # fmt: skip


HANDLERS = [post_egova]
