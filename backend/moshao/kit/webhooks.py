"""Standard Webhooks signatures: HMAC-SHA256 over id, timestamp and body, checked and made."""

import base64
import binascii
import hmac
import os
from collections.abc import Iterable
from datetime import datetime, timedelta

from moshao.kit import clock

PREFIX = "whsec_"
SECRET_OCTETS = 32
TOLERANCE = timedelta(minutes=5)
ID_MOST = 256
SIGNATURES_MOST = 32


def new_secret() -> str:
    """A fresh `whsec_…`."""
    return PREFIX + base64.b64encode(os.urandom(SECRET_OCTETS)).decode()


def key_of(secret: str) -> bytes:
    """The raw bytes of `whsec_<base64>`. Raises ValueError."""
    if not secret.startswith(PREFIX):
        raise ValueError("a webhook secret starts with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as fault:
        raise ValueError("a webhook secret is base64 after whsec_") from fault
    if not key:
        raise ValueError("a webhook secret is not empty")
    return key


def sign(secret: str, webhook_id: str, timestamp: str, body: bytes) -> str:
    """`v1,<base64>`; `timestamp` in seconds since 1970, as it stands in the header."""
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, "sha256")).decode()


def signed_headers(secrets: Iterable[str], webhook_id: str, body: bytes) -> dict[str, str]:
    """The headers of a message of ours, sent now; during a rotation signed with both secrets."""
    timestamp = str(int(clock.now().timestamp()))
    signatures = " ".join(sign(secret, webhook_id, timestamp, body) for secret in secrets)
    return {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}


def is_timely(timestamp: str, now: datetime) -> bool:
    """Whether the text is whole seconds since 1970 within five minutes of `now`."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(int(timestamp) - now.timestamp()) <= TOLERANCE.total_seconds()


def is_signed(secrets: Iterable[str], webhook_id: str, timestamp: str, signatures: str, body: bytes) -> bool:
    """Whether one of the signatures, parted by spaces, was made with one of the secrets.

    Every secret and every signature is looked at, each in constant time: how long it takes tells nothing.
    """
    given = [text.encode() for text in signatures.split(" ")[:SIGNATURES_MOST]]
    good = False
    for secret in secrets:
        expected = sign(secret, webhook_id, timestamp, body).encode()
        for text in given:
            good |= hmac.compare_digest(expected, text)
    return good
