"""Reconciliations as they are shown."""

from datetime import datetime
from uuid import UUID

import msgspec


class ReconciliationView(msgspec.Struct, kw_only=True):
    """`theirs`, `ours`, `agree`: how many cases. `differences`, and how many of them are `open`."""

    id: UUID
    upstream: str
    origin: str
    name: str
    from_at: datetime | None
    until_at: datetime | None
    theirs: int
    ours: int
    agree: int
    differences: int
    open: int
    made_at: datetime


class ReconciledLineView(msgspec.Struct, kw_only=True):
    """`kind` missing_here · missing_there · other_state · other_deadline · other_on_time. `ours`, `theirs`: a state, an
    instant or a day, or `on_time` / `overdue`: both truths. `settled` resend · take · note."""

    id: UUID
    kind: str
    external_case_id: str
    case_id: UUID | None
    ours: str | None
    theirs: str | None
    settled: str | None
    words: str | None
    settled_at: datetime | None


class ReconciliationList(msgspec.Struct):
    reconciliations: list[ReconciliationView]


class ReconciliationAnswer(msgspec.Struct, kw_only=True):
    """With its lines, what is open first."""

    reconciliation: ReconciliationView
    lines: list[ReconciledLineView]
