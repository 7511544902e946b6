"""定机: a one-time code binds a phone's key to a person, or to a post whose phone several persons share."""

import hashlib
import re
import secrets
from datetime import timedelta
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from moshao.kit import clock, errors, ids
from moshao.kit.db import Row, Tx
from moshao.people.actor import Actor
from moshao.people.ending import end_device
from moshao.people.keeping import tell
from moshao.people.settings import read_settings

CODE_MINUTES = 10
# Crockford's: no I, L, O, U. Ten of them are 50 bits, typed by a gloved hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})

pairing_refused = errors.refusal("pairing_refused", 401, "工号或配对码不对，或配对码已过期")
code_used = errors.refusal("code_used", 409, "这个配对码已用于另一部手机，请重新领取")


class Paired(msgspec.Struct, frozen=True):
    """`new` is False where the same code and key came again. `post_id`: of the post whose phone it is."""

    device_id: UUID
    new: bool
    post_id: UUID | None


async def pair(tx: Tx, staff_no: str, code: str, key: tuple[str, str], name: str, platform: str) -> Paired:
    """Bind the phone with `key` (canonical JWK, thumbprint). Raises `pairing_refused`, `code_used`."""
    jwk, thumbprint = key
    pairing = await tx.one(
        "SELECT c.*, p.active FROM people p JOIN pairings c ON c.person_id = p.id "
        f"WHERE p.staff_no = ? AND c.code_digest = ?{tx.for_update()}",
        staff_no,
        digest_of_code(code),
    )
    if pairing is None or not pairing["active"]:
        raise pairing_refused()
    if pairing["thumbprint"] is not None:
        if pairing["thumbprint"] != thumbprint:
            raise code_used()
        return Paired(pairing["device_id"], False, pairing["post_id"])
    if pairing["expires_at"] is not None and pairing["expires_at"] <= clock.now():
        raise pairing_refused()
    device_id, new = await _known_device(tx, pairing, thumbprint), False
    if device_id is None:
        await _make_room(tx, pairing)
        device_id, new = (
            await insert_device(
                tx, pairing["person_id"], jwk, thumbprint, name=name, platform=platform, post_id=pairing["post_id"]
            ),
            True,
        )
    await tx.run("UPDATE pairings SET thumbprint = ?, device_id = ? WHERE id = ?", thumbprint, device_id, pairing["id"])
    return Paired(device_id, new, pairing["post_id"])


def new_code() -> str:
    """A code as it is shown: two groups of five."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def digest_of_code(code: str) -> str:
    """Stored in place of a code; forgives case, spaces, hyphens and look-alikes."""
    plain = re.sub(r"[\s-]", "", code).upper().translate(READ_AS)
    return hashlib.sha256(plain.encode(errors="replace")).hexdigest()


def link_of(base_url: str, staff_no: str, code: str, post: str | None = None) -> str:
    """What a QR code says. All of it stands behind the #, so that no server's log has the code. `post`: its name."""
    said = {"staff_no": staff_no, "code": code} | ({"post": post} if post else {})
    return f"{base_url.rstrip('/')}/#/pair?{urlencode(said)}"


async def store_code(
    tx: Tx, person_id: UUID, code: str, *, expires_in: timedelta | None, post_id: UUID | None, by: Actor | None
) -> None:
    """Let `code` pair one phone of this person, or of the post he sets the phone up for."""
    now = clock.now()
    row = {
        "id": ids.new_id(),
        "district_id": await tx.value("SELECT district_id FROM people WHERE id = ?", person_id),
        "person_id": person_id,
        "post_id": post_id,
        "code_digest": digest_of_code(code),
        "expires_at": now + expires_in if expires_in is not None else None,
        "made_by": by.person_id if by else None,
        "made_at": now,
    }
    await tx.insert("pairings", row)


async def insert_device(
    tx: Tx, person_id: UUID, jwk: str, thumbprint: str, *, name: str, platform: str, post_id: UUID | None
) -> UUID:
    """A new bound phone and its journal line."""
    district_id = await tx.value("SELECT district_id FROM people WHERE id = ?", person_id)
    row: Row = {
        "id": ids.new_id(),
        "district_id": district_id,
        "person_id": None if post_id else person_id,
        "post_id": post_id,
        "public_key": jwk,
        "thumbprint": thumbprint,
        "name": name,
        "platform": platform,
        "state": "active",
        "paired_at": clock.now(),
    }
    await tx.insert("devices", row)
    await tell(tx, district_id, "device_paired", None, device_id=row["id"], person_id=person_id, post_id=post_id)
    device_id: UUID = row["id"]
    return device_id


async def _known_device(tx: Tx, pairing: Row, thumbprint: str) -> UUID | None:
    """The same phone with another code, as when the answer to the first was lost and a new code was fetched."""
    owner = "post_id" if pairing["post_id"] else "person_id"
    row = await tx.one(
        f"SELECT id FROM devices WHERE {owner} = ? AND thumbprint = ? AND state = 'active'",
        pairing[owner],
        thumbprint,
    )
    return row["id"] if row else None


async def _make_room(tx: Tx, pairing: Row) -> None:
    """One phone more than a person may have: the oldest of his ends as replaced."""
    if pairing["post_id"]:
        return
    settings = await tx.value("SELECT settings FROM districts WHERE id = ?", pairing["district_id"])
    most = read_settings(settings).devices_per_person
    active = await tx.all(
        "SELECT * FROM devices WHERE person_id = ? AND state = 'active' ORDER BY paired_at DESC, id DESC",
        pairing["person_id"],
    )
    for device in active[most - 1 :]:
        await end_device(tx, device, "replaced", None)
