"""A code set as a sheet (CSV, UTF-8): what the seeds are made of, and what a district imports.

Columns: kind, major, minor, name_zh* and name_en, group, maps_to (`matter:06010` in the 2026 set), component,
self_handling (0 or 1), limits. Limits stand in the order of the conditions, apart by blanks: `2uh 4wh 1wd 1ud`
for 紧急工作时, 工作时, 工作日, 紧急工作日. Only kind, major, minor and a name are required; other columns are ignored.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO

import msgspec

from moshao.catalogue.rules import ClassLimit, LimitUnit

UNITS: dict[str, LimitUnit] = {"uh": "urgent_hour", "ud": "urgent_day", "wh": "work_hour", "wd": "work_day"}
LIMIT = re.compile(r"([1-9]\d{0,3})(uh|ud|wh|wd)")


class ClassLine(msgspec.Struct, frozen=True, kw_only=True):
    """One class of a sheet."""

    kind: str
    major: str
    minor: str
    name_zh: str
    name_en: str = ""
    group_zh: str = ""
    maps_to: str = ""
    component: str = ""
    self_handling: bool = False
    limits: tuple[ClassLimit, ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """Kind and joined code."""
        return self.kind, self.major + self.minor


class LineFault(msgspec.Struct, frozen=True):
    """What is wrong in a row of the sheet; row 1 is its head."""

    line: int
    column: str
    detail: str


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text by the names in its head; cells trimmed."""
    rows = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), restkey="", restval="")
    return [{name: str(value).strip() for name, value in row.items()} for row in rows]


def read_classes(rows: Iterable[Mapping[str, str]]) -> tuple[list[ClassLine], list[LineFault]]:
    """The sound rows of a sheet and every fault of the others."""
    lines: list[ClassLine] = []
    faults: list[LineFault] = []
    seen: set[tuple[str, str, str]] = set()
    for number, cells in enumerate(rows, start=2):
        found = [LineFault(number, column, detail) for column, detail in _faults_of(cells)]
        key = (cells.get("kind", ""), cells.get("major", ""), cells.get("minor", ""))
        if not found and key in seen:
            found = [LineFault(number, "minor", "编码在表中重复")]
        seen.add(key)
        faults += found
        if not found:
            lines.append(_line_of(cells))
    return lines, faults


def limits_of(text: str) -> tuple[ClassLimit, ...] | None:
    """The limits written `2uh 4wh`; None where that is not how they are written."""
    found = [LIMIT.fullmatch(word) for word in text.split()]
    return tuple(ClassLimit(int(each[1]), UNITS[each[2]]) for each in found if each) if all(found) else None


def _faults_of(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if cells.get("kind") not in ("component", "matter"):
        yield "kind", "应为 component 或 matter"
    if not re.fullmatch(r"\d{2}", cells.get("major", ""), re.ASCII):
        yield "major", "大类为 2 位数字"
    if not re.fullmatch(r"\d{2,3}", cells.get("minor", ""), re.ASCII):
        yield "minor", "小类为 2 或 3 位数字"
    if not cells.get("name_zh"):
        yield "name_zh", "缺少名称"
    if not re.fullmatch(r"((component|matter):\d{4,5})?", cells.get("maps_to", ""), re.ASCII):
        yield "maps_to", "应为 matter:06010 这样的编码"
    if not re.fullmatch(r"(\d{4,5})?", cells.get("component", ""), re.ASCII):
        yield "component", "应为 4 或 5 位数字"
    if cells.get("self_handling", "") not in ("", "0", "1"):
        yield "self_handling", "应为 0 或 1"
    if limits_of(cells.get("limits", "")) is None:
        yield "limits", "时限写作 2uh、4wh、1wd、1ud，多个用空格分开"


def _line_of(cells: Mapping[str, str]) -> ClassLine:
    return ClassLine(
        kind=cells["kind"],
        major=cells["major"],
        minor=cells["minor"],
        name_zh=cells["name_zh"],
        name_en=cells.get("name_en", ""),
        group_zh=cells.get("group", ""),
        maps_to=cells.get("maps_to", ""),
        component=cells.get("component", ""),
        self_handling=cells.get("self_handling") == "1",
        limits=limits_of(cells.get("limits", "")) or (),
    )
