"""Sessions: opened at sign-in, ended at sign-out. The database keeps the digest of the token alone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from moshao.kit import clock, ids
from moshao.kit.db import Database, Reader, Tx, marks
from moshao.people.settings import read_settings

SHARED_PHONE_HOURS = 16
DELIVERY_HOURS = 1
# As long as a request may be under way.
REPLACED_LASTS = timedelta(minutes=1)
# A shared phone delivers for whoever once had a session on it, and a lost one must still be told so.
SESSIONS_KEPT = timedelta(days=400)
TRIES_KEPT = timedelta(days=1)


class Opened(msgspec.Struct, frozen=True):
    """`token` is the cookie's value; nobody else has it."""

    session_id: UUID
    device_id: UUID | None
    deliver_only: bool
    token: str
    expires_at: datetime
    lasts_s: int


async def open_session(
    tx: Tx, person_id: UUID, *, device_id: UUID | None, deliver_only: bool, until: datetime | None = None
) -> Opened:
    """A session of `person_id`: a bound phone's lasts for days, a desk's while it is used, a shift on a shared phone.

    `until` bounds the renewal of a shared phone's session: only its PIN makes it longer.
    """
    person = await tx.one(
        "SELECT p.district_id, d.settings FROM people p JOIN districts d ON d.id = p.district_id WHERE p.id = ?",
        person_id,
    )
    if person is None:
        raise LookupError(f"no person {person_id}")
    now, token = clock.now(), ids.new_secret()
    lasts = await _lasts(tx, person["settings"], device_id, deliver_only)
    expires_at = min(now + lasts, until or datetime.max.replace(tzinfo=now.tzinfo))
    row = {
        "id": ids.new_id(),
        "district_id": person["district_id"],
        "person_id": person_id,
        "device_id": device_id,
        "token_digest": ids.digest_of_secret(token),
        "deliver_only": deliver_only,
        "created_at": now,
        "expires_at": expires_at,
    }
    await tx.insert("sessions", row)
    return Opened(row["id"], device_id, deliver_only, token, expires_at, int((expires_at - now).total_seconds()))


async def end_session(tx: Tx, token: str) -> None:
    """End the session with this cookie, if it is one."""
    await tx.run(
        "UPDATE sessions SET ended_at = ? WHERE token_digest = ? AND ended_at IS NULL",
        clock.now(),
        ids.digest_of_secret(token),
    )


async def replace_session(tx: Tx, token: str, person_id: UUID, device_id: UUID) -> None:
    """End the session with this cookie; one of this person on this phone a little later.

    Page, worker and tabs find at the same moment that a session is over, and each takes another by the phone's key. The
    cookie of whoever was first must not be worth nothing while his requests are under way: he would be told to sign in.
    """
    soon = clock.now() + REPLACED_LASTS
    sql = (
        "UPDATE sessions SET expires_at = ? WHERE token_digest = ? AND person_id = ? AND device_id = ? "
        "AND ended_at IS NULL AND NOT deliver_only AND expires_at > ?"
    )
    if not await tx.run(sql, soon, ids.digest_of_secret(token), person_id, device_id, soon):
        await end_session(tx, token)


async def sign_out(tx: Tx, session_id: UUID, device_id: UUID | None, deliver_only: bool) -> None:
    """End this session, and let the phone's key renew nothing until somebody signed in there again."""
    await tx.run("UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL", clock.now(), session_id)
    if device_id is not None and not deliver_only:
        # With those that were replaced a moment ago.
        await tx.run(
            "UPDATE sessions SET ended_at = ? WHERE device_id = ? AND ended_at IS NULL AND NOT deliver_only",
            clock.now(),
            device_id,
        )
        await tx.run("UPDATE devices SET renewable = ?, signed_in_id = NULL WHERE id = ?", False, device_id)


async def end_sessions_of(tx: Tx, person_id: UUID, *, but: UUID | None = None) -> None:
    """Revoke: end all sessions of a person (but one), and let none of his phones renew without the password."""
    now = clock.now()
    await tx.run(
        "UPDATE sessions SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL AND id <> ?",
        now,
        person_id,
        but or person_id,
    )
    await tx.run(
        "UPDATE devices SET renewable = ? WHERE person_id = ? "
        "AND id NOT IN (SELECT device_id FROM sessions WHERE id = ? AND device_id IS NOT NULL)",
        False,
        person_id,
        but or person_id,
    )


async def alive_among(reader: Reader | Database, session_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these sessions still stand, for streams that outlive their request's check."""
    if not session_ids:
        return set()
    rows = await reader.all(
        "SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN devices v ON v.id = s.device_id "
        f"WHERE s.id IN ({marks(len(session_ids))}) AND s.ended_at IS NULL AND s.expires_at > ? AND p.active "
        "AND (v.id IS NULL OR v.state = 'active')",
        *session_ids,
        clock.now(),
    )
    return {row["id"] for row in rows}


async def ringable_among(reader: Reader | Database, session_ids: Collection[UUID]) -> set[UUID]:
    """Which of these sessions may be rung: signed in, or of a bound phone that renews what ran out by itself."""
    if not session_ids:
        return set()
    now = clock.now()
    rows = await reader.all(
        "SELECT s.id FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN devices v ON v.id = s.device_id "
        f"WHERE s.id IN ({marks(len(session_ids))}) AND s.ended_at IS NULL AND p.active AND (s.expires_at > ? "
        "OR (v.renewable AND v.person_id IS NOT NULL)) AND (v.id IS NULL OR v.state = 'active')",
        *session_ids,
        now,
    )
    return {row["id"] for row in rows}


async def forget_old(tx: Tx) -> None:
    """Drop what says nothing any more: sessions long over, proofs and tries past their time."""
    now = clock.now()
    await tx.run("DELETE FROM sessions WHERE expires_at < ?", now - SESSIONS_KEPT)
    await tx.run("DELETE FROM used_proofs WHERE until < ?", now)
    await tx.run("DELETE FROM failed_tries WHERE at < ?", now - TRIES_KEPT)


async def _lasts(tx: Tx, settings: str, device_id: UUID | None, deliver_only: bool) -> timedelta:
    chosen = read_settings(settings)
    if deliver_only:
        return timedelta(hours=DELIVERY_HOURS)
    if device_id is None:
        return timedelta(minutes=chosen.desk_idle_minutes)
    if await tx.one("SELECT id FROM devices WHERE id = ? AND person_id IS NULL", device_id):
        return timedelta(hours=SHARED_PHONE_HOURS)
    return timedelta(days=chosen.session_days)
