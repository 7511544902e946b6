"""The eGova third-party envelope, `{uid, senderCode, action, data}`, as our own events and back. Pure.

Actions and fields are those of the widespread interface; what differs from one installation to the next (numbers of
states, of urgency) is read by its words where words come along.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from moshao.kit import errors
from moshao.upstream.envelope import cleaned
from moshao.upstream.unversioned import Said

# Its words for what a photo shows, and ours.
USAGES = {"上报": "report", "核实": "verify", "核查": "check", "处置": "after", "自处置": "after"}
USAGES_BACK = {"report": "上报", "verify": "核实", "check": "核查", "before": "处置", "after": "处置"}
PLAIN = {
    "case_no": "taskNum", "condition": "thirdTypeName", "title": "title", "description": "eventDesc",
    "address": "address", "grid_code": "cellId", "component_code": "partCode", "reported_at": "registerTime",
    "dispatched_at": "dispatchTime", "deadline": "disposeDeadlineTime", "handback_deadline": "rollbackDeadline",
    "unit_code": "handleOrgCode",
}  # fmt: skip
KINDS = {"component": ("component", "部件", "1"), "matter": ("event", "matter", "事件", "事项", "2")}
YES = (1, "1", True, "true", "是", "通过", "同意", "合格")
WORDS = ("opinion", "replyOpinion", "disposeOpinion", "dispatchOpinion", "remark", "reason", "itemContent")
WHEN = ("actionTime", "operateTime", "time", "replyTime")
# What ours are called there; everything else that happens is the course of the work.
ACTIONS: Mapping[str, str] = {
    "signed": "SIGN", "handled": "DISPOSE_FEEDBACK", "handed_back": "APPLY_ROLLBACK",
    "extension_requested": "APPLY_POSTPONE", "cancelled": "APPLY_CANCEL", "checked": "CHECK_FEEDBACK",
    "verified": "CHECK_FEEDBACK", "reported": "REPORT",
}  # fmt: skip
COURSE = "ITEM_INST_SYNC"

bad_envelope = errors.refusal("bad_envelope", 422, "消息应为 {uid, senderCode, action, data}")
unknown_action = errors.refusal("unknown_action", 422, "不支持的 action")


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """A message with what it must have."""

    uid: str
    sender: str
    action: str
    data: dict[str, Any]


def envelope_of(said: Any) -> Envelope:
    """Raises `bad_envelope`."""
    if not isinstance(said, dict) or not isinstance(said.get("data"), dict):
        raise bad_envelope()
    uid, action = said.get("uid"), said.get("action")
    if not isinstance(uid, str | int) or not str(uid).strip() or not isinstance(action, str):
        raise bad_envelope("uid and action")
    sender = cleaned(str(said.get("senderCode") or ""))
    return Envelope(uid=cleaned(str(uid)), sender=sender, action=action.strip().upper(), data=said["data"])


def said_of(envelope: Envelope) -> Said:
    """Our event. Raises `unknown_action`."""
    say = _IN.get(envelope.action)
    if say is None:
        raise unknown_action(cleaned(envelope.action)[:100])
    kind, members = say(envelope.data)
    named = {"external_case_id": _key(envelope.data), "case_id": _text(envelope.data, "caseId")}
    whole = {name: value for name, value in {**named, **members}.items() if value is not None}
    return Said(type=kind, data=whole, id=envelope.uid)


def told_as(event: Mapping[str, Any], sender: str, zone: ZoneInfo) -> dict[str, Any]:
    """An event of ours (with its id, type, time, data) in their envelope. The same event is the same uid."""
    kind, data = str(event["type"]), event["data"]
    action = ACTIONS.get(kind, COURSE)
    by = data.get("by") or {}
    told: dict[str, Any] = {
        "caseId": data.get("external_case_id") or data["case_id"],
        "thirdCaseId": data["case_id"],
        "actionName": kind,
        "actionTime": _wall(data.get("done_at"), zone),
        "humanName": by.get("name"),
        "unitName": by.get("unit"),
        "opinion": data.get("note") or data.get("reason"),
        "medias": [_media(photo) for photo in data.get("photos", [])],
        **_OUT.get(kind, _course)(data, zone),
    }
    members = {name: value for name, value in told.items() if value is not None}
    return {"uid": str(event["id"]), "senderCode": sender, "action": action, "data": members}


def _report(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    told: dict[str, Any] = {ours: _text(data, theirs) for ours, theirs in PLAIN.items()}
    names = (str(data.get(name) or "") for name in ("eventTypeName", "eventTypeId"))
    kind = next((kind for name in names for kind, called in KINDS.items() if name.lower() in called), None)
    told |= {"kind": kind, "major": _code(data, "mainTypeId"), "minor": _code(data, "subTypeId")}
    source = {"code": _text(data, "eventSrcId"), "name": _text(data, "eventSrcName"), "no": _text(data, "recId")}
    told["source"] = {name: value for name, value in source.items() if value is not None} or None
    reporter = {"name": _text(data, "reporterName"), "phone": _text(data, "contact")}
    told["reporter"] = {name: value for name, value in reporter.items() if value is not None} or None
    told["urgency"] = "urgent" if str(data.get("urgentLevelName") or "") in ("紧急", "特急") else None
    told["allow"] = {"handback": _flag(data, "rollbackFlag"), "extension": _flag(data, "postponeFlag")}
    told["location"] = _point(data)
    told["photos"] = [_photo(media) for media in _medias(data)] or None
    return "dispatched", told


def _point(data: dict[str, Any]) -> dict[str, Any] | None:
    numbers = []
    for name in ("coordinateX", "coordinateY"):
        try:
            numbers.append(float(data.get(name)))  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return None
    return {"type": "Point", "coordinates": numbers} if any(numbers) else None


def _photo(media: dict[str, Any]) -> dict[str, Any]:
    usage = USAGES.get(str(media.get("mediaUsage") or ""), "before")
    photo = {"usage": "before" if usage == "report" else usage, "url": _text(media, "mediaPath")}
    content = media.get("content")
    return photo | ({"content_base64": content} if isinstance(content, str) and content else {})


def _media(photo: Mapping[str, Any]) -> dict[str, Any]:
    media = {
        "mediaName": f"{photo['id']}.jpg", "mediaUsage": USAGES_BACK.get(photo.get("usage", ""), "处置"),
        "mediaPath": photo.get("url"), "content": photo.get("content_base64"), "sha256": photo.get("sha256"),
    }  # fmt: skip
    return {name: value for name, value in media.items() if value is not None}


def _spoken(
    kind: str, **also: Callable[[dict[str, Any]], Any]
) -> Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]:
    """What happens to a case, with its words and its time."""

    def say(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        told = {
            "opinion": next((found for name in WORDS if (found := _text(data, name))), None),
            "by": _text(data, "humanName"),
            "at": next((found for name in WHEN if (found := _text(data, name))), None),
        }
        return kind, told | {name: read(data) for name, read in also.items()}

    return say


def _verdict(data: dict[str, Any]) -> str:
    return "grant" if _is_yes(data) else "refuse"


def _is_yes(data: dict[str, Any]) -> bool:
    return any(data.get(name) in YES for name in ("replyResult", "result", "passFlag", "agreeFlag", "checkResult"))


def _checked(data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Its own check of our work: done, or once more."""
    return _spoken("closed" if _is_yes(data) else "rework_ordered", deadline=_deadline)(data)


def _deadline(data: dict[str, Any]) -> str | None:
    return _text(data, "disposeDeadlineTime") or _text(data, "postponeTime")


def _satisfied(data: dict[str, Any]) -> bool:
    return _is_yes(data) or str(data.get("evaluate") or "") in ("满意", "基本满意", "1")


_IN: Mapping[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "REPORT": _report,
    "PRESS": _spoken("urged"),
    "SUPERVISE": _spoken("supervised", reply_by=lambda data: _text(data, "replyDeadline")),
    "REPLY_ROLLBACK": _spoken("handback_decided", verdict=_verdict),
    "REPLY_POSTPONE": _spoken("extension_decided", verdict=_verdict, until=_deadline),
    "APPLY_CANCEL": _spoken("cancelled"),
    "CHECK_FEEDBACK": _checked,
    "EVALUATE": _spoken("return_visited", satisfied=_satisfied),
}


def _course(data: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {"itemContent": data.get("note") or data.get("reason"), "caseStatusName": data.get("state")}


def _disposed(data: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {
        "disposeTime": _wall(data.get("done_at"), zone),
        "disposeOpinion": data.get("note") or data.get("outcome") or "已处置",
        "disposeResult": data.get("outcome"),
    }


def _wanted(data: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {"requestId": data.get("request_id"), "postponeTime": _wall(data.get("until"), zone)}


def _looked(data: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    return {"checkResult": 1 if data.get("verdict") == "pass" else 0, "checkTime": _wall(data.get("done_at"), zone)}


def _found(data: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    point = (data.get("location") or {}).get("coordinates") or [None, None]
    told = {theirs: data.get(ours) for ours, theirs in PLAIN.items() if not ours.endswith("_at")}
    return told | {
        "registerTime": _wall(data.get("reported_at"), zone), "eventTypeName": data.get("kind"),
        "mainTypeId": data.get("major"), "subTypeId": data.get("minor"), "coordinateX": point[0],
        "coordinateY": point[1], "eventSrcName": "监督员上报",
    }  # fmt: skip


_OUT: Mapping[str, Callable[[Mapping[str, Any], ZoneInfo], dict[str, Any]]] = {
    "handled": _disposed, "handed_back": _wanted, "extension_requested": _wanted, "checked": _looked,
    "verified": _looked, "reported": _found,
}  # fmt: skip


def _wall(value: Any, zone: ZoneInfo) -> str | None:
    """yyyy-MM-dd HH:mm:ss on the district's wall."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def _key(data: dict[str, Any]) -> str | None:
    return _text(data, "caseId") or _text(data, "recId") or _text(data, "taskNum")


def _text(data: dict[str, Any], name: str) -> str | None:
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return cleaned(str(value)).strip() or None


def _code(data: dict[str, Any], name: str) -> str | None:
    """A code that came as a number lost its zero in front."""
    text = _text(data, name)
    return text.zfill(2) if text and isinstance(data.get(name), int) else text


def _flag(data: dict[str, Any], name: str) -> bool:
    """May be done, unless it says no."""
    return data.get(name) not in (0, "0", False)


def _medias(data: dict[str, Any]) -> list[dict[str, Any]]:
    medias = data.get("medias")
    return [each for each in medias if isinstance(each, dict)] if isinstance(medias, list) else []
