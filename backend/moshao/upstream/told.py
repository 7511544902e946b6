"""What an event says to upstream, as far as it stays the same: who, when, what, with which photos."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit.db import Reader, Row
from moshao.places.datum import to_wgs84
from moshao.places.position import point_of

REPORT_COLUMNS = (
    "case_no", "code_set", "kind", "major", "minor", "condition", "title", "description", "address", "grid_code",
)  # fmt: skip
ACT_MEMBERS = ("outcome", "verdict", "until", "off_site_reason", "no_photo_reason")


async def told_of(reader: Reader, line: Row, facts: dict[str, Any]) -> dict[str, Any]:
    """The `data` of the event for a line of the journal; photos as {id, sha256, usage}, their bytes come later."""
    act = await reader.one("SELECT act, body, heard_at FROM acts WHERE id = ?", line["act_id"])
    body: dict[str, Any] = msgspec.json.decode(act["body"]) if act and act["body"] else {}
    case = await reader.one("SELECT * FROM cases WHERE id = ?", line["case_id"])
    if case is None:
        raise LookupError(f"no case {line['case_id']}")
    told: dict[str, Any] = {
        "external_case_id": case["external_case_id"],
        "case_id": line["case_id"],
        "round": line["round"],
        "state": case["state"],
        "by": await _by(reader, line),
        "done_at": line["done_at"] or line["at"],
        "heard_at": act["heard_at"] if act else line["at"],
        "note": body.get("note"),
        "reason": body.get("reason") or body.get("opinion") or facts.get("reason"),
        "words": body.get("words"),
        "place": _place(body),
        "photos": await _photos(reader, line),
        "request_id": facts.get("request_id"),
        "deadline": facts.get("deadline") or case["deadline"],
        **{name: body[name] for name in ACT_MEMBERS if body.get(name) is not None},
        **await _to_whom(reader, facts),
    }
    told["verdict"] = facts.get("verdict", told.get("verdict"))
    if "until" in facts:
        told["until"] = facts["until"]
    if lead_id := facts.get("lead_case_id"):
        told |= await _lead(reader, case, lead_id)
    if line["kind"] in ("reported", "self_handled"):
        told |= _report(case, self_handled=line["kind"] == "self_handled")
    return {name: value for name, value in told.items() if value is not None}


async def _by(reader: Reader, line: Row) -> dict[str, Any]:
    person = await reader.one("SELECT name, unit_id FROM people WHERE id = ?", line["person_id"])
    unit_id = person["unit_id"] if person else line["unit_id"]
    return {
        "name": person["name"] if person else None,
        "unit": await reader.value("SELECT name FROM units WHERE id = ?", unit_id),
    }


async def _to_whom(reader: Reader, facts: dict[str, Any]) -> dict[str, Any]:
    if not facts.get("person_id"):
        return {}
    name = await reader.value("SELECT name FROM people WHERE id = ?", UUID(facts["person_id"]))
    return {"handler": {"name": name}} if name else {}


def _place(body: dict[str, Any]) -> dict[str, Any] | None:
    """Where the phone was, in WGS-84."""
    place = body.get("place")
    if not isinstance(place, dict):
        return None
    point = point_of(place["location"]["coordinates"])
    if point is None:
        return None
    lon, lat = to_wgs84(*point, place.get("datum", "wgs84"))
    location = {"type": "Point", "coordinates": [round(lon, 7), round(lat, 7)]}
    return {**place, "location": location, "datum": "wgs84"}


async def _photos(reader: Reader, line: Row) -> list[dict[str, Any]]:
    """Those of the act; one closure may stand for several merged cases, and its photos are the lead's."""
    if line["act_id"] is None:
        return []
    rows = await reader.all(
        "SELECT photo_id, sha256, usage FROM case_photos WHERE act_id = ? AND state <> 'refused' ORDER BY added_at, id",
        line["act_id"],
    )
    return [{"id": row["photo_id"], "sha256": row["sha256"], "usage": row["usage"]} for row in rows]


async def _lead(reader: Reader, case: Row, lead_id: str) -> dict[str, Any]:
    """The lead, by upstream's id only where the lead is this upstream's too."""
    external = await reader.value(
        "SELECT external_case_id FROM cases WHERE id = ? AND upstream_id = ?", UUID(lead_id), case["upstream_id"]
    )
    return {"lead_case_id": lead_id, "lead_external_case_id": external}


def _report(case: Row, *, self_handled: bool) -> dict[str, Any]:
    told: dict[str, Any] = {name: case[name] for name in REPORT_COLUMNS}
    reported_at: datetime | None = case["reported_at"]
    told |= {"reported_at": reported_at, "self_handled": self_handled or None}
    if case["lon"] is not None:
        told |= {"location": {"type": "Point", "coordinates": [case["lon"], case["lat"]]}, "datum": "wgs84"}
    return told
