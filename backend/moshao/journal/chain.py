"""The chain: each line's digest covers its fields and the digest of the line before."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from moshao.kit.db import Row

START = "0" * 64
COLUMNS = (
    "id, district_id, seq, kind, at, done_at, case_id, act_id, person_id, unit_id, round, state, facts, content, "
    "seals, digest"
)
BETWEEN = "\x1f"


def chained(before: str, fields: Sequence[Any]) -> str:
    """The digest of a line: SHA-256 over the one before and its fields from district_id to seals, in order."""
    text = BETWEEN.join([before, *(text_of(field) for field in fields)])
    return hashlib.sha256(text.encode()).hexdigest()


def fields_of(row: Row) -> list[Any]:
    """A stored line's fields in the order of `chained`."""
    return [row[name] for name in COLUMNS.split(", ")[1:-1]]


def text_of(field: Any) -> str:
    if field is None:
        return "\x00"
    if isinstance(field, datetime):
        return field.astimezone(UTC).isoformat(timespec="microseconds")
    return str(field)
