"""What a phone signed: the RFC 8785 form of strict JSON, and ES256 over that (RFC 7515)."""

import base64
import binascii
import hashlib
import json
from functools import lru_cache
from typing import Any
from uuid import UUID

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from moshao.kit import errors
from moshao.kit.strict_json import parse_strict

COORDINATE_OCTETS = 32
KEYS_KEPT = 8192
ES256 = ec.ECDSA(hashes.SHA256())


__all__ = [
    "ES256",
    "BadKey",
    "canonical",
    "canonical_jwk",
    "decode64",
    "encode64",
    "parse_strict",
    "verified_compact",
    "verify_detached",
]


class BadKey(ValueError):
    """A JWK that is not a public P-256 key."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of what `parse_strict` gave."""
    return rfc8785.dumps(value)


def verify_detached(jwk: str, signature: str, payload: bytes, kid: UUID) -> bool:
    """Whether `signature` (`header..signature`, header exactly alg ES256 and this `kid`) holds over `payload`.

    `jwk` is a device's stored public key, as `canonical_jwk` wrote it.
    """
    header, _, rest = signature.partition(".")
    middle, _, mark = rest.partition(".")
    return not middle and _names_device(header, str(kid)) and _holds(jwk, f"{header}.{encode64(payload)}", mark)


def verified_compact(jwk: str, token: str, kid: UUID) -> dict[str, Any] | None:
    """The claims in a compact JWS signed by this key, or None. Its header may leave `kid` and `typ` out."""
    header, _, rest = token.partition(".")
    middle, _, mark = rest.partition(".")
    try:
        named = parse_strict(decode64(header))
        claims = parse_strict(decode64(middle))
    except (ValueError, errors.Refused):
        return None
    fits = named.pop("alg", None) == "ES256" and named.pop("kid", str(kid)) == str(kid)
    named.pop("typ", None)
    return claims if fits and not named and _holds(jwk, f"{header}.{middle}", mark) else None


def canonical_jwk(key: dict[str, Any]) -> tuple[str, str]:
    """A public P-256 JWK as stored, and its RFC 7638 thumbprint. Raises BadKey; a private part is refused too."""
    if "d" in key:
        raise BadKey("a private key stays on the phone")
    if key.get("kty") != "EC" or key.get("crv") != "P-256":
        raise BadKey("not a P-256 key")
    needed = {"crv": "P-256", "kty": "EC", "x": key.get("x"), "y": key.get("y")}
    text = json.dumps(needed, separators=(",", ":"), sort_keys=True)
    _public_key(text)
    return text, encode64(hashlib.sha256(text.encode()).digest())


def encode64(octets: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def decode64(text: str) -> bytes:
    """The octets of unpadded base64url, written in the one canonical way. Raises ValueError."""
    octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode64(octets) != text:
        raise binascii.Error("not canonical base64url")
    return octets


@lru_cache(maxsize=KEYS_KEPT)
def _names_device(header: str, kid: str) -> bool:
    """A phone's header never changes, so each is parsed once."""
    try:
        return parse_strict(decode64(header)) == {"alg": "ES256", "kid": kid}
    except (ValueError, errors.Refused):
        return False


def _holds(jwk: str, signed: str, mark: str) -> bool:
    try:
        octets = decode64(mark)
        if len(octets) != 2 * COORDINATE_OCTETS:
            return False
        r, s = octets[:COORDINATE_OCTETS], octets[COORDINATE_OCTETS:]
        der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        _public_key(jwk).verify(der, signed.encode("ascii"), ES256)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=KEYS_KEPT)
def _public_key(jwk: str) -> ec.EllipticCurvePublicKey:
    key = json.loads(jwk)
    try:
        x, y = decode64(key["x"]), decode64(key["y"])
        if len(x) != COORDINATE_OCTETS or len(y) != COORDINATE_OCTETS:
            raise BadKey("a coordinate has 32 octets")
        numbers = ec.EllipticCurvePublicNumbers(int.from_bytes(x, "big"), int.from_bytes(y, "big"), ec.SECP256R1())
        return numbers.public_key()
    except (ValueError, TypeError) as fault:
        raise BadKey(str(fault)) from fault
