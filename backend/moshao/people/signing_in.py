"""Signing in: by password, by PIN on a post's phone, or by a proof that a bound phone makes with its key."""

import logging
from datetime import timedelta
from uuid import UUID

import msgspec

from moshao.kit import clock, errors, ids
from moshao.kit.db import Database, Row, Tx, Unique
from moshao.kit.kept import Asked
from moshao.people.asking import check_device, device_ended
from moshao.people.passwords import matches
from moshao.people.sessions import Opened, end_session, open_session, replace_session
from moshao.people.signing import verified_compact
from moshao.people.tries import check_tries, record_failure, trying

log = logging.getLogger(__name__)

PROOF_MINUTES = 5
JTI_MOST = 80

sign_in_failed = errors.refusal("sign_in_failed", 401, "工号或密码不对")
password_needed = errors.refusal("password_needed", 401, "请输入密码登录")
proof_stale = errors.refusal("proof_stale", 401, "手机时间与服务器相差太多，请稍候自动重试")
proof_used = errors.refusal("proof_used", 401, "这次自动登录已用过，请重试")


class Attempt(msgspec.Struct, frozen=True):
    """Where a try comes from: `address` for the limits, `old_token` the cookie it came with, our `origins`."""

    address: str
    old_token: str
    origins: frozenset[str] = frozenset()


class SignedIn(msgspec.Struct, frozen=True):
    person_id: UUID
    opened: Opened


async def sign_in_by_password(
    db: Database, staff_no: str, password: str, device_id: UUID | None, attempt: Attempt
) -> SignedIn:
    """Raises `sign_in_failed`, `too_many_tries`, `device_lost`, `device_ended` (this phone is not his)."""
    async with trying(db, staff_no, attempt.address):
        person = await _person(db, staff_no)
        if not await matches(person["password_hash"] if person else None, password) or person is None:
            raise await _failed(db, staff_no, attempt)

        async def work(tx: Tx) -> SignedIn:
            await check_tries(tx, staff_no, attempt.address)
            device = await _his_device(tx, device_id, person["id"]) if device_id else None
            return await _open(tx, person["id"], device, attempt)

        return await db.write(work)


async def sign_in_by_pin(db: Database, staff_no: str, pin: str, device_id: UUID, attempt: Attempt) -> SignedIn:
    """On a post's phone, for who serves there. Raises as `sign_in_by_password`."""
    async with trying(db, staff_no, attempt.address):
        person = await _person(db, staff_no)
        device = await db.one("SELECT post_id FROM devices WHERE id = ? AND person_id IS NULL", device_id)
        serves = person is not None and device is not None and await _serves(db, device["post_id"], person["id"])
        if not await matches(person["pin_hash"] if person and serves else None, pin) or person is None:
            raise await _failed(db, staff_no, attempt)

        async def work(tx: Tx) -> SignedIn:
            await check_tries(tx, staff_no, attempt.address)
            return await _open(tx, person["id"], await _his_device(tx, device_id, person["id"]), attempt)

        return await db.write(work)


async def sign_in_by_proof(
    db: Database, device_id: UUID, proof: str, attempt: Attempt, *, deliver: bool = False
) -> SignedIn:
    """Raises `sign_in_failed`, `proof_stale`, `proof_used`, `password_needed`, `device_lost`, `device_ended`.

    A person's own phone renews what he opened there. A post's phone renews what the person who is signed in opened by
    PIN, and may deliver for whoever was signed in on it before. `deliver`: a session beside the one whose cookie the
    browser has, for sending alone.
    """
    account = str(device_id)
    await check_tries(db, account, attempt.address)
    device = await db.one("SELECT public_key FROM devices WHERE id = ?", device_id)
    claims = verified_compact(device["public_key"], proof, device_id) if device else None
    said = _claims(claims, attempt.origins) if claims else None
    if said is None:
        raise await _failed(db, account, attempt)
    if abs(clock.now().timestamp() - said.iat) > timedelta(minutes=PROOF_MINUTES).total_seconds():
        raise proof_stale()

    async def work(tx: Tx) -> SignedIn:
        await _use_up(tx, device_id, said)
        held = await _hold_device(tx, device_id)
        if held["person_id"] is None:
            return await _open_on_shared(tx, said.sub, held, attempt, deliver)
        if held["person_id"] != said.sub or not await _is_active(tx, said.sub):
            raise sign_in_failed()
        if not held["renewable"]:
            raise password_needed()
        return await (_deliver(tx, said.sub, held) if deliver else _renew(tx, said.sub, held, attempt))

    return await db.write(work)


class _Said(msgspec.Struct, frozen=True):
    sub: UUID
    iat: float
    jti: str


def _claims(claims: dict[str, object], origins: frozenset[str]) -> _Said | None:
    """What a proof says, if it was made for us."""
    audience, iat, jti = claims.get("aud"), claims.get("iat"), claims.get("jti")
    sub = ids.parse_id(str(claims.get("sub")))
    if not isinstance(audience, str) or audience.rstrip("/").lower() not in origins or sub is None:
        return None
    if not isinstance(iat, int | float) or isinstance(iat, bool):
        return None
    if not isinstance(jti, str) or not 0 < len(jti) <= JTI_MOST:
        return None
    return _Said(sub, float(iat), jti)


async def _use_up(tx: Tx, device_id: UUID, said: _Said) -> None:
    until = clock.now() + timedelta(minutes=2 * PROOF_MINUTES)
    row = {"id": ids.new_id(), "device_id": device_id, "jti": said.jti, "until": until}
    try:
        async with tx.savepoint():
            await tx.insert("used_proofs", row)
    except Unique as again:
        raise proof_used() from again


async def _open_on_shared(tx: Tx, person_id: UUID, device: Row, attempt: Attempt, deliver: bool) -> SignedIn:
    if not await _is_active(tx, person_id):
        raise sign_in_failed()
    before = await tx.all(
        "SELECT * FROM sessions WHERE device_id = ? AND person_id = ? AND deliver_only = ? ORDER BY created_at DESC",
        device["id"],
        person_id,
        False,
    )
    if not before:
        raise sign_in_failed()
    now = clock.now()
    running = next((row for row in before if row["ended_at"] is None and row["expires_at"] > now), None)
    if deliver or running is None or device["signed_in_id"] != person_id:
        # Where it becomes the cookie, whoever is signed in here takes his own up again by his own proof.
        return await _deliver(tx, person_id, device)
    await tx.run("UPDATE sessions SET ended_at = ? WHERE id = ?", now, running["id"])
    return await _open(tx, person_id, device, attempt, running)


async def _renew(tx: Tx, person_id: UUID, device: Row, attempt: Attempt) -> SignedIn:
    """By the key alone, on his own phone."""
    if attempt.old_token:
        await replace_session(tx, attempt.old_token, person_id, device["id"])
    return await _open(tx, person_id, device, msgspec.structs.replace(attempt, old_token=""))


async def _open(tx: Tx, person_id: UUID, device: Row | None, attempt: Attempt, renewed: Row | None = None) -> SignedIn:
    """A new token at every sign-in; the one the browser came with is worth nothing from now on."""
    if attempt.old_token:
        await end_session(tx, attempt.old_token)
    opened = await open_session(
        tx,
        person_id,
        device_id=device["id"] if device else None,
        deliver_only=False,
        until=renewed["expires_at"] if renewed else None,
    )
    if device is not None:
        await _take_over(tx, person_id, device, opened)
    return SignedIn(person_id, opened)


async def _deliver(tx: Tx, person_id: UUID, device: Row) -> SignedIn:
    return SignedIn(person_id, await open_session(tx, person_id, device_id=device["id"], deliver_only=True))


async def _take_over(tx: Tx, person_id: UUID, device: Row, opened: Opened) -> None:
    """The phone is his: its key renews his session, and of whoever had a post's phone before none reads any more."""
    now, shared = clock.now(), device["person_id"] is None
    await tx.run(
        "UPDATE devices SET renewable = ?, signed_in_id = ?, seen_at = ? WHERE id = ?",
        True, person_id if shared else None, now, device["id"],
    )  # fmt: skip
    if shared:
        await tx.run(
            "UPDATE sessions SET ended_at = ? WHERE device_id = ? AND id <> ? AND deliver_only = ? "
            "AND ended_at IS NULL",
            now, device["id"], opened.session_id, False,
        )  # fmt: skip


async def _his_device(tx: Tx, device_id: UUID, person_id: UUID) -> Row:
    """The phone he signs in on: his own, or that of a post where he serves."""
    device = await _hold_device(tx, device_id)
    his = device["person_id"] == person_id
    if not his and (device["person_id"] is not None or not await _serves(tx, device["post_id"], person_id)):
        raise device_ended()
    return device


async def _hold_device(tx: Tx, device_id: UUID) -> Row:
    device = await tx.one(f"SELECT * FROM devices WHERE id = ?{tx.for_update()}", device_id)
    if device is None:
        raise device_ended()
    check_device(device["state"], device["ended_at"])
    return device


async def _serves(asked: Asked, post_id: UUID, person_id: UUID) -> bool:
    """Whether he has a duty at this post, or stands in just now for somebody who has."""
    now = clock.now()
    row = await asked.one(
        "SELECT y.id FROM duties y WHERE y.post_id = ? AND (y.person_id = ? OR y.person_id IN "
        "(SELECT a.person_id FROM absences a WHERE a.stand_in_id = ? AND a.from_at <= ? AND a.until_at > ?)) LIMIT 1",
        post_id,
        person_id,
        person_id,
        now,
        now,
    )
    return row is not None


async def _person(db: Database, staff_no: str) -> Row | None:
    return await db.one("SELECT id, password_hash, pin_hash FROM people WHERE staff_no = ? AND active", staff_no)


async def _is_active(tx: Tx, person_id: UUID) -> bool:
    return await tx.one("SELECT id FROM people WHERE id = ? AND active", person_id) is not None


async def _failed(db: Database, account: str, attempt: Attempt) -> errors.Refused:
    log.info("sign_in_failed", extra={"address": attempt.address})
    await db.write(lambda tx: record_failure(tx, account, attempt.address))
    return sign_in_failed()
