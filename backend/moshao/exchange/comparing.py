"""Two books of the same cases, ours and theirs, beside each other. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.exchange.moments import moment_of
from moshao.exchange.rows import is_ended, words_of
from moshao.kit.sheets import SheetCell

DifferenceKind = Literal["missing_here", "missing_there", "other_state", "other_deadline", "other_on_time"]
Standing = Literal["open", "handled", "closed", "cancelled"]

# A sheet shows minutes; what differs by less is the same.
DEADLINE_TOLERANCE = timedelta(minutes=1)
CANCELLED = re.compile(r"作废|销案|撤销|注销|cancelled")
HANDLED = re.compile(r"已处[置理]|待结案|待核查|待复核|核查中|已反馈|handled|reported_up")
YES = frozenset({"是", "按期", "按时", "1", "true", "y", "yes"})
NO = frozenset({"否", "超期", "超时", "0", "false", "n", "no"})
# Of our states, what may stand beside each of theirs.
FITTING: Mapping[Standing, frozenset[str]] = {
    "closed": frozenset({"closed"}),
    "cancelled": frozenset({"cancelled", "rejected"}),
    "handled": frozenset({"handled", "feedback", "checking", "reported_up"}),
    "open": frozenset(
        {
            "reported", "verifying", "received", "dispatched", "assigned", "in_progress", "handled", "feedback",
            "checking", "returning", "shelved",
        }
    ),
}  # fmt: skip


class Theirs(msgspec.Struct, frozen=True, kw_only=True):
    """A case in their book; None: it does not say. A deadline may be a day. `said`: the line as it came, as an event
    would say it."""

    external_case_id: str
    standing: Standing | None = None
    deadline: datetime | date | None = None
    on_time: bool | None = None
    dispatched_at: datetime | None = None
    said: dict[str, Any] = {}


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """A case as it stands here. `in_period`: it began in the period that their book is of."""

    case_id: UUID
    external_case_id: str
    state: str
    deadline: datetime | None
    on_time: bool | None
    in_period: bool


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """`ours`, `theirs`: the value that each book has."""

    kind: DifferenceKind
    external_case_id: str
    case_id: UUID | None
    ours: str | None
    theirs: str | None
    said: dict[str, Any]


def compare(theirs: Iterable[Theirs], ours: Iterable[Ours], zone: ZoneInfo) -> list[Difference]:
    """Every difference, their book's order first."""
    here = {one.external_case_id: one for one in ours}
    there = {one.external_case_id: one for one in theirs}
    found: list[Difference] = []
    for key, one in there.items():
        mine = here.get(key)
        if mine is None:
            found.append(_difference("missing_here", one, None, None, one.standing))
            continue
        if one.standing is not None and mine.state not in FITTING[one.standing]:
            found.append(_difference("other_state", one, mine, mine.state, one.standing))
        if one.deadline is not None and not _same_deadline(mine.deadline, one.deadline, zone):
            at = mine.deadline.isoformat() if mine.deadline else None
            found.append(_difference("other_deadline", one, mine, at, one.deadline.isoformat()))
        if one.on_time is not None and mine.on_time is not None and one.on_time != mine.on_time:
            found.append(_difference("other_on_time", one, mine, _said(mine.on_time), _said(one.on_time)))
    for key, mine in here.items():
        if key not in there and mine.in_period:
            missing = Theirs(external_case_id=key)
            found.append(_difference("missing_there", missing, mine, mine.state, None))
    return found


def standing_of(cell: SheetCell) -> Standing | None:
    """What their words for a state mean; None: nothing is said."""
    words = words_of(cell)
    if not words:
        return None
    if words == "closed" or is_ended(words):
        return "cancelled" if CANCELLED.search(words) else "closed"
    if words == "cancelled":
        return "cancelled"
    return "handled" if HANDLED.search(words) else "open"


def on_time_of(on_time: SheetCell | None, overdue: SheetCell | None) -> bool | None:
    """From a column that says so, or one that says the opposite."""
    said = words_of(on_time or "").lower()
    if said:
        return True if said in YES else False if said in NO else None
    late = words_of(overdue or "").lower()
    if late in ("超期", "超时"):
        return False
    if late in ("按期", "按时", "未超期"):
        return True
    return False if late in YES else True if late in NO else None


def theirs_of(said: Mapping[str, Any], zone: ZoneInfo) -> Theirs | None:
    """A case as their query answers it; None: it names none."""
    key = said.get("external_case_id")
    if not isinstance(key, str | int) or isinstance(key, bool) or not str(key).strip():
        return None
    deadline, at = (moment_of(str(said.get(name) or ""), zone) for name in ("deadline", "dispatched_at"))
    on_time = said.get("on_time")
    return Theirs(
        external_case_id=str(key).strip(),
        standing=standing_of(str(said.get("state") or "")),
        deadline=deadline,
        on_time=on_time if isinstance(on_time, bool) else None,
        dispatched_at=at if isinstance(at, datetime) else None,
        said={name: value for name, value in said.items() if name not in ("state", "on_time")},
    )


def _difference(
    kind: DifferenceKind, one: Theirs, mine: Ours | None, ours: str | None, theirs: str | None
) -> Difference:
    return Difference(
        kind=kind, external_case_id=one.external_case_id, case_id=mine.case_id if mine else None, ours=ours,
        theirs=theirs, said=one.said,
    )  # fmt: skip


def _same_deadline(ours: datetime | None, theirs: datetime | date, zone: ZoneInfo) -> bool:
    """A day is the same day on the district's wall."""
    if ours is None:
        return False
    if isinstance(theirs, datetime):
        return abs(ours - theirs) <= DEADLINE_TOLERANCE
    return ours.astimezone(zone).date() == theirs


def _said(on_time: bool) -> str:
    return "on_time" if on_time else "overdue"
