"""The words, names and times that come with an event about a case."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from moshao.cases.above import Said
from moshao.cases.case import Case
from moshao.kit.ids import parse_id
from moshao.upstream.envelope import Event
from moshao.upstream.intake import Intake
from moshao.upstream.members import Unusable, instant, long_text

# Whatever upstream calls its reason, the first that is there is it.
WORDS = ("opinion", "reason", "words", "result")
NAME_MOST = 100


def said_in(intake: Intake, event: Event, case: Case) -> Said:
    """When it was said: as upstream says, but not before the case was here nor in the future."""
    at = time_in(intake, event, "at") or intake.heard_at
    return Said(at=max(min(at, intake.heard_at), case.created_at), words=words_in(event), by=name_in(event))


def words_in(event: Event) -> str | None:
    for name in WORDS:
        if words := _usable(partial(long_text, event.data.get(name))):
            return str(words)
    return None


def name_in(event: Event) -> str | None:
    """`by` as text, or as {name, unit}."""
    by = event.data.get("by")
    if isinstance(by, dict):
        parts = [_usable(partial(long_text, by.get(part))) for part in ("unit", "name")]
        by = " ".join(str(part) for part in parts if part)
    name = _usable(partial(long_text, by))
    return str(name)[:NAME_MOST] if name else None


def time_in(intake: Intake, event: Event, member: str) -> datetime | None:
    found: datetime | None = _usable(partial(instant, event.data.get(member), intake.upstream.zone))
    return found


def id_in(event: Event, member: str) -> UUID | None:
    value = event.data.get(member)
    return parse_id(value) if isinstance(value, str) else None


def flag_in(event: Event, member: str) -> bool | None:
    value = event.data.get(member)
    return value if isinstance(value, bool) else None


def _usable(read: Any) -> Any:
    try:
        return read()
    except Unusable:
        return None
