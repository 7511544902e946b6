"""The installation's own key: made when first needed, its public half for everybody to see."""

import json
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from moshao.kit import clock
from moshao.kit.db import Database, Reader, Tx
from moshao.people.signing import COORDINATE_OCTETS, ES256, canonical_jwk, encode64

FIRST = UUID(int=1)
_NEWEST = "SELECT id, private_key, public_key FROM sealing_keys ORDER BY made_at DESC, id DESC LIMIT 1"


class Key(msgspec.Struct, frozen=True):
    """`public` is the JWK as `people.signing` writes one."""

    id: UUID
    private: ec.EllipticCurvePrivateKey
    public: str

    def sign(self, payload: bytes) -> str:
        """A detached JWS over `payload`, as phones make them: `header..signature`."""
        header = encode64(json.dumps({"alg": "ES256", "kid": str(self.id)}, separators=(",", ":")).encode())
        r, s = decode_dss_signature(self.private.sign(f"{header}.{encode64(payload)}".encode(), ES256))
        return f"{header}..{encode64(r.to_bytes(COORDINATE_OCTETS) + s.to_bytes(COORDINATE_OCTETS))}"


async def sealing_key(db: Database) -> Key:
    """The newest key; the first one is made here."""
    row = await db.one(_NEWEST)
    if row is None:
        await db.write(_make)
        row = await db.one(_NEWEST)
    assert row is not None
    private = load_pem_private_key(row["private_key"].encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    return Key(row["id"], private, row["public_key"])


async def published(reader: Reader | Database) -> list[dict[str, str]]:
    """The public halves of all keys, as JWKs with their `kid`, the newest first."""
    rows = await reader.all("SELECT id, public_key FROM sealing_keys ORDER BY made_at DESC, id DESC")
    return [json.loads(row["public_key"]) | {"kid": str(row["id"])} for row in rows]


async def _make(tx: Tx) -> None:
    """Two processes may want the first one at the same moment: whoever is second changes nothing."""
    private = ec.generate_private_key(ec.SECP256R1())
    numbers = private.public_key().public_numbers()
    x, y = (encode64(number.to_bytes(COORDINATE_OCTETS)) for number in (numbers.x, numbers.y))
    public, _ = canonical_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y})
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    await tx.run(
        "INSERT INTO sealing_keys (id, private_key, public_key, made_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        FIRST, pem, public, clock.now(),
    )  # fmt: skip
