"""Upstreams are made, changed and given new secrets by the installation's keeper."""

import re
import secrets
from collections.abc import Sequence
from uuid import UUID

import msgspec

from moshao.journal.appending import Line, append
from moshao.kit import clock, errors, ids
from moshao.kit.db import Row, Tx, Unique
from moshao.kit.webhooks import new_secret
from moshao.upstream.kinds import KINDS
from moshao.upstream.settings import UpstreamSettings, check, read_settings, written

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
NOTHING_AGREED = UpstreamSettings()
# The one in use and the one before it.
SECRETS_KEPT = 2

upstream_name_taken = errors.refusal("upstream_name_taken", 409, "这个上级平台名称已被使用")
no_such_upstream = errors.refusal("no_such_upstream", 404, "没有这个上级平台")


async def make_upstream(
    tx: Tx, district_id: UUID, name: str, settings: UpstreamSettings = NOTHING_AGREED, secret: str | None = None
) -> str:
    """Put an upstream on record; its secret. Its feedback begins with what happens from now on.

    `name`: small letters, digits, - and _, unique in the installation. Raises `bad_field`, `upstream_name_taken`.
    """
    if not NAME.fullmatch(name):
        raise errors.bad_field("name", errors=(errors.FieldError("name", "invalid", "小写字母、数字、- 或 _"),))
    check(settings)
    secret = secret or new_secret()
    told = await tx.value("SELECT seq FROM journal_heads WHERE district_id = ?", district_id)
    upstream_id = ids.new_id()
    row = {
        "id": upstream_id, "district_id": district_id, "name": name, "secrets": _listed([secret]),
        "settings": written(settings), "active": True, "told_seq": told or 0,
        "link_key": secrets.token_hex(32), "made_at": clock.now(),
    }  # fmt: skip
    try:
        async with tx.savepoint():
            await tx.insert("upstreams", row)
    except Unique as taken:
        raise upstream_name_taken() from taken
    await _tell(tx, district_id, "upstream_made", upstream_id)
    return secret


async def change_settings(tx: Tx, name: str, settings: UpstreamSettings) -> None:
    """Who is told for the first time is told from now on. Raises `no_such_upstream`, `bad_field`."""
    check(settings)
    row = await _named(tx, name)
    await tx.run("UPDATE upstreams SET settings = ? WHERE id = ?", written(settings), row["id"])
    if settings.feedback_url and not read_settings(row["settings"]).feedback_url:
        head = await tx.value("SELECT seq FROM journal_heads WHERE district_id = ?", row["district_id"])
        await tx.run("UPDATE upstreams SET told_seq = ? WHERE id = ?", head, row["id"])
    await _tell(tx, row["district_id"], "upstream_changed", row["id"])


async def rotate_secret(tx: Tx, name: str) -> str:
    """A new secret; the one before stays good until the next rotation. Raises `no_such_upstream`."""
    row = await _named(tx, name)
    made = new_secret()
    both = [made, *msgspec.json.decode(row["secrets"], type=list[str])][:SECRETS_KEPT]
    await tx.run("UPDATE upstreams SET secrets = ? WHERE id = ?", _listed(both), row["id"])
    await _tell(tx, row["district_id"], "upstream_secret_rotated", row["id"])
    return made


async def drop_old_secrets(tx: Tx, name: str) -> None:
    """Only the newest secret stays good. Raises `no_such_upstream`."""
    row = await _named(tx, name)
    newest = msgspec.json.decode(row["secrets"], type=list[str])[:1]
    await tx.run("UPDATE upstreams SET secrets = ? WHERE id = ?", _listed(newest), row["id"])
    await _tell(tx, row["district_id"], "upstream_secrets_dropped", row["id"])


async def switch(tx: Tx, name: str, *, active: bool) -> None:
    """An upstream that is switched off is answered like a stranger, and told nothing. Raises `no_such_upstream`."""
    row = await _named(tx, name)
    await tx.run("UPDATE upstreams SET active = ? WHERE id = ?", active, row["id"])
    await _tell(tx, row["district_id"], "upstream_switched", row["id"])


async def _named(tx: Tx, name: str) -> Row:
    row = await tx.one(
        "SELECT id, district_id, secrets, settings FROM upstreams WHERE name = ?" + tx.for_update(), name
    )
    if row is None:
        raise no_such_upstream(name)
    return row


def _listed(texts: Sequence[str]) -> str:
    return msgspec.json.encode(texts).decode()


async def _tell(tx: Tx, district_id: UUID, kind: str, upstream_id: UUID) -> None:
    await append(tx, district_id, [Line(kind=KINDS.known(kind), facts={"upstream_id": str(upstream_id)})])
