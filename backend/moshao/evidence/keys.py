"""Under which keys photos lie in the store."""

from uuid import UUID


def original(sha256: str) -> str:
    """The bytes as the phone sealed them; equal bytes lie here once."""
    return f"originals/{sha256[:2]}/{sha256}"


def copy(sha256: str, what: str) -> str:
    """A copy made here: thumb, screen, or stamped with the digest of its words."""
    return f"copies/{sha256[:2]}/{sha256}.{what}"


def copies(sha256: str) -> str:
    """What all copies' keys start with."""
    return f"copies/{sha256[:2]}/{sha256}."


def quarantined(photo_id: UUID) -> str:
    """Bytes that were refused; the reason stands in the row, and beside them under `reason`."""
    return f"quarantine/{photo_id}"


def reason(photo_id: UUID) -> str:
    """Why they were refused, as JSON."""
    return f"quarantine/{photo_id}.json"
