"""The request of each operation: well-formed, naming the targets, signed where the client is a phone."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import msgspec

from moshao.app import create_app
from moshao.kit.config import load
from moshao.kit.openapi import document
from tests.access.targets import Targets
from tests.api.alerts.browser import subscription_of
from tests.phone import Phone, new_key, public_part
from tests.world import World

METHODS = frozenset({"get", "put", "post", "patch", "delete", "head", "options"})
TUS = {"Tus-Resumable": "1.0.0"}
TUS_HEADERS = {
    "continue_upload": {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
    "override_upload": {"X-HTTP-Method-Override": "HEAD"},
}


class Operation(msgspec.Struct, frozen=True):
    """One method of one path."""

    id: str
    method: str
    path: str


def operations() -> list[Operation]:
    """Every operation that /openapi.json names."""
    paths: dict[str, dict[str, Any]] = document(create_app(load({})))["paths"]
    return [
        Operation(operation["operationId"], method.upper(), path)
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method in METHODS
    ]


async def ask(
    world: World, operation: Operation, who: str | None, targets: Targets, said: Any = None
) -> httpx.Response:
    """What `who` (None: nobody) is answered; `said` is the body, unless it follows from the targets."""
    phone = world.as_(who) if who else None
    path = operation.path.format(**targets) + QUERIES.get(operation.id, "").format(**targets)
    body, headers = said or _body(operation, targets), _headers(operation)
    if phone is not None and phone.device_id is not None and "act_id" in operation.path:
        headers["Act-Signature"] = _signature(operation, phone, targets, body)
    client = phone.client if phone else world.nobody
    content = None if body is None else json.dumps(body).encode()
    return await client.request(operation.method, path, content=content, headers=headers)


def _body(operation: Operation, targets: Targets) -> Any:
    if operation.id in BODIES:
        return BODIES[operation.id](targets)
    return {"done_at": "2026-11-23T08:00:00+08:00"} if "act_id" in operation.path else None


def _headers(operation: Operation) -> dict[str, str]:
    if "/uploads" in operation.path:
        return TUS | TUS_HEADERS.get(operation.id, {})
    return {"Content-Type": "application/json"}


def _signature(operation: Operation, phone: Phone, targets: Targets, body: Any) -> str:
    word = operation.path.split("/")[-2]
    case_id = targets["case_id"] if "case_id" in operation.path else None
    return phone.sign(word, targets["act_id"], case_id, body)  # type: ignore[arg-type]


def _naming(*names: str, **others: Any) -> Callable[[Targets], dict[str, Any]]:
    """A body that names these targets, and says the rest."""
    return lambda targets: {name: targets[name] for name in names} | others


def _square(targets: Targets) -> dict[str, Any]:
    ring = [[112.5, 33.0], [112.51, 33.0], [112.51, 33.01], [112.5, 33.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"code": "411302001000099"}, "geometry": geometry}],
    }


# Every body fits, so that a refusal is about who asks. Passwords are wrong: nobody is to change any.
BODIES: dict[str, Callable[[Targets], Any]] = {
    "put_unit": _naming("parent_id", name="东关街道", code="411302001", kind="street"),
    "put_person": _naming("unit_id", "staff_no", name="老吴", role="handler"),
    "put_post": _naming("unit_id", name="菜市口岗"),
    "put_shift": lambda _: {"name": "中班", "from_minute": 0, "until_minute": 600},
    "put_duty": _naming("unit_id", "person_id", "shift_id"),
    "put_absence": _naming("person_id", from_at="2026-12-01T00:00:00+08:00", until_at="2026-12-02T00:00:00+08:00"),
    "put_crew": _naming("unit_id", name="二班", people=[]),
    "put_dispatch_rule": _naming("unit_id", priority=10, grids=["*"], classes=["component:"]),
    "preview_dispatch_rule": lambda targets: {
        "rule_id": targets["rule_id"],
        "rule": {"priority": 10, "unit_id": targets["unit_id"], "grids": ["*"], "classes": ["component:"]},
    },
    "put_settings": lambda _: {},
    "put_calendar": lambda _: {
        "name": "夜班",
        "periods": ["00:00-06:00"],
        "weekdays": "12345",
        "holidays_excluded": False,
        "makeup_days_included": False,
        "hours_per_work_day": 6,
    },
    "put_holiday": lambda _: {"kind": "work", "name": "调休"},
    "put_holiday_year": lambda _: {"confirmed": True},
    "put_grids": _square,
    "end_device": lambda _: {"as": "returned"},
    "report_device": lambda _: {"unsent": 0},
    "make_pairing_code": lambda _: {},
    "print_pairing_sheet": lambda targets: {"people": [targets["person_id"]]},
    "reset_password": lambda _: {"password": "x"},
    "reset_pin": lambda _: {"pin": "1"},
    "change_my_password": lambda _: {"old": "wrong", "new": "x"},
    "change_my_pin": lambda _: {"password": "wrong", "pin": "1"},
    "pair_device": lambda _: {"staff_no": "t-000", "code": "", "public_key": public_part(new_key())},
    "sign_in": lambda _: {"staff_no": "t-000"},
    "put_call": _naming("alert_id", "person_id"),
    "put_broadcast": _naming("unit_id", words="集合"),
    "put_ring_test": lambda _: {},
    "put_gateway": lambda _: {"kind": "none", "name": "短信"},
    "put_gateway_addresses": lambda _: {"addresses": []},
    "put_push_subscription": lambda _: subscription_of(),
    "put_review_desk": lambda _: {},
    "put_mark_judgement": lambda _: {"is_right": True},
    "put_upstream": lambda _: {"agreed": {}},
    "resend_feedback": _naming("case_id"),
    "put_handovers": lambda targets: {"done_at": "2026-11-23T08:00:00+08:00", "from_person_id": targets["person_id"]},
    "put_suggestions": lambda _: {
        "done_at": "2026-11-23T08:00:00+08:00",
        "suggestion_kind": "idea",
        "note": "按街道看",
    },
    "put_suggestion_answer": lambda _: {"words": "已经改好"},
    "put_bulletin": lambda _: {"period": "day", "from": "2026-11-01"},
    "put_bulletin_words": lambda _: {"revision": 1},
    "publish_bulletin": lambda _: {"revision": 1},
    "import_roster": lambda _: "工号,姓名",
    "reconcile_sheet": lambda _: "案件编号,案件状态\nA-1,处置中",
    "settle_line": lambda _: {"how": "note", "words": "电话核对过"},
    "take_sheet": lambda _: "案件编号,问题描述\nA-1,垃圾",
}
QUERIES = {
    "list_on_duty": "?unit_id={unit_id}",
    "list_roster_gaps": "?unit_id={unit_id}&hours=1",
    "list_stand_by": "?unit_id={unit_id}&hours=1",
    "list_known_cases": "?lon=112.5414&lat=32.9986",
    "get_photo": "?size=thumb",
}
