"""A case as it stands in the database, typed."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.kit.db import Reader, Row, Tx


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of `cases`; docs of the members stand in tables.py."""

    id: UUID
    district_id: UUID
    case_no: str
    upstream_id: UUID | None = None
    external_case_id: str | None = None
    version: int = 0
    content: str | None = None
    closes_above: bool = False
    decides_above: bool = False
    source_code: str | None = None
    source_name: str | None = None
    source_no: str | None = None
    state: str
    state_before: str | None = None
    round: int = 1
    flags: str = " "
    code_set: str | None = None
    kind: str | None = None
    major: str | None = None
    minor: str | None = None
    condition: str | None = None
    title: str | None = None
    description: str | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    grid_code: str | None = None
    component_code: str | None = None
    reporter_name: str | None = None
    reporter_phone: str | None = None
    reported_at: datetime | None = None
    reporter_id: UUID | None = None
    urgency: str = "normal"
    allow_handback: bool = True
    allow_extension: bool = True
    contact_required: bool = False
    handback_deadline: datetime | None = None
    reply_due_at: datetime | None = None
    limit_value: int | None = None
    limit_unit: str | None = None
    limit_provisional: bool = False
    allowance_s: int | None = None
    deadline: datetime | None = None
    warn_at: datetime | None = None
    clock_state: str = "stopped"
    clock_started_at: datetime | None = None
    clock_stopped_at: datetime | None = None
    paused_at: datetime | None = None
    next_at: datetime | None = None
    extensions: int = 0
    handbacks: int = 0
    shelvings: int = 0
    ruled: bool = False
    shelved_until: datetime | None = None
    unit_id: UUID | None = None
    turn_unit_id: UUID | None = None
    handler_id: UUID | None = None
    crew_id: UUID | None = None
    helpers: str = "[]"
    inspector_id: UUID | None = None
    asked_above: bool = False
    lead_case_id: UUID | None = None
    filed_at: datetime | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    assigned_at: datetime | None = None
    accepted_at: datetime | None = None
    handled_at: datetime | None = None
    handled_by: UUID | None = None
    handled_heard_at: datetime | None = None
    closure_id: UUID | None = None
    outcome: str | None = None
    ended_at: datetime | None = None
    on_time: bool | None = None
    salt: str = ""
    changed_seq: int = 0
    created_at: datetime


COLUMNS = ", ".join(Case.__struct_fields__)
_BY_ID = f"SELECT {COLUMNS} FROM cases WHERE id = ?"


def case_of(row: Row) -> Case:
    return msgspec.convert(row, Case)


async def find_case(reader: Reader, case_id: UUID) -> Case | None:
    row = await reader.one(_BY_ID, case_id)
    return case_of(row) if row else None


async def lock_case(tx: Tx, case_id: UUID) -> Case | None:
    """The case, held against other writers until the transaction ends."""
    row = await tx.one(_BY_ID + tx.for_update(), case_id)
    return case_of(row) if row else None


def has_flag(case: Case, flag: str) -> bool:
    return f" {flag} " in case.flags


def with_flags(flags: str, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> str:
    """The flags text with some words added and others gone, sorted, each once."""
    words = (set(flags.split()) | set(add)) - set(drop)
    return f" {' '.join(sorted(words))} " if words else " "
