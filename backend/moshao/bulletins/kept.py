"""A bulletin's row, read."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.bulletins.periods import Span
from moshao.bulletins.schemas import Contents, PeriodKind, Section, Typical
from moshao.kit import errors
from moshao.kit.db import Reader, Row, Tx

bulletin_published = errors.refusal("bulletin_published", 409, "通报已经签发，不能再改；有变化请在下一期更正")
bulletin_changed = errors.refusal("bulletin_changed", 409, "别人刚改过这份通报，请刷新后再改")

COLUMNS = (
    "id, district_id, period, first, last, state, revision, contents, words, typical, year, number, files, counted_at, "
    "made_by, published_at, published_by"
)


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A bulletin as it stands."""

    id: UUID
    district_id: UUID
    period: PeriodKind
    span: Span
    state: str
    revision: int
    contents: Contents
    words: dict[Section, str]
    typical: list[Typical]
    year: int | None
    number: int | None
    files: dict[str, str]
    counted_at: datetime
    made_by: UUID | None
    published_at: datetime | None
    published_by: UUID | None


def read(row: Row) -> Kept:
    """The row, its texts decoded."""
    same: dict[str, Any] = {
        name: row[name]
        for name in (
            "id", "district_id", "period", "state", "revision", "year", "number", "counted_at", "made_by",
            "published_at", "published_by",
        )
    }  # fmt: skip
    return Kept(
        **same,
        span=Span(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])),
        contents=msgspec.json.decode(row["contents"], type=Contents),
        words=msgspec.json.decode(row["words"], type=dict[Section, str]),
        typical=msgspec.json.decode(row["typical"], type=list[Typical]),
        files=msgspec.json.decode(row["files"], type=dict[str, str]),
    )


async def find(reader: Reader, district_id: UUID, bulletin_id: UUID, *, published: bool = False) -> Kept:
    """Raises `not_found`, also for a dropped one; with `published`, for a draft."""
    row = await reader.one(f"SELECT {COLUMNS} FROM bulletins WHERE id = ?", bulletin_id)
    if row is None or row["district_id"] != district_id or row["state"] == "dropped":
        raise errors.not_found()
    if published and row["state"] != "published":
        raise errors.not_found()
    return read(row)


async def find_draft(tx: Tx, district_id: UUID, bulletin_id: UUID, revision: int | None = None) -> Kept:
    """A draft that somebody is about to change, as he saw it. Raises `bulletin_published`, `bulletin_changed`."""
    kept = await find(tx, district_id, bulletin_id)
    if kept.state == "published":
        raise bulletin_published()
    if revision is not None and revision != kept.revision:
        raise bulletin_changed()
    return kept


async def change(tx: Tx, kept: Kept, changes: Row, by: UUID, now: datetime) -> None:
    """The next revision of a draft. Raises `bulletin_changed` for whoever was not first."""
    sets = {**changes, "revision": kept.revision + 1, "changed_at": now, "changed_by": by}
    touched = await tx.run(
        f"UPDATE bulletins SET {', '.join(f'{name} = ?' for name in sets)} "
        "WHERE id = ? AND state = 'draft' AND revision = ?",
        *sets.values(), kept.id, kept.revision,
    )  # fmt: skip
    if not touched:
        raise bulletin_changed()


def written(value: Any) -> str:
    """A value as a JSON column holds it."""
    return msgspec.json.encode(value).decode()
