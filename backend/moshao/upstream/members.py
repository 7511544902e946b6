"""Single members of an event's data, read as leniently as they can be without guessing."""

import re
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from moshao.hours.limits import Limit, limit_of
from moshao.places.datum import Datum, Point, to_wgs84
from moshao.places.position import point_of
from moshao.upstream.envelope import cleaned

TEXT_MOST = 4000
YEARS = range(2000, 2200)
INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE)
DATUMS: tuple[Datum, ...] = ("wgs84", "cgcs2000", "gcj02", "bd09")


class Unusable(Exception):
    """A member that can't be used; what it was stays in the event as it came."""


def short_text(value: Any, most: int) -> str:
    """Text of at most `most` characters; a number is taken as written."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > most:
        raise Unusable
    return cleaned(value).strip()


def long_text(value: Any) -> str:
    """Text, cut where it is too long for a phone."""
    if not isinstance(value, str):
        raise Unusable
    return cleaned(value[:TEXT_MOST]).strip()


def yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unusable
    return value


def instant(value: Any, zone: ZoneInfo) -> datetime:
    """RFC 3339; without an offset it is the district's wall clock. A date alone is no instant."""
    if not isinstance(value, str) or not INSTANT.fullmatch(value.strip()):
        raise Unusable
    try:
        at = datetime.fromisoformat(value.strip().upper())
    except ValueError as fault:
        raise Unusable from fault
    if at.year not in YEARS:
        raise Unusable
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def limit(value: Any) -> Limit:
    """`{value, unit}`."""
    if not isinstance(value, dict):
        raise Unusable
    count = value.get("value")
    found = limit_of(int(count) if isinstance(count, float) and count.is_integer() else count, value.get("unit"))
    if found is None:
        raise Unusable
    return found


def place(location: Any, datum: Any, usual: Datum) -> Point:
    """(lon, lat) in WGS-84 from a GeoJSON Point in `datum`, None: the usual one. An unknown datum can't be undone."""
    if not isinstance(location, dict) or location.get("type") != "Point":
        raise Unusable
    point = point_of(location.get("coordinates"))
    named = usual if datum is None else next((known for known in DATUMS if known == datum), None)
    if point is None or named is None:
        raise Unusable
    lon, lat = to_wgs84(*point, named)
    return round(lon, 7), round(lat, 7)


def class_code(major: Any, minor: Any) -> tuple[str, str]:
    """(major, minor) from two members, or from the joined code in `minor`."""
    whole = digits(minor)
    if len(whole) in (4, 5) and (major is None or whole.startswith(digits(major))):
        return whole[:2], whole[2:]
    first = digits(major)
    if len(first) != 2 or len(whole) not in (2, 3):
        raise Unusable
    return first, whole


def digits(value: Any) -> str:
    if not isinstance(value, str) or not value.strip().isascii() or not value.strip().isdigit():
        raise Unusable
    return value.strip()
