"""What the camera wrote into a file: time, place, make, software. Nothing of it is believed, all of it is kept."""

import math
import re
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

OCTETS_MOST = 256 * 1024
TEXT_MOST = 80
_TIME = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
HEADER = b"Exif\x00\x00"


def read_exif(block: bytes) -> dict[str, Any]:
    """orientation, time (ISO 8601, without offset where the camera gave none), lon, lat, make, model, software: what
    is there and makes sense. A broken block is an empty one."""
    if not block or len(block) > OCTETS_MOST:
        return {}
    try:
        exif = Image.Exif()
        exif.load(block if block.startswith(HEADER) else HEADER + block)
        shot, gps = exif.get_ifd(IFD.Exif), exif.get_ifd(IFD.GPSInfo)
        found = {
            "orientation": exif.get(Base.Orientation),
            "make": _text(exif.get(Base.Make)),
            "model": _text(exif.get(Base.Model)),
            "software": _text(exif.get(Base.Software)),
            "time": _time(
                shot.get(Base.DateTimeOriginal) or exif.get(Base.DateTime), shot.get(Base.OffsetTimeOriginal)
            ),
            "lon": _degrees(gps.get(GPS.GPSLongitude), gps.get(GPS.GPSLongitudeRef), "W", 180),
            "lat": _degrees(gps.get(GPS.GPSLatitude), gps.get(GPS.GPSLatitudeRef), "S", 90),
        }
    except Exception:
        # A stranger's bytes, and no part of the picture: whatever is wrong with them, there is nothing to read.
        return {}
    return {name: value for name, value in found.items() if value is not None}


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    text = "".join(letter for letter in value if letter.isprintable()).strip()
    return text[:TEXT_MOST] or None


def _time(value: Any, offset: Any) -> str | None:
    match = _TIME.match(str(value or ""))
    if not match:
        return None
    year, month, day, clock = match.groups()
    zone = str(offset or "").strip()
    return f"{year}-{month}-{day}T{clock}{zone if _OFFSET.fullmatch(zone) else ''}"


def _degrees(value: Any, side: Any, negative: str, most: int) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    degrees, minutes, seconds = (float(part) for part in value)
    angle = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(angle) or abs(angle) > most:
        return None
    return round(-angle if str(side).strip().upper() == negative else angle, 7)
