"""Links to photos for one upstream: signed, good for a week, for photos of its own cases."""

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta
from uuid import UUID

import msgspec

from moshao.kit import clock

GOOD_FOR = timedelta(days=7)
ID_OCTETS = 16
TIME_OCTETS = 8
SAID_OCTETS = 2 * ID_OCTETS + TIME_OCTETS


class Linked(msgspec.Struct, frozen=True):
    """What a token says, `until` in seconds since 1970; who signed it is checked by `is_good`."""

    upstream_id: UUID
    photo_id: UUID
    until: int
    said: bytes
    mark: bytes


def token_for(link_key: str, upstream_id: UUID, photo_id: UUID) -> str:
    """A token from now on."""
    until = int((clock.now() + GOOD_FOR).timestamp())
    said = upstream_id.bytes + photo_id.bytes + until.to_bytes(TIME_OCTETS, "big")
    return base64.urlsafe_b64encode(said + _mark(link_key, said)).decode()


def read_token(token: str) -> Linked | None:
    """None where it is none."""
    try:
        octets = base64.b64decode(token, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    said, mark = octets[:SAID_OCTETS], octets[SAID_OCTETS:]
    if len(mark) != hashlib.sha256().digest_size:
        return None
    upstream_id, photo_id = said[:ID_OCTETS], said[ID_OCTETS : 2 * ID_OCTETS]
    until = int.from_bytes(said[2 * ID_OCTETS :], "big")
    return Linked(UUID(bytes=upstream_id), UUID(bytes=photo_id), until, said, mark)


def is_good(linked: Linked, link_key: str) -> bool:
    """Whether we signed it, and not too long ago."""
    return hmac.compare_digest(linked.mark, _mark(link_key, linked.said)) and clock.now().timestamp() < linked.until


def _mark(link_key: str, said: bytes) -> bytes:
    return hmac.digest(bytes.fromhex(link_key), b"feedback photo\0" + said, "sha256")
