"""Who asks: the session's cookie becomes an Actor, read from the database at every request.

Routes are closed unless their `opt` says otherwise: `open` needs no session; `deliver` (acts, uploads) is all that
a deliver-only session and a replaced phone may use; `any_device` (signing out, passwords) is what a field role may
write without a bound phone. A deliver-only session may also come as a bearer's token, beside somebody else's cookie.
"""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.types import ASGIApp, Receive, Scope, Send

from moshao.kit import clock, errors, ids
from moshao.kit.config import Settings
from moshao.kit.db import Database, Row
from moshao.kit.limits import Limits, taken_or_refused
from moshao.people.actor import FIELD_ROLES, Actor
from moshao.people.origins import Connection, comes_from_us, cookie_name
from moshao.people.quarantining import quarantine
from moshao.people.settings import read_settings

READS = frozenset({"GET", "HEAD", "OPTIONS"})
DELIVERY_DAYS = 14
RENEW_AFTER = timedelta(minutes=10)
# Litestar makes one middleware per route: the buckets are shared by all of them.
PER_PERSON = Limits(per_second=100, burst=1000)

session_over = errors.refusal("session_over", 401, "登录已失效，请重新登录")
device_lost = errors.refusal("device_lost", 401, "这部手机已挂失，不能再使用")
device_ended = errors.refusal("device_ended", 401, "这部手机已停用，请重新绑定")
foreign_origin = errors.refusal("foreign_origin", 403, "请求不是从本系统的页面发出的")
deliver_only = errors.refusal("deliver_only", 403, "此登录只能补传记录，不能查看或做其他操作")
device_replaced = errors.refusal("device_replaced", 403, "这部手机已被换下，只能补传之前的记录")
device_needed = errors.refusal("device_needed", 403, "请先绑定手机，再做这项操作")

_CREWS = {"sqlite": "group_concat(m.crew_id, ' ')", "postgres": "string_agg(m.crew_id::text, ' ')"}
_BY_TOKEN = {
    dialect: f"""
SELECT s.id AS session_id, s.deliver_only, s.expires_at, s.ended_at, s.device_id,
       p.id AS person_id, p.district_id, p.unit_id, p.name, p.staff_no, p.role, p.roster, p.active,
       u.path, u.name AS unit_name, d.settings, v.public_key, v.state AS device_state, v.ended_at AS device_ended_at,
       (SELECT {crews} FROM crew_members m WHERE m.person_id = p.id) AS crews
FROM sessions s
JOIN people p ON p.id = s.person_id
JOIN units u ON u.id = p.unit_id
JOIN districts d ON d.id = p.district_id
LEFT JOIN devices v ON v.id = s.device_id
WHERE s.token_digest = ?"""
    for dialect, crews in _CREWS.items()
}


class SessionMiddleware:
    """Sets `request.user`. Needs `db` and `settings` in the app's state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection: Connection = ASGIConnection(scope)
        opt = scope["route_handler"].opt
        state = scope["litestar_app"].state
        writes = scope["method"] not in READS  # type: ignore[typeddict-item]
        if writes and not comes_from_us(connection, state.settings):
            raise foreign_origin()
        if not opt.get("open"):
            session = await _session(connection, state.db, state.settings)
            if session["device_state"] == "lost" and opt.get("deliver"):
                await quarantine(Request(scope, receive), state.db, session)
            actor = await _admitted(state.db, session)
            _may_use(actor, opt, writes)
            taken_or_refused(PER_PERSON, str(actor.person_id))
            scope["user"] = actor
        await self.app(scope, receive, send)


def check_device(state: str | None, ended_at: datetime | None) -> None:
    """Refuse a phone that was lost, returned, or replaced more than 14 days ago; no phone at all passes. `device_ended`
    says in its detail which."""
    if state == "lost":
        raise device_lost()
    if state == "returned":
        raise device_ended(detail=state)
    if state == "replaced" and ended_at and clock.now() > delivers_until(ended_at):
        raise device_ended(detail=state)


def delivers_until(ended_at: datetime) -> datetime:
    """How long a phone that was replaced may still send what was done before."""
    return ended_at + timedelta(days=DELIVERY_DAYS)


async def _session(connection: Connection, db: Database, settings: Settings) -> Row:
    """The session of this token or cookie with its person, unit, district and phone. Raises `session_over`."""
    bearer = _bearer(connection)
    token = connection.cookies.get(cookie_name(connection, settings), "") if bearer is None else bearer
    row = await db.one(_BY_TOKEN[db.dialect], ids.digest_of_secret(token)) if token else None
    if row is None or (bearer is not None and not row["deliver_only"]):
        raise session_over()
    return row


def _bearer(connection: Connection) -> str | None:
    """The token of a delivery (RFC 6750); it counts in place of any cookie."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def _admitted(db: Database, session: Row) -> Actor:
    """The session's person. Raises 401 `device_lost`, `device_ended` or `session_over`."""
    check_device(session["device_state"], session["device_ended_at"])
    now = clock.now()
    if session["ended_at"] is not None or session["expires_at"] <= now or not session["active"]:
        raise session_over()
    actor = _actor(session)
    if session["device_id"] is None:
        await _keep_awake(db, actor, session, now)
    return actor


def _actor(row: Row) -> Actor:
    return Actor(
        session_id=row["session_id"],
        person_id=row["person_id"],
        district_id=row["district_id"],
        unit_id=row["unit_id"],
        unit_path=_ids_in(row["path"]),
        unit_name=row["unit_name"],
        name=row["name"],
        staff_no=row["staff_no"],
        role=row["role"],
        roster=row["roster"],
        settings=read_settings(row["settings"]),
        crew_ids=tuple(UUID(part) for part in (row["crews"] or "").split()),
        device_id=row["device_id"],
        device_key=row["public_key"],
        device_state=row["device_state"],
        device_ended_at=row["device_ended_at"],
        deliver_only=row["deliver_only"],
    )


@lru_cache(maxsize=4096)
def _ids_in(path: str) -> tuple[UUID, ...]:
    return tuple(UUID(part) for part in path.split("/"))


async def _keep_awake(db: Database, actor: Actor, row: Row, now: datetime) -> None:
    """A desk's session ends when nobody used it for a while, so using it moves the end, now and then."""
    until = now + timedelta(minutes=actor.settings.desk_idle_minutes)
    if until - row["expires_at"] < RENEW_AFTER or db.failed():
        return
    await db.write(lambda tx: tx.run("UPDATE sessions SET expires_at = ? WHERE id = ?", until, actor.session_id))


def _may_use(actor: Actor, opt: dict[str, Any], writes: bool) -> None:
    if not opt.get("deliver"):
        if actor.deliver_only:
            raise deliver_only()
        if actor.device_state == "replaced" and actor.device_ended_at is not None:
            raise device_replaced(detail=delivers_until(actor.device_ended_at).isoformat())
    if writes and actor.role in FIELD_ROLES and actor.device_id is None and not opt.get("any_device"):
        raise device_needed()
