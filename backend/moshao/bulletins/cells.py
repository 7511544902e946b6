"""Cells of a table: a value and what people read of it. Pure."""

import re
from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from moshao.bulletins.schemas import Cell, CellKind
from moshao.bulletins.wording import NEITHER

HOUR_S = 3600


# What no XML document can hold: a word from upstream must not break a whole bulletin.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def plain(words: str) -> str:
    """The same without what cannot be printed."""
    return _UNPRINTABLE.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


def text(words: str | None) -> Cell:
    words = plain(words) if words else None
    return Cell(words, "text", words or NEITHER)


def count(number: int | None) -> Cell:
    return _cell(number, "count", "{}".format)


def change(now: int | None, before: int | None) -> Cell:
    return _difference(now, before, "change", "{:+d}".format)


def rate(value: int | None) -> Cell:
    return _cell(value, "rate", lambda value: f"{_hundredths(value)}%")


def points(now: int | None, before: int | None) -> Cell:
    """A difference of rates, in percentage points."""
    return _difference(now, before, "points", lambda value: f"{_signed(value)} 个百分点")


def score(value: int | None) -> Cell:
    return _cell(value, "score", _hundredths)


def hours(seconds: int | None) -> Cell:
    return _cell(seconds, "hours", lambda value: f"{value / HOUR_S:.1f}")


def hours_change(now: int | None, before: int | None) -> Cell:
    return _difference(now, before, "hours_change", lambda value: f"{value / HOUR_S:+.1f}")


def moment(at: datetime | None, zone: str) -> Cell:
    return text(at.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M") if at else None)


def day(at: date) -> Cell:
    return text(at.strftime("%m-%d"))


def _cell(value: int | None, kind: CellKind, words: Callable[[int], str]) -> Cell:
    return Cell(value, kind, NEITHER if value is None else words(value))


def _difference(now: int | None, before: int | None, kind: CellKind, words: Callable[[int], str]) -> Cell:
    if now is None or before is None:
        return Cell(None, kind, NEITHER)
    return Cell(now - before, kind, words(now - before) if now != before else "0")


def _hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02}"


def _signed(value: int) -> str:
    return f"{'-' if value < 0 else '+'}{_hundredths(abs(value))}"
