"""Identifiers: UUIDv7 for rows, random secrets for whoever must prove something."""

import hashlib
import os
import secrets
import threading
from uuid import UUID

from moshao.kit import clock

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): sorts by the millisecond it was made, strictly rising within this process."""
    global _last
    with _lock:
        stamp = max(int(clock.now().timestamp() * 1000) << 12, _last + 1)
        _last = stamp
    value = (stamp >> 12) << 80 | 0x7 << 76 | (stamp & 0xFFF) << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=value)


def parse_id(text: str) -> UUID | None:
    """The UUID written canonically in `text` (36 characters, any case), else None."""
    try:
        value = UUID(text)
    except ValueError:
        return None
    return value if str(value) == text.lower() else None


def new_secret(octets: int = 32) -> str:
    """URL-safe random text worth 8 × `octets` bits."""
    return secrets.token_urlsafe(octets)


def digest_of_secret(secret: str) -> str:
    """What is stored in place of a random secret: its SHA-256, hex. Never for passwords, which are guessable."""
    return hashlib.sha256(secret.encode()).hexdigest()
