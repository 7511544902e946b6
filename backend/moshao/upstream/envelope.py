"""The CloudEvents 1.0 envelope of what upstream sends."""

import hashlib
import json
from typing import Any

import msgspec

from moshao.kit import errors
from moshao.upstream.splitting import INTEGER_MOST, Piece

TYPE_PREFIX = "moshao.case."
TYPES = frozenset(
    {
        "dispatched",
        "amended",
        "urged",
        "supervised",
        "cancelled",
        "reopened",
        "closed",
        "rework_ordered",
        "merged",
        "report_accepted",
        "report_rejected",
        "verify_requested",
        "check_requested",
        "extension_decided",
        "shelving_decided",
        "handback_decided",
        "return_visited",
    }
)
EXTERNAL_ID_MOST = 200

bad_event = errors.refusal("bad_event", 422, "事件不符合 CloudEvents 1.0 格式")
unknown_type = errors.refusal("unknown_type", 422, "不认识的事件类型")
case_not_named = errors.refusal("case_not_named", 422, "事件缺少可用的 external_case_id")
bad_version = errors.refusal("bad_version", 422, "事件缺少可用的 version（应为不小于 0 的整数）")


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """An event with everything it must have. `type` without its prefix; `key` is the SHA-256 of source and id,
    `content` that of type and data; `external_case_id` is None where `case_id` names the case."""

    id: str
    key: str
    type: str
    external_case_id: str | None
    case_id: str | None
    version: int
    content: str
    data: dict[str, Any]
    raw: str


def id_in(piece: Piece) -> str | None:
    """The event's id, as far as there is one, to answer by."""
    found = piece.said.get("id") if isinstance(piece.said, dict) else None
    return cleaned(found) if isinstance(found, str) else None


def read_event(piece: Piece) -> Event:
    """Raises `bad_json`, `bad_event`, `unknown_type`, `case_not_named`, `bad_version`."""
    if piece.fault:
        raise errors.bad_json(piece.fault)
    said = piece.said
    if not isinstance(said, dict):
        raise bad_event("an event is a JSON object")
    if said.get("specversion") != "1.0":
        raise bad_event("specversion is 1.0")
    event_id, source, kind = (_required(said, name) for name in ("id", "source", "type"))
    name = kind.removeprefix(TYPE_PREFIX)
    if name == kind or name not in TYPES:
        raise unknown_type(kind[:100])
    data = said.get("data")
    if not isinstance(data, dict):
        raise bad_event("data is a JSON object")
    external_case_id, case_id = _external_case_id(data), _text(data.get("case_id"))
    if external_case_id is None and (case_id is None or name in ("dispatched", "report_accepted")):
        raise case_not_named()
    return Event(
        id=event_id,
        key=_digest(source + "\n" + event_id),
        type=name,
        external_case_id=external_case_id,
        case_id=case_id,
        version=_version(data.get("version")),
        content=_digest(name + json.dumps(data, sort_keys=True)),
        data=data,
        raw=piece.raw,
    )


def cleaned(text: str) -> str:
    """The text as a database takes it: no NUL, no lone surrogates."""
    return text.encode("utf-8", "replace").decode().replace("\0", "\ufffd")


def _required(said: dict[str, Any], name: str) -> str:
    found = _text(said.get(name))
    if found is None:
        raise bad_event(f"{name} is text, not empty")
    return found


def _text(value: Any) -> str | None:
    return cleaned(value) if isinstance(value, str) and value.strip() else None


def _external_case_id(data: dict[str, Any]) -> str | None:
    """Text; a number is taken for the text it is written with."""
    value = data.get("external_case_id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    found = _text(value)
    if found is not None and len(found) > EXTERNAL_ID_MOST:
        raise case_not_named(f"external_case_id has at most {EXTERNAL_ID_MOST} characters")
    return found


def _version(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < INTEGER_MOST:
        raise bad_version()
    return value


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
