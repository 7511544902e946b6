"""The digest of a row, as the journal keeps it: whoever changes one byte of the row is found.

A row that holds what persons wrote has a random salt beside it. Erasing the text erases the salt with it, so that
nobody can guess the text from the digest that stays in the chain.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import msgspec

SALT_OCTETS = 16


def seal(salt: str, fields: Iterable[Any]) -> str:
    """SHA-256 over the salt and the fields in order; the same for a row in memory and read back."""
    plain = [salt, *(_plain(field) for field in fields)]
    return f"sha256:{hashlib.sha256(msgspec.json.encode(plain)).hexdigest()}"


def _plain(field: Any) -> Any:
    return field.astimezone(UTC) if isinstance(field, datetime) else field
