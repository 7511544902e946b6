"""What is asked for and waits for somebody's word: extension, shelving, appeal, return to upstream, supervision."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.acting import Doing
from moshao.cases.persons import wrong
from moshao.journal.seals import SALT_OCTETS
from moshao.kit import errors, ids
from moshao.kit.db import Reader, Row, Tx

Kind = Literal["extension", "shelving", "appeal", "upstream_handback", "supervision"]
State = Literal["open", "forwarded", "granted", "refused", "answered", "undone"]

already_asked = errors.refusal("already_asked", 409, "已有一个申请在等待答复")
request_decided = errors.refusal("request_decided", 409, "这个申请已经答复过了")
upstream_decides = errors.refusal("upstream_decides", 409, "此案件的申请由上级平台答复")

PENDING = ("open", "forwarded")


async def ask(
    tx: Tx,
    doing: Doing[Any],
    kind: Kind,
    state: State,
    *,
    reason: str | None,
    until: datetime | None = None,
    reply_by: datetime | None = None,
    detail: dict[str, Any] | None = None,
) -> UUID:
    """Keep a request; its id is the act's. One that is `granted` from the start was decided by who asked."""
    decided = state in ("granted", "refused")
    await tx.insert(
        "case_requests",
        {
            "id": doing.act_id, "district_id": doing.actor.district_id, "case_id": doing.case.id, "kind": kind,
            "state": state, "person_id": doing.actor.person_id, "unit_id": doing.case.unit_id,
            "detail": msgspec.json.encode(detail or {}).decode(), "reason": reason, "until": until,
            "reply_by": reply_by, "asked_at": doing.at, "decided_at": doing.at if decided else None,
            "decided_by": doing.actor.person_id if decided else None, "salt": ids.new_secret(SALT_OCTETS),
        },
    )  # fmt: skip
    return doing.act_id


async def check_none_pending(reader: Reader, case_id: UUID, kind: Kind) -> None:
    """Raises `already_asked`."""
    pending = await reader.one(
        "SELECT id FROM case_requests WHERE case_id = ? AND kind = ? AND state IN (?, ?)", case_id, kind, *PENDING
    )
    if pending is not None:
        raise already_asked()


async def pending_request(reader: Reader, case_id: UUID, request_id: UUID, kind: Kind) -> Row:
    """The request as it waits for a word. Raises `bad_field` (unknown), `request_decided`."""
    row = await reader.one(
        "SELECT * FROM case_requests WHERE id = ? AND case_id = ? AND kind = ?", request_id, case_id, kind
    )
    if row is None:
        raise wrong("request_id", "unknown_request", "没有这个申请")
    if row["state"] not in PENDING:
        raise request_decided()
    return row


async def decide(tx: Tx, request_id: UUID, state: State, *, at: datetime, by: UUID | None, reason: str | None) -> None:
    """Forwarded, granted, refused or answered. Raises `request_decided` where somebody was first."""
    touched = await tx.run(
        "UPDATE case_requests SET state = ?, decided_at = ?, decided_by = ?, decision_reason = ? "
        "WHERE id = ? AND state IN (?, ?) AND state <> ?",
        state, at, by, reason, request_id, *PENDING, state,
    )  # fmt: skip
    if not touched:
        raise request_decided()


async def drop_pending(tx: Tx, case_id: UUID, at: datetime) -> tuple[UUID, ...]:
    """A case that ended needs no more time: what was asked for is refused by the end itself; which it was."""
    rows = await tx.all(
        "UPDATE case_requests SET state = ?, decided_at = ? WHERE case_id = ? AND kind <> ? AND state IN (?, ?) "
        "RETURNING id",
        "refused", at, case_id, "appeal", *PENDING,
    )  # fmt: skip
    return tuple(row["id"] for row in rows)
