"""A row of a sheet as the news of a case, read as leniently as it can be without guessing. Pure."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from moshao.catalogue.rules import CaseClass
from moshao.exchange.columns import Columns
from moshao.exchange.moments import moment_of
from moshao.kit import errors
from moshao.kit.sheets import SheetCell
from moshao.upstream.envelope import EXTERNAL_ID_MOST

KINDS = {
    "component": ("component", "部件", "部件类", "部件问题", "1"),
    "matter": ("matter", "事件", "事项", "事件类", "2"),
}
UNITS = {
    "紧急工作时": "urgent_hour", "紧急工作日": "urgent_day", "工作时": "work_hour", "工作小时": "work_hour",
    "工作日": "work_day", "小时": "urgent_hour", "自然日": "urgent_day",
}  # fmt: skip
LIMIT = re.compile(rf"(\d{{1,4}})\s*个?\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})")
URGENT = frozenset({"urgent", "紧急", "特急", "加急", "是", "1"})
# A case that is over there is not one to be worked on.
ENDED_WORDS = re.compile(r"已?(结案|办结|归档|作废|销案|完结|撤销|注销)")
NOT_ENDED = re.compile(r"[待未]|申请")
SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
NUMBER = re.compile(r"-?\d{1,8}(\.\d+)?")
LATITUDE_MOST = 90.0
PLAIN = ("case_no", "condition", "title", "description", "address", "grid_code", "component_code", "unit_code")
MOMENTS = ("reported_at", "dispatched_at", "handback_deadline")
ADDRESS = re.compile(r"https?://[^\s,，;；、]+")

no_case_number = errors.refusal("no_case_number", 422, "这一行没有案件编号")
mangled_number = errors.refusal(
    "mangled_number", 422, "案件编号被表格软件改成了科学计数或丢失了末尾数字，请把该列设为文本后重新导出"
)
case_number_too_long = errors.refusal("case_number_too_long", 422, "案件编号太长")


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """`data`: what an event would say. `doubts`: the columns that were there and could not be used. `ended`: over at
    the platform, as the sheet says."""

    line: int
    key: str
    data: dict[str, Any]
    doubts: tuple[str, ...]
    ended: bool


def read_row(
    line: int, cells: Sequence[SheetCell], columns: Columns, zone: ZoneInfo, classes: Sequence[CaseClass]
) -> SheetRow:
    """`line` as the sheet counts. Raises `no_case_number`, `mangled_number`, `case_number_too_long`."""
    said: dict[str, SheetCell] = {
        name: cells[at] for name, at in columns.fields.items() if at < len(cells) and cells[at] != ""
    }
    doubts: list[str] = []
    data: dict[str, Any] = {name: words_of(said[name]) for name in PLAIN if name in said}
    for name in MOMENTS:
        _put(data, doubts, name, said.get(name), zone)
    data |= _time_limit(said, zone, doubts)
    data |= _class(said, classes, doubts)
    data |= _place(said, doubts)
    data |= _who(said)
    if source := said.get("source_name"):
        data["source"] = {"name": words_of(source)}
    if (urgency := said.get("urgency")) is not None:
        data["urgency"] = "urgent" if words_of(urgency) in URGENT else "normal"
    if addresses := ADDRESS.findall(words_of(said.get("photos", ""))):
        data["photos"] = [{"url": address, "usage": "before"} for address in addresses]
    others = {head: words_of(cells[at]) for head, at in columns.others.items() if at < len(cells) and cells[at] != ""}
    if others or "unit_name" in said:
        data["sheet"] = others | ({"unit": words_of(said["unit_name"])} if "unit_name" in said else {})
    key = key_of(said)
    return SheetRow(line=line, key=key, data=data, doubts=tuple(doubts), ended=is_ended(said.get("state", "")))


def key_of(said: Mapping[str, SheetCell]) -> str:
    """What the platform calls the case. Raises as `read_row`."""
    key = words_of(said.get("external_case_id") or said.get("case_no") or "")
    if not key:
        raise no_case_number()
    if SCIENTIFIC.fullmatch(key):
        raise mangled_number(key)
    if len(key) > EXTERNAL_ID_MOST:
        raise case_number_too_long()
    return key


def words_of(cell: SheetCell) -> str:
    """A cell as text, without the quote that keeps it from being a formula."""
    text = cell if isinstance(cell, str) else cell.isoformat(sep=" ") if isinstance(cell, datetime) else str(cell)
    text = text.strip()
    return text[1:] if text.startswith("'") and len(text) > 1 else text


def is_ended(state: SheetCell) -> bool:
    """Whether the words for a state say that nothing is to be done any more."""
    words = words_of(state)
    return ENDED_WORDS.search(words) is not None and NOT_ENDED.search(words) is None


def limit_in(words: str) -> dict[str, Any] | None:
    """`2紧急工作时`, `1个工作日`. A bare 天 may be either kind of day: none."""
    found = LIMIT.fullmatch(unicodedata.normalize("NFKC", words).strip())
    return {"value": int(found[1]), "unit": UNITS[found[2]]} if found else None


def _put(data: dict[str, Any], doubts: list[str], name: str, cell: SheetCell | None, zone: ZoneInfo) -> None:
    """An instant; a day begins at midnight where only its beginning can be meant."""
    if cell is None:
        return
    found = moment_of(cell, zone)
    if found is None:
        doubts.append(name)
        return
    whole = found if isinstance(found, datetime) else datetime(found.year, found.month, found.day, tzinfo=zone)
    if isinstance(found, datetime) or name == "reported_at":
        data[name] = whole.isoformat()
    else:
        doubts.append(name)


def _time_limit(said: Mapping[str, SheetCell], zone: ZoneInfo, doubts: list[str]) -> dict[str, Any]:
    """时限 is a number of hours in one office and the moment in another. A day alone is no deadline: whether it
    means its beginning or its end, nobody can tell."""
    found: dict[str, Any] = {}
    for name in ("deadline", "limit"):
        cell = said.get(name)
        if cell is None:
            continue
        moment = moment_of(cell, zone)
        if isinstance(moment, datetime):
            found.setdefault("deadline", moment.isoformat())
        elif moment is None and (limit := limit_in(words_of(cell))):
            found.setdefault("limit", limit)
        else:
            doubts.append(name)
    return found


def _class(said: Mapping[str, SheetCell], classes: Sequence[CaseClass], doubts: list[str]) -> dict[str, Any]:
    """Codes go as they are; names become the codes of the one class they can mean."""
    words = {name: words_of(said[name]) for name in ("kind", "major", "minor") if name in said}
    kind = next((kind for kind, called in KINDS.items() if words.get("kind") in called), None)
    found: dict[str, Any] = {"kind": kind} if kind else {}
    minor, major = words.get("minor", ""), words.get("major", "")
    if minor.isascii() and minor.isdigit():
        found |= {"major": major or None, "minor": minor}
        if kind is None and "kind" in words:
            doubts.append("kind")
        return {name: value for name, value in found.items() if value is not None}
    like = [
        each
        for each in classes
        if each.name_zh == minor and kind in (None, each.kind) and (not major or major in (each.major, each.major_zh))
    ]
    like = like or [each for each in classes if each.name_zh == minor and kind in (None, each.kind)]
    if len(like) == 1:
        return {"kind": like[0].kind, "major": like[0].major, "minor": like[0].minor}
    doubts += [name for name in ("major", "minor") if name in words]
    return found


def _place(said: Mapping[str, SheetCell], doubts: list[str]) -> dict[str, Any]:
    """Two columns, or both in one. Where x and y changed places, as surveyors write them, the latitude is the one
    that can be a latitude."""
    texts = [words_of(said[name]) for name in ("lon", "lat") if name in said]
    if len(texts) < 2:
        texts = [part for part in re.split(r"[\s,，;；]+", words_of(said.get("coordinates", ""))) if part]
    if not texts:
        return {}
    if len(texts) != 2 or not all(NUMBER.fullmatch(text) for text in texts):
        doubts.append("coordinates")
        return {}
    lon, lat = (float(text) for text in texts)
    if abs(lat) > LATITUDE_MOST >= abs(lon):
        lon, lat = lat, lon
    return {"location": {"type": "Point", "coordinates": [lon, lat]}}


def _who(said: Mapping[str, SheetCell]) -> dict[str, Any]:
    reporter = {name: words_of(said[f"reporter_{name}"]) for name in ("name", "phone") if f"reporter_{name}" in said}
    return {"reporter": reporter} if reporter else {}
