"""The one file that talks to the push library: keys, who we are, encryption (RFC 8291, 8292).

Of webpush 1.0.6 it uses encryption and key making. Its token says a wrong audience where a port is named and is signed
anew for each message; its TTL can't be 0 and stays for the next message; and checking again what was checked when the
browser subscribed costs a fifth of a message: so header and lifetime are made here, around what the library encrypts.
"""

import binascii
from base64 import urlsafe_b64decode
from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey
from webpush import VAPID, WebPush

from moshao.kit import clock

PAYLOAD_MOST = 3000
# RFC 8292 allows 24 hours; services whose clocks differ refuse more.
TOKEN_LASTS = timedelta(hours=12)
TOKEN_RENEWED = timedelta(hours=1)
POINT_OCTETS = 65
AUTH_OCTETS = 16


class KeyPair(msgspec.Struct, frozen=True):
    """`private_key` PEM, `public_key` base64url of the uncompressed point, as browsers take it."""

    private_key: str
    public_key: str


class Target(msgspec.Struct, frozen=True):
    """Where one browser listens; the keys as it gave them."""

    endpoint: str
    p256dh: str
    auth: str


class Request(msgspec.Struct, frozen=True):
    """What is to be posted to the endpoint."""

    body: bytes
    headers: dict[str, str]


def new_key_pair() -> KeyPair:
    private, _, public = VAPID.generate_keys()
    return KeyPair(private.decode(), public)


def are_keys(p256dh: str, auth: str) -> bool:
    """Whether these are a point on P-256 and a secret of 16 octets."""
    try:
        point, secret = _decoded(p256dh), _decoded(auth)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except (ValueError, binascii.Error):
        return False
    return len(point) == POINT_OCTETS and point[0] == 4 and len(secret) == AUTH_OCTETS


class Encrypter:
    """Makes messages under one key. `contact`: `mailto:` or `https:` URL where a push service finds us."""

    def __init__(self, keys: KeyPair, contact: str) -> None:
        self._library = WebPush(keys.private_key.encode(), ECKey.import_key(keys.private_key).as_pem(private=False))
        self._tokens = _Tokens(keys, contact)

    def request(self, target: Target, payload: bytes, *, ttl_s: int, urgency: str, topic: str | None) -> Request:
        """A message that lives `ttl_s` seconds with the push service; `urgency` very-low, low, normal or high.

        Raises ValueError where the payload is too large.
        """
        if len(payload) > PAYLOAD_MOST:
            raise ValueError(f"a payload has at most {PAYLOAD_MOST} octets")
        headers = {
            "Authorization": self._tokens.header(target.endpoint),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, ttl_s)),
            "Urgency": urgency,
        }
        if topic:
            headers["Topic"] = topic
        # Of a subscription the library looks at the keys alone, and those as they are.
        return Request(self._library._encrypt(payload, _Keyed(target)), headers)


class _Keyed(msgspec.Struct, frozen=True):
    """A subscription as the library reads it."""

    keys: Target


class _Tokens:
    """Who we are, as push services want to be told: one token per origin for hours."""

    def __init__(self, keys: KeyPair, contact: str) -> None:
        self._key = ECKey.import_key(keys.private_key)
        self._named = keys.public_key
        self._contact = contact
        self._headers: dict[str, tuple[float, str]] = {}

    def header(self, endpoint: str) -> str:
        """`Authorization` for this endpoint (RFC 8292 §2)."""
        now = clock.now().timestamp()
        origin = "/".join(endpoint.split("/", 3)[:3]).lower().removesuffix(":443")
        until, header = self._headers.get(origin, (0.0, ""))
        if until <= now:
            claims = {"aud": origin, "exp": int(now + TOKEN_LASTS.total_seconds()), "sub": self._contact}
            token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, self._key)
            header = f"vapid t={token}, k={self._named}"
            self._headers[origin] = (now + (TOKEN_LASTS - TOKEN_RENEWED).total_seconds(), header)
        return header


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
