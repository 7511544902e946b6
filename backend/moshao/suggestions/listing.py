"""Suggestions as who made them reads them, and as an admin does."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from moshao.evidence.queries import PhotoState, find_photos
from moshao.kit import errors
from moshao.kit.db import Reader, Row
from moshao.people.actor import Actor
from moshao.suggestions.schemas import (
    AppState,
    MySuggestion,
    SuggestionPage,
    SuggestionPhoto,
    SuggestionView,
    Writer,
)

MINE_MOST = 50
PAGE_MOST = 100
_ALL = """
SELECT s.*, p.name, p.role, u.name AS unit, a.name AS answered_by_name FROM suggestions s
JOIN people p ON p.id = s.person_id JOIN units u ON u.id = p.unit_id LEFT JOIN people a ON a.id = s.answered_by
WHERE s.district_id = ?"""
_ANSWERED = {None: "", False: " AND s.answered_at IS NULL", True: " AND s.answered_at IS NOT NULL"}


async def list_mine(reader: Reader, actor: Actor) -> list[MySuggestion]:
    """One's own, the newest first."""
    rows = await reader.all(
        "SELECT * FROM suggestions WHERE person_id = ? ORDER BY id DESC LIMIT ?", actor.person_id, MINE_MOST
    )
    photos = await _photos(reader, rows)
    return [MySuggestion(**_mine(row, photos)) for row in rows]


async def list_received(
    reader: Reader, actor: Actor, *, answered: bool | None = None, one: UUID | None = None, after: UUID | None = None,
    limit: int = PAGE_MOST,
) -> SuggestionPage:  # fmt: skip
    """The district's. Raises `bad_field`."""
    if not 1 <= limit <= PAGE_MOST:
        raise errors.bad_field("limit", errors=(errors.FieldError("limit", "out_of_range", f"1-{PAGE_MOST}"),))
    sql, args = _ALL + _ANSWERED[answered], [actor.district_id]
    for clause, value in ((" AND s.id = ?", one), (" AND s.id < ?", after)):
        if value is not None:
            sql += clause
            args.append(value)
    rows = await reader.all(f"{sql} ORDER BY s.id DESC LIMIT ?", *args, limit + 1)
    shown = rows[:limit]
    photos = await _photos(reader, shown)
    waiting = await reader.value(
        "SELECT count(*) FROM suggestions WHERE district_id = ? AND answered_at IS NULL", actor.district_id
    )
    further = shown[-1]["id"] if len(rows) > limit else None
    return SuggestionPage(suggestions=[_view(row, photos) for row in shown], open=waiting, next=further)


async def find_received(reader: Reader, actor: Actor, suggestion_id: UUID) -> SuggestionView:
    """One of the district's. Raises `not_found`."""
    found = (await list_received(reader, actor, one=suggestion_id)).suggestions
    if not found:
        raise errors.not_found()
    return found[0]


async def may_see(reader: Reader, actor: Actor, suggestion_id: UUID) -> bool:
    """Whether the photos of this suggestion are his to see: who made it, and the district's admins."""
    row = await reader.one("SELECT person_id, district_id FROM suggestions WHERE id = ?", suggestion_id)
    if row is None:
        return False
    return row["person_id"] == actor.person_id or (actor.role == "admin" and row["district_id"] == actor.district_id)


def _view(row: Row, photos: dict[UUID, PhotoState]) -> SuggestionView:
    return SuggestionView(
        **_mine(row, photos),
        by=Writer(id=row["person_id"], name=row["name"], role=row["role"], unit=row["unit"]),
        app=msgspec.json.decode(row["app"], type=AppState) if row["app"] else None,
        answered_by=row["answered_by_name"],
    )


def _mine(row: Row, photos: dict[UUID, PhotoState]) -> dict[str, Any]:
    return {
        "id": row["id"], "kind": row["kind"], "words": row["words"], "made_at": row["made_at"],
        "state": "answered" if row["answered_at"] else "open", "answer": row["answer"],
        "answered_at": row["answered_at"], "seen_at": row["seen_at"],
        "photos": [_photo(photos[photo_id], row) for photo_id in _named(row)],
    }  # fmt: skip


def _photo(photo: PhotoState, row: Row) -> SuggestionPhoto:
    """What somebody else sent under this id, or what was no photo, counts as missing."""
    held = photo.state == "held" and photo.person_id == row["person_id"]
    return SuggestionPhoto(id=photo.id, audio=photo.usage == "voice", missing=not held)


async def _photos(reader: Reader, rows: Sequence[Row]) -> dict[UUID, PhotoState]:
    return await find_photos(reader, [photo_id for row in rows for photo_id in _named(row)])


def _named(row: Row) -> list[UUID]:
    return msgspec.json.decode(row["photos"], type=list[UUID])
