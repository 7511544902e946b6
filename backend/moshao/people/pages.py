"""What every list of the roster has in common: how far somebody reads, pages in the order of ids, rows as views."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar
from uuid import UUID

import msgspec

from moshao.kit import errors
from moshao.kit.db import Row
from moshao.kit.kept import Asked
from moshao.people.actor import Actor
from moshao.people.keeping import DISTRICT_WIDE
from moshao.people.schemas import Named

PAGE_MOST = 500
LEADERS = frozenset({"crew_leader", "unit_operator"})

View = TypeVar("View", bound=msgspec.Struct)
Item = TypeVar("Item", covariant=True)
# SQL that narrows a list, with its arguments.
Where = tuple[str, list[Any]]


class Page(Protocol[Item]):
    """What every list here is."""

    @property
    def items(self) -> Sequence[Item]: ...


def only(page: Page[Item]) -> Item:
    """The row of a list narrowed to one; raises `not_found` where this person's list does not have it."""
    if not page.items:
        raise errors.not_found()
    return page.items[0]


async def page(
    asked: Asked, select: str, key: str, where: list[Where], one: UUID | None, after: UUID | None, limit: int
) -> tuple[list[Row], UUID | None]:
    """A page in the order of ids, and the id to go on after."""
    if not 1 <= limit <= PAGE_MOST:
        raise errors.bad_field("limit", errors=(errors.FieldError("limit", "out_of_range", f"1-{PAGE_MOST}"),))
    narrowed = [*where, equals(key, one)]
    if after is not None:
        narrowed.append((f"{key} > ?", [after]))
    clauses = " AND ".join(clause for clause, _ in narrowed)
    args = [arg for _, given in narrowed for arg in given]
    rows = await asked.all(f"{select} WHERE {clauses} ORDER BY {key} LIMIT {limit + 1}", *args)
    return rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None


def reach(actor: Actor) -> Where:
    if actor.role in DISTRICT_WIDE:
        return district(actor, "u")
    if actor.role in LEADERS:
        below = "/".join(map(str, actor.unit_path)) + "/%"
        return "(u.id = ? OR u.path LIKE ?)", [actor.unit_id, below]
    return "u.id = ?", [actor.unit_id]


def reach_or_own(actor: Actor) -> Where:
    if actor.role in DISTRICT_WIDE | LEADERS:
        return reach(actor)
    return "x.person_id = ?", [actor.person_id]


def district(actor: Actor, table: str) -> Where:
    return f"{table}.district_id = ?", [actor.district_id]


def equals(column: str, value: Any) -> Where:
    return (f"{column} = ?", [value]) if value is not None else ("1 = 1", [])


def view(row: Row, kind: type[View], **members: Any) -> View:
    given: Mapping[str, Any] = {name: row.get(name) for name in kind.__struct_fields__} | members
    return msgspec.convert(given, kind, from_attributes=True)


def named(row: Row, what: str) -> Named | None:
    found = row[f"{what}_id"]
    return Named(id=found, name=row[f"{what}_name"]) if found is not None else None
