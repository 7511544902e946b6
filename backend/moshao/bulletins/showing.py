"""Bulletins as they go over the wire."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from moshao.bulletins import wording
from moshao.bulletins.composing import compose
from moshao.bulletins.kept import COLUMNS, Kept, find, read
from moshao.bulletins.publishing import can_publish
from moshao.bulletins.schemas import BulletinLine, BulletinList, BulletinView, Document, PeriodKind
from moshao.kit.db import Reader, marks
from moshao.people.actor import Actor

LISTED_MOST = 200


def reads_drafts(actor: Actor) -> bool:
    """A leader reads what was published."""
    return actor.role == "supervisor"


async def list_bulletins(reader: Reader, actor: Actor, kind: PeriodKind | None) -> BulletinList:
    """The latest first."""
    states = ("draft", "published") if reads_drafts(actor) else ("published",)
    of_kind, args = (" AND period = ?", [kind]) if kind else ("", [])
    rows = await reader.all(
        f"SELECT {COLUMNS} FROM bulletins WHERE district_id = ? AND state IN ({marks(len(states))}){of_kind} "
        "ORDER BY last DESC, first, period LIMIT ?",
        actor.district_id, *states, *args, LISTED_MOST,
    )  # fmt: skip
    found = [read(row) for row in rows]
    names = await _names(reader, found)
    return BulletinList(items=[BulletinLine(**_line(kept, names)) for kept in found])


async def show(reader: Reader, actor: Actor, bulletin_id: UUID) -> BulletinView:
    """Raises `not_found`."""
    kept = await find(reader, actor.district_id, bulletin_id, published=not reads_drafts(actor))
    line = _line(kept, await _names(reader, [kept]))
    return BulletinView(**line, document=document_of(kept), contents=kept.contents, files=kept.files)


def document_of(kept: Kept) -> Document:
    """What every format shows."""
    return compose(kept.period, kept.contents, kept.words, kept.typical, number_of(kept), kept.published_at)


def number_of(kept: Kept) -> str:
    if kept.number is None:
        return wording.NO_NUMBER
    return wording.NUMBER.format(year=kept.year, number=kept.number)


def _line(kept: Kept, names: dict[UUID | None, str]) -> dict[str, Any]:
    return {
        "id": kept.id, "period": kept.period, "from_": kept.span.first, "to": kept.span.last, "state": kept.state,
        "title": wording.TITLES[kept.period].format(district=kept.contents.district), "number": number_of(kept),
        "revision": kept.revision, "counted_at": kept.counted_at, "can_publish": can_publish(kept),
        "made_by": names.get(kept.made_by), "published_at": kept.published_at,
        "published_by": names.get(kept.published_by),
    }  # fmt: skip


async def _names(reader: Reader, found: Iterable[Kept]) -> dict[UUID | None, str]:
    ids = {one for kept in found for one in (kept.made_by, kept.published_by) if one is not None}
    if not ids:
        return {}
    rows = await reader.all(f"SELECT id, name FROM people WHERE id IN ({marks(len(ids))})", *ids)
    return {row["id"]: row["name"] for row in rows}
