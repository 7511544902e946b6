"""Quiet marks: what about a photo contradicts the rest. They punish nobody; the supervisor decides."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from moshao.places.distance import metres_nearby

# Every word there is.
MARKS = (
    "far", "exif_place", "early", "exif_time", "same_as_before", "reused", "similar", "dark", "blurred", "edited",
    "gallery",
)  # fmt: skip
SIMILAR_BITS = 4
BANDS = 4
BAND_BITS = 16
# A hash of nearly equal bits is a plain wall or the dark: it is "like" every other such photo.
TELLING_BITS = range(8, 57)
DARK_MOST = 24
BLURRED_MOST = 30  # sharp street photos have 270 and more, hopelessly blurred ones below 12
PLACES_APART_M = 500
TIMES_APART = timedelta(minutes=30)
CLOCK_PLAY = timedelta(minutes=5)
AFTERWARDS = frozenset({"after", "check"})
EDITORS = ("photoshop", "lightroom", "snapseed", "picsart", "meitu", "美图", "美颜", "gimp", "vsco", "醒图", "facetune")


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """By what two photos are compared."""

    sha256: str
    dhash: str | None = None


class Look(Likeness, frozen=True, kw_only=True):
    """What is known of a photo's bytes, and what the phone said beside them."""

    usage: str
    source: str | None = None
    brightness: int | None = None
    sharpness: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    accuracy_m: float | None = None
    exif: dict[str, Any] = {}


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """What the case was when its act named the photo: its place and fence, since when it was in hand, its zone."""

    lon: float | None = None
    lat: float | None = None
    fence_m: int = 100
    since: datetime | None = None
    zone: str = "Asia/Shanghai"


def marks_on(photo: Look, around: Surroundings, before: Iterable[Likeness], elsewhere: Iterable[Likeness]) -> list[str]:
    """The marks, in a fixed order. `before`: the same case's before photos; `elsewhere`: earlier photos that may be
    alike, of other cases or of earlier rounds."""
    return [
        *_of_place(photo, around),
        *_of_time(photo, around),
        *_of_likeness(photo, before, elsewhere),
        *_of_itself(photo),
    ]


def _of_place(photo: Look, around: Surroundings) -> Iterator[str]:
    said = _point(photo.lon, photo.lat)
    written = _point(photo.exif.get("lon"), photo.exif.get("lat"))
    case = _point(around.lon, around.lat)
    where = said or written
    if case and where and metres_nearby(*case, *where) > around.fence_m + (photo.accuracy_m or 0):
        yield "far"
    if said and written and metres_nearby(*said, *written) > PLACES_APART_M:
        yield "exif_place"


def _of_time(photo: Look, around: Surroundings) -> Iterator[str]:
    written = exif_instant(photo.exif, around.zone)
    taken = photo.taken_at or written
    if taken and around.since and photo.usage in AFTERWARDS and taken < around.since - CLOCK_PLAY:
        yield "early"
    if photo.taken_at and written and abs(photo.taken_at - written) > TIMES_APART:
        yield "exif_time"


def _of_likeness(photo: Look, before: Iterable[Likeness], elsewhere: Iterable[Likeness]) -> Iterator[str]:
    if photo.usage in AFTERWARDS and any(photo.sha256 == other.sha256 or alike(photo, other) for other in before):
        yield "same_as_before"
    others = list(elsewhere)
    if any(photo.sha256 == other.sha256 for other in others):
        yield "reused"
    elif any(alike(photo, other) for other in others):
        yield "similar"


def _of_itself(photo: Look) -> Iterator[str]:
    if photo.brightness is not None and photo.brightness <= DARK_MOST:
        yield "dark"
    elif photo.sharpness is not None and photo.sharpness <= BLURRED_MOST:
        yield "blurred"
    software = str(photo.exif.get("software", "")).lower()
    if any(editor in software for editor in EDITORS):
        yield "edited"
    if photo.source == "gallery":
        yield "gallery"


def alike(one: Likeness, other: Likeness) -> bool:
    """Whether two pictures differ in so few bits of their difference hashes that they show the same."""
    if one.dhash is None or other.dhash is None:
        return False
    a, b = int(one.dhash, 16), int(other.dhash, 16)
    return a.bit_count() in TELLING_BITS and (a ^ b).bit_count() <= SIMILAR_BITS


def bands_of(dhash: str | None) -> tuple[int, ...]:
    """The hash in quarters. Two hashes that differ in ≤ 3 bits share one; of those that differ in 4, nearly all."""
    if dhash is None or int(dhash, 16).bit_count() not in TELLING_BITS:
        return ()
    return tuple(int(dhash[at : at + 4], 16) for at in range(0, BANDS * BAND_BITS // 4, 4))


def exif_instant(exif: dict[str, Any], zone: str) -> datetime | None:
    """When the file says it was taken; a camera that names no offset means the district's zone."""
    text = exif.get("time")
    if not isinstance(text, str):
        return None
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return None
    return written if written.tzinfo else written.replace(tzinfo=ZoneInfo(zone))


def _point(lon: Any, lat: Any) -> tuple[float, float] | None:
    return None if lon is None or lat is None else (float(lon), float(lat))
