"""A browser that listens for pushes: its keys, what it subscribes with, what it reads of what comes."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import http_ece
import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from moshao.kit import ids


class Browser:
    """`endpoint` is at `host`. It decrypts with http_ece, which is not the library that encrypts."""

    def __init__(self, host: str = "updates.push.services.mozilla.com", path: str | None = None) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = ids.new_secret(16)
        self.path = path or f"/wpush/v2/{ids.new_secret(24)}"
        self.endpoint = f"https://{host}{self.path}"

    @property
    def p256dh(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return urlsafe_b64encode(point).rstrip(b"=").decode()

    def subscription(self, **more: Any) -> dict[str, Any]:
        return {"endpoint": self.endpoint, "keys": {"p256dh": self.p256dh, "auth": self.auth}} | more

    def read(self, body: bytes) -> dict[str, Any]:
        """The payload of a push."""
        said = http_ece.decrypt(body, private_key=self.key, auth_secret=octets(self.auth), version="aes128gcm")
        return msgspec.json.decode(said, type=dict[str, Any])


def subscription_of() -> dict[str, Any]:
    return Browser().subscription()


def octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
