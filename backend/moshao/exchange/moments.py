"""Times as offices write them. Pure."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from moshao.kit.sheets import SheetCell

_DAY = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
_HALF = r"(?P<half>上午|下午|中午|晚上|凌晨|AM|PM)?"
_TIME = (
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*分?)?(?:\s*[:]?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
)
_ZONE = r"(?P<zone>Z|[+-]\d\d:?\d\d)?"
WORDS = re.compile(rf"{_DAY}(?:\s*T?\s*{_HALF}\s*{_TIME}\s*(?P<half_after>AM|PM)?\s*{_ZONE})?", re.IGNORECASE)
DIGITS = re.compile(
    r"(?P<year>20\d\d)(?P<month>\d\d)(?P<day>\d\d)(?:\s?(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?)?"
)
# Days since 1899-12-30, as a workbook counts: 2000 to 2099.
SERIAL = re.compile(r"\d{5}(\.\d+)?")
SERIAL_FIRST, SERIAL_LAST = 36526, 73051
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - wall clock; the zone is added by whoever asks
AFTERNOON = ("下午", "晚上", "PM")
MORNING = ("上午", "凌晨", "AM")
YEARS = range(2000, 2200)


def moment_of(cell: SheetCell, zone: ZoneInfo) -> datetime | date | None:
    """An instant in `zone` where the cell names none; a day where it names no hour; None where it is neither."""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=cell.tzinfo or zone) if cell.year in YEARS else None
    if isinstance(cell, date):
        return cell if cell.year in YEARS else None
    text = unicodedata.normalize("NFKC", cell).strip()
    if SERIAL.fullmatch(text):
        return _serial(float(text), zone)
    found = WORDS.fullmatch(text) or DIGITS.fullmatch(text)
    try:
        return _composed(found.groupdict(), zone) if found else None
    except ValueError:
        return None


def _serial(days: float, zone: ZoneInfo) -> datetime | date | None:
    if not SERIAL_FIRST <= days < SERIAL_LAST:
        return None
    at = EPOCH + timedelta(seconds=round(days * 86_400))
    return at.date() if days.is_integer() else at.replace(tzinfo=zone)


def _composed(said: dict[str, str | None], zone: ZoneInfo) -> datetime | date | None:
    day = date(int(said["year"] or 0), int(said["month"] or 0), int(said["day"] or 0))
    if day.year not in YEARS:
        return None
    if said["hour"] is None:
        return day
    hour, minute, second = (int(said[name] or 0) for name in ("hour", "minute", "second"))
    hour = _of_day(hour, (said.get("half") or said.get("half_after") or "").upper())
    # 24:00 is the end of the day.
    after = timedelta(days=1) if (hour, minute, second) == (24, 0, 0) else timedelta()
    at = datetime(day.year, day.month, day.day, 0 if after else hour, minute, second, tzinfo=zone) + after
    return at.replace(tzinfo=_offset(said["zone"])) if said.get("zone") else at


def _of_day(hour: int, half: str) -> int:
    if half in AFTERNOON and hour < 12:
        return hour + 12
    return 0 if half in MORNING and hour == 12 else hour


def _offset(text: str | None) -> ZoneInfo | None:
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo  # type: ignore[return-value]
