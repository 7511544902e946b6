"""Only the envelope, external_case_id and version can make an event refused."""

import json
from typing import Any

import pytest

from moshao.kit.errors import Refused
from moshao.upstream.envelope import Event, id_in, read_event
from moshao.upstream.splitting import one

GOOD: dict[str, Any] = {
    "specversion": "1.0",
    "id": "e1",
    "source": "/city",
    "type": "moshao.case.dispatched",
    "data": {"external_case_id": "X1", "version": 1},
}


def event(**changes: Any) -> Event:
    return read_event(one(json.dumps(GOOD | changes).encode()))


def data(**changes: Any) -> Event:
    return event(data=GOOD["data"] | changes)


def test_the_least_there_can_be() -> None:
    found = event()
    assert (found.id, found.type, found.external_case_id, found.version) == ("e1", "dispatched", "X1", 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"specversion": "0.3"}, "bad_event"),
        ({"specversion": None}, "bad_event"),
        ({"id": ""}, "bad_event"),
        ({"id": 7}, "bad_event"),
        ({"source": None}, "bad_event"),
        ({"type": None}, "bad_event"),
        ({"data": None}, "bad_event"),
        ({"data": []}, "bad_event"),
        ({"type": "moshao.case.exploded"}, "unknown_type"),
        ({"type": "dispatched"}, "unknown_type"),
        ({"type": "com.city.case.dispatched"}, "unknown_type"),
        ({"data": {"version": 1}}, "case_not_named"),
        ({"data": {"version": 1, "external_case_id": " "}}, "case_not_named"),
        ({"data": {"version": 1, "external_case_id": ["X1"]}}, "case_not_named"),
        ({"data": {"version": 1, "external_case_id": "X" * 201}}, "case_not_named"),
        ({"data": {"version": 1, "case_id": "0192f0c1-0000-7000-8000-000000000001"}}, "case_not_named"),
        ({"data": {"external_case_id": "X1"}}, "bad_version"),
        ({"data": {"external_case_id": "X1", "version": -1}}, "bad_version"),
        ({"data": {"external_case_id": "X1", "version": True}}, "bad_version"),
        ({"data": {"external_case_id": "X1", "version": 1.5}}, "bad_version"),
        ({"data": {"external_case_id": "X1", "version": "one"}}, "bad_version"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        event(**changes)
    assert refused.value.kind.code == code


@pytest.mark.parametrize("body", [b"5", b"[]", b'"x"', b"null"])
def test_an_event_is_an_object(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_event(one(body))
    assert refused.value.kind.code == "bad_event"
    assert id_in(one(body)) is None


def test_numbers_as_their_text() -> None:
    found = data(external_case_id=4711, version="12")
    assert (found.external_case_id, found.version) == ("4711", 12)


def test_other_events_may_name_our_case() -> None:
    found = event(type="moshao.case.urged", data={"case_id": "c", "version": 2})
    assert (found.external_case_id, found.case_id) == (None, "c")


def test_unknown_members_are_ignored_but_count_as_content() -> None:
    assert event(subject="x", traceparent="y").content == event().content
    assert data(extra={"a": 1}).content != event().content


def test_key_is_source_and_id_content_is_type_and_data() -> None:
    assert event().key != event(source="/other").key
    assert event().key == data(title="other").key
    assert event(id="e2").content == event().content
    assert event(type="moshao.case.amended").content != event().content


def test_no_nul_and_no_lone_surrogate_reaches_the_database() -> None:
    found = event(id="a\0b", data=GOOD["data"] | {"external_case_id": "X\ud800"})
    assert found.id == "a\ufffdb"
    assert found.external_case_id is not None
    found.external_case_id.encode()
