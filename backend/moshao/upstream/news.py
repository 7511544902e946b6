"""What an event says about a case, member by member: what can't be used is named, never a reason to refuse."""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from moshao.hours.limits import Limit
from moshao.places.datum import Datum, Point
from moshao.upstream.members import (
    Unusable,
    class_code,
    instant,
    limit,
    long_text,
    place,
    short_text,
    yes_or_no,
)

PHOTOS_MOST = 30
URL_MOST = 2048
SHA256 = re.compile(r"[0-9a-f]{64}")
USAGES = frozenset({"before", "after", "near", "far", "scene", "check", "verify", "report"})


class PhotoNews(msgspec.Struct, frozen=True):
    """A photo by its address or its base64 text, exactly one of them."""

    usage: str
    sha256: str | None = None
    url: str | None = None
    content: str | None = None


class CaseNews(msgspec.Struct, frozen=True, kw_only=True):
    """`columns`: what the event sets of the row in `cases`. A member it does not have, or has unusable, is None.

    `unusable` names members that were there and could not be used, as dotted paths.
    """

    columns: dict[str, Any]
    place: Point | None
    deadline: datetime | None
    limit: Limit | None
    dispatched_at: datetime | None
    unit_code: str | None
    photos: tuple[PhotoNews, ...]
    bad_photos: int
    unusable: tuple[str, ...]


def read_news(data: dict[str, Any], zone: ZoneInfo, datum: Datum) -> CaseNews:
    """`datum`: of upstream's coordinates where they name none."""
    reader = _Reader(data)
    columns = {column: reader.read(path, read) for path, column, read in members(zone)}
    columns = {column: value for column, value in columns.items() if value is not None and value != ""}
    columns |= _class(reader)
    photos, bad = _photos(data.get("photos"))
    return CaseNews(
        columns=columns,
        place=reader.read("location", lambda value: place(value, data.get("datum"), datum)),
        deadline=reader.read("deadline", partial(instant, zone=zone)),
        limit=reader.read("limit", limit),
        dispatched_at=reader.read("dispatched_at", partial(instant, zone=zone)),
        unit_code=reader.read("unit_code", partial(short_text, most=30)) or None,
        photos=photos,
        bad_photos=bad,
        unusable=tuple(reader.unusable),
    )


class _Reader:
    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.unusable: list[str] = []

    def read(self, path: str, read: Callable[[Any], Any]) -> Any:
        """The member as `read` gives it; None where it is absent, null or unusable (which is then noted)."""
        value: Any = self.data
        for name in path.split("."):
            if value is None:
                return None
            if not isinstance(value, dict):
                self.unusable.append(path)
                return None
            value = value.get(name)
        try:
            return None if value is None else read(value)
        except Unusable:
            self.unusable.append(path)
            return None


def members(zone: ZoneInfo) -> list[tuple[str, str, Callable[[Any], Any]]]:
    """(path in the event, column of `cases`, reader)."""

    def text(most: int) -> Callable[[Any], str]:
        return partial(short_text, most=most)

    at = partial(instant, zone=zone)
    return [
        ("case_no", "case_no", text(60)),
        ("code_set", "code_set", text(60)),
        ("condition", "condition", text(200)),
        ("title", "title", long_text),
        ("description", "description", long_text),
        ("address", "address", long_text),
        ("grid_code", "grid_code", text(20)),
        ("component_code", "component_code", text(40)),
        ("source.code", "source_code", text(40)),
        ("source.name", "source_name", text(80)),
        ("source.no", "source_no", text(80)),
        ("reported_at", "reported_at", at),
        ("handback_deadline", "handback_deadline", at),
        ("reply_due_at", "reply_due_at", at),
        ("contact_required", "contact_required", yes_or_no),
        ("allow.handback", "allow_handback", yes_or_no),
        ("allow.extension", "allow_extension", yes_or_no),
        ("urgency", "urgency", _urgency),
        ("reporter.name", "reporter_name", text(100)),
        ("reporter.phone", "reporter_phone", text(60)),
    ]


def _urgency(value: Any) -> str:
    if value not in ("normal", "urgent"):
        raise Unusable
    return str(value)


def _class(reader: _Reader) -> dict[str, Any]:
    """kind, major and minor, as far as they are codes at all."""
    data = reader.data
    found: dict[str, Any] = {}
    if data.get("kind") in ("component", "matter"):
        found["kind"] = data["kind"]
    elif data.get("kind") is not None:
        reader.unusable.append("kind")
    try:
        if data.get("major") is not None or data.get("minor") is not None:
            found["major"], found["minor"] = class_code(data.get("major"), data.get("minor"))
    except Unusable:
        reader.unusable.append("minor")
    return found


def _photos(value: Any) -> tuple[tuple[PhotoNews, ...], int]:
    """The photos that say where their bytes are, and how many do not."""
    if value is None:
        return (), 0
    if not isinstance(value, list):
        return (), 1
    good = []
    for said in value[:PHOTOS_MOST]:
        photo = _photo(said)
        if photo is not None:
            good.append(photo)
    return tuple(good), len(value) - len(good)


def _photo(said: Any) -> PhotoNews | None:
    if not isinstance(said, dict):
        return None
    usage = said.get("usage")
    usage = usage if usage in USAGES else "before"
    digest = said.get("sha256")
    if digest is not None and not (isinstance(digest, str) and SHA256.fullmatch(digest.lower())):
        return None
    digest = digest.lower() if digest else None
    url, content = said.get("url"), said.get("content_base64")
    if isinstance(content, str) and content:
        return PhotoNews(usage, digest, content=content)
    if isinstance(url, str) and 0 < len(url) <= URL_MOST and url.isprintable():
        return PhotoNews(usage, digest, url=url)
    return None
