"""The one file that talks to the push library: keys, who we are, encryption (RFC 8291, 8292).

Of webpush 1.0.6 it uses encryption and key making. Its token says a wrong audience where a port is named and is signed
anew for each message; its TTL can't be 0 and stays for the next message: so header and lifetime are made here.
"""

import binascii
from base64 import urlsafe_b64decode
from datetime import timedelta
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from joserfc import jwt
from joserfc.jwk import ECKey
from webpush import VAPID, WebPush
from webpush.types import WebPushKeys, WebPushSubscription

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
        public = ECKey.import_key(keys.private_key).as_pem(private=False)
        self._push = WebPush(keys.private_key.encode(), public, subscriber=contact)
        self._push.vapid = self._vapid = _Vapid(keys, public, contact)

    def request(self, target: Target, payload: bytes, *, ttl_s: int, urgency: str, topic: str | None) -> Request:
        """A message that lives `ttl_s` seconds with the push service; `urgency` very-low, low, normal or high.

        Raises ValueError where the payload is too large.
        """
        if len(payload) > PAYLOAD_MOST:
            raise ValueError(f"a payload has at most {PAYLOAD_MOST} octets")
        keys = WebPushKeys(auth=target.auth, p256dh=target.p256dh)
        made = self._push.get(payload, WebPushSubscription.model_construct(endpoint=target.endpoint, keys=keys))
        headers = {
            "Authorization": made.headers["authorization"],
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, ttl_s)),
            "Urgency": urgency,
        }
        return Request(made.encrypted, headers | ({"Topic": topic} if topic else {}))


class _Vapid(VAPID):  # type: ignore[misc]
    """The library's signer, with the whole origin as audience and one token per origin for hours."""

    def __init__(self, keys: KeyPair, public: bytes, contact: str) -> None:
        super().__init__(keys.private_key.encode(), public)
        self._key = ECKey.import_key(keys.private_key)
        self._named = keys.public_key
        self._contact = contact
        self._headers: dict[str, tuple[float, str]] = {}

    def get_authorization_header(self, endpoint: str, subscriber: str, expiration: int) -> str:
        now = clock.now().timestamp()
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}".lower().removesuffix(":443")
        until, header = self._headers.get(origin, (0.0, ""))
        if until <= now:
            claims = {"aud": origin, "exp": int(now + TOKEN_LASTS.total_seconds()), "sub": self._contact}
            token = jwt.encode({"alg": "ES256", "typ": "JWT"}, claims, self._key)
            header = f"vapid t={token}, k={self._named}"
            self._headers[origin] = (now + (TOKEN_LASTS - TOKEN_RENEWED).total_seconds(), header)
        return header


def _decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
