"""A real case is never refused for its content: every member alone may be missing, odd or absurd."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.hours.limits import Limit
from moshao.upstream.news import CaseNews, members, read_news

ZONE = ZoneInfo("Asia/Shanghai")


def news(**data: Any) -> CaseNews:
    return read_news(data, ZONE, "wgs84")


def point(lon: Any, lat: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def test_nothing_is_fine() -> None:
    found = news()
    assert (found.columns, found.place, found.photos, found.unusable) == ({}, None, (), ())


def test_a_whole_case() -> None:
    found = news(
        case_no="宛城〔2026〕1",
        code_set="GB/T 47678.5-2026",
        kind="matter",
        major="02",
        minor="013",
        condition="超过 1 m²",
        title="暴露垃圾",
        description="路口东南角",
        address="新华路 1 号",
        location=point(112.54, 32.99),
        grid_code="411302002000001",
        component_code="41130201011234567",
        source={"code": "1", "name": "监督员上报", "no": "S-1"},
        reported_at="2026-11-23T08:00:00+08:00",
        dispatched_at="2026-11-23T00:10:00Z",
        limit={"value": 2, "unit": "urgent_hour"},
        deadline="2026-11-23T12:00:00.250+08:00",
        urgency="urgent",
        unit_code="U01",
        allow={"handback": False, "extension": True},
        reporter={"name": "王某", "phone": "13800000000"},
        contact_required=True,
        photos=[{"url": "https://photos.city.example/1.jpg", "sha256": "A" * 64, "usage": "near"}],
    )
    assert found.unusable == ()
    assert found.bad_photos == 0
    assert found.place == (112.54, 32.99)
    assert found.limit == Limit(2, "urgent_hour")
    assert found.deadline == datetime(2026, 11, 23, 4, 0, 0, 250000, UTC)
    assert found.columns["allow_handback"] is False
    assert found.columns["source_no"] == "S-1"
    assert (found.columns["major"], found.columns["minor"]) == ("02", "013")
    assert found.photos[0].sha256 == "a" * 64


@pytest.mark.parametrize(
    ("major", "minor", "joined"),
    [
        ("02", "013", ("02", "013")), ("02", "13", ("02", "13")), ("02", "02013", ("02", "013")),
        ("02", "0213", ("02", "13")), (None, "02013", ("02", "013")), (None, "0213", ("02", "13")),
    ],
)  # fmt: skip
def test_class_apart_or_joined(major: str | None, minor: str, joined: tuple[str, str]) -> None:
    found = news(major=major, minor=minor)
    assert (found.columns["major"], found.columns["minor"]) == joined


@pytest.mark.parametrize(("major", "minor"), [("2", "13"), ("02", "1"), ("02", "垃圾"), ("03", "02013"), (None, "013")])
def test_no_class(major: str | None, minor: str) -> None:
    found = news(major=major, minor=minor)
    assert "minor" not in found.columns
    assert found.unusable == ("minor",)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("location", point(200, 95)), ("location", point(32.99, 112.54)), ("location", point("112.5", 33)),
        ("location", point(True, 33)), ("location", {"type": "Polygon", "coordinates": []}), ("location", "112.5,33"),
        ("location", point(10**400, 0)), ("location", {"type": "Point", "coordinates": [1]}),
        ("deadline", "2026-11-24"), ("deadline", "tomorrow"), ("deadline", 1795000000),
        ("deadline", "2026-13-01T00:00:00Z"),
        ("deadline", "0001-01-01T00:00:00+14:00"), ("deadline", "9999-12-31T23:59:59-12:00"),
        ("limit", {"value": 0, "unit": "work_day"}), ("limit", {"value": 1, "unit": "week"}), ("limit", 3),
        ("limit", {"value": 10**9, "unit": "work_day"}), ("limit", {"value": True, "unit": "work_day"}),
        ("urgency", "very"), ("unit_code", {"a": 1}), ("kind", "event"), ("title", 7), ("case_no", "x" * 61),
        ("grid_code", "9" * 21), ("contact_required", "yes"), ("reported_at", ""),
    ],
)  # fmt: skip
def test_unusable_members_are_named_and_left_out(member: str, value: Any) -> None:
    found = news(**{member: value, "address": "新华路"})
    assert found.unusable == (member,)
    assert found.columns == {"address": "新华路"}
    assert (found.place, found.deadline, found.limit, found.unit_code) == (None, None, None, None)


def test_parts_of_a_member() -> None:
    found = news(source={"code": {}, "name": "巡查"}, reporter="张三", allow={"handback": "no"})
    assert found.unusable == ("source.code", "allow.handback", "reporter.name", "reporter.phone")
    assert found.columns == {"source_name": "巡查"}


def test_an_unknown_datum_spoils_the_place() -> None:
    found = news(location=point(112.54, 32.99), datum="xian80")
    assert (found.place, found.unusable) == (None, ("location",))


def test_datum_of_the_event_stands_above_the_usual_one() -> None:
    shifted = read_news({"location": point(112.5473, 32.9968)}, ZONE, "gcj02").place
    named = news(location=point(112.5473, 32.9968), datum="gcj02").place
    assert shifted == named
    assert shifted is not None
    # about 542 m east and 225 m south at Nanyang, taken back
    assert shifted[0] == pytest.approx(112.5473 - 0.0058, abs=3e-4)
    assert shifted[1] == pytest.approx(32.9968 + 0.0020, abs=3e-4)
    assert news(location=point(112.5473, 32.9968), datum="cgcs2000").place == (112.5473, 32.9968)


def test_a_time_without_offset_is_the_districts() -> None:
    assert news(deadline="2026-11-23 18:40:00").deadline == datetime(2026, 11, 23, 10, 40, tzinfo=UTC)


def test_long_words_are_cut_for_the_phone() -> None:
    assert len(news(description="长" * 100_000).columns["description"]) == 4000


def test_photos_that_are_none() -> None:
    found = news(photos=[{"url": ""}, {"sha256": "xyz", "url": "https://a/b"}, 5, None, {"content_base64": "aGk="}])
    assert (len(found.photos), found.bad_photos) == (1, 4)
    assert news(photos="https://a/b").bad_photos == 1
    assert news(photos=[{"url": "https://a/b"}] * 40).bad_photos == 10


MEMBERS = [
    *(path.split(".")[0] for path, _, _ in members(ZONE)),
    "kind", "major", "minor", "location", "datum", "dispatched_at", "limit", "deadline", "unit_code", "photos"
]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(MEMBERS), JSON))
def test_whatever_stands_in_the_members(data: dict[str, Any]) -> None:
    found = read_news(json.loads(json.dumps(data)), ZONE, "bd09")
    json.dumps(found.columns, default=str, ensure_ascii=False).encode()
