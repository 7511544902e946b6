"""A real case is never refused for its content: whatever stands in its members, it is accepted, kept and shown."""

import base64
import json
import random
from typing import Any

from tests.api.upstream.platform import Platform

MEMBERS = [
    "case_no", "code_set", "kind", "major", "minor", "condition", "title", "description", "address", "location",
    "datum", "grid_code", "component_code", "source", "reported_at", "dispatched_at", "limit", "deadline",
    "handback_deadline", "reply_due_at", "contact_required", "urgency", "unit_code", "allow", "reporter", "photos",
    "something_else",
]  # fmt: skip
ANYTHING: list[Any] = [
    None, True, False, 0, -1, 1.5, 1e308, -1e308, 2**53 - 1, "", " ", "\u0000", "\u202e", "长" * 5000, "\ud83d", "06",
    "010",
    "06010", "matter", "component", "gcj02", "urgent", "GB/T 30428.2-2013", "411302001", "' OR 1=1 --", "</script>",
    "2026-11-23", "2026-02-30T00:00:00Z", "2026-11-23T10:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
    "2026-11-23T08:00:00+99:00", [], {}, [[]], [None], {"name": 5, "phone": []}, {"handback": "yes", "extension": None},
    {"value": 9999, "unit": "work_day"}, {"value": 1e300, "unit": "work_day"}, {"value": -1, "unit": "urgent_hour"},
    {"value": 1, "unit": []}, {"type": "Point", "coordinates": [112.54, 32.99]},
    {"type": "Point", "coordinates": [999, 999]}, {"type": "Point", "coordinates": [112.54]},
    {"type": "Point", "coordinates": ["a", "b"]}, {"type": "Point", "coordinates": [1e308, -1e308]},
    {"type": "Polygon", "coordinates": []}, [{"url": "javascript:alert(1)"}], [{"content_base64": "!!!"}],
    [{"url": "http://127.0.0.1:1/x", "sha256": "zz", "usage": 5}], [{}] * 30,
    [{"content_base64": base64.b64encode(b"no photo" * 100).decode(), "usage": "before"}],
]  # fmt: skip
CASES = 400


async def test_whatever_a_case_says_it_is_accepted_and_shown(city: Platform) -> None:
    chance = random.Random(20261123)
    events = []
    for number in range(CASES):
        named = chance.sample(MEMBERS, chance.randint(1, 12))
        data = {"external_case_id": f"any-{number}", "version": 1, **{name: chance.choice(ANYTHING) for name in named}}
        events.append(city.event("dispatched", data))
    answer = await city.send_batch(events)
    assert answer.status_code == 200, answer.text
    refused = [
        json.dumps([event["data"], result])
        for event, result in zip(events, answer.json()["results"], strict=True)
        if result["status"] != "accepted"
    ]
    assert refused == []
    supervisor = city.world.as_("supervisor")
    seq, shown = 0, set()
    while True:
        page = (await supervisor.get(f"/api/changes?after={seq}")).json()
        shown |= {case["external_case_id"] for case in page["cases"]}
        seq = page["seq"]
        if not page["more"]:
            break
    assert shown == {event["data"]["external_case_id"] for event in events}
