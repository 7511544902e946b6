"""The rows of a case whose digests its journal lines hold: the case, what was said, what was asked for."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from moshao.cases.case import Case
from moshao.journal.seals import seal
from moshao.kit.db import Reader, marks

# The number of its last line, which the seal itself is part of, and the moment that its clock says.
_NOT_SEALED = frozenset({"salt", "changed_seq", "next_at"})
_CASE = tuple(name for name in Case.__struct_fields__ if name not in _NOT_SEALED)
WORDS = ("id", "case_id", "act_id", "kind", "round", "person_id", "said_by", "code", "words", "at")
REQUEST = (
    "id", "district_id", "case_id", "kind", "state", "person_id", "unit_id", "detail", "reason", "until", "reply_by",
    "asked_at", "decided_at", "decided_by", "decision_reason",
)  # fmt: skip


def seal_of_case(case: Case) -> str:
    return seal(case.salt, [getattr(case, name) for name in _CASE])


def verbatim_of(case_id: UUID) -> str:
    """The name that the digest of what upstream sent has in a line."""
    return f"{case_id}/verbatim"


def seal_of_verbatim(case_id: UUID, salt: str, verbatim: str) -> str:
    """What upstream sent, which is too long to be read with every case."""
    return seal(salt, [case_id, verbatim])


def seal_of_words(row: Mapping[str, Any]) -> str:
    return seal(row["salt"], [row[name] for name in WORDS])


def seal_of_request(row: Mapping[str, Any]) -> str:
    return seal(row["salt"], [row[name] for name in REQUEST])


async def seals_of_requests(reader: Reader, request_ids: Sequence[UUID]) -> dict[str, str | None]:
    """As they stand now, by id."""
    if not request_ids:
        return {}
    rows = await reader.all(f"SELECT * FROM case_requests WHERE id IN ({marks(len(request_ids))})", *request_ids)
    return {str(row["id"]): seal_of_request(row) for row in rows}
