"""What notifications say: short, in two languages, and nothing about who reported."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from moshao.alerts.composing import CASES_NAMED
from moshao.alerts.message import Message
from moshao.alerts.webpush import PAYLOAD_MOST
from moshao.alerts.wording import TITLES, Said, body_of, place_to_show, title_of
from moshao.kit.ids import new_id

NOW = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))


def said(kind: str = "assigned", **more: object) -> Said:
    about: dict[str, object] = {
        "class_name": "暴露垃圾",
        "place": "人民路 12 号",
        "deadline": NOW.replace(hour=18, minute=40),
    }
    return msgspec.convert(about | {"kind": kind, "at": NOW} | more, Said)


def test_a_new_case() -> None:
    assert title_of(said()) == "新案件：暴露垃圾"
    assert body_of(said()) == "人民路 12 号，18:40 前办结"
    english = said(language="en", class_name="Garbage")
    assert (title_of(english), body_of(english)) == ("New case: Garbage", "人民路 12 号, due 18:40")


def test_another_day_is_named() -> None:
    tomorrow = said(deadline=NOW + timedelta(days=1))
    assert body_of(tomorrow).endswith("11月25日 10:00 前办结")


def test_what_is_late_says_so() -> None:
    assert body_of(said("overdue", deadline=NOW - timedelta(hours=1))).endswith("应于 09:00 办结")


def test_what_is_not_known_is_left_out() -> None:
    assert title_of(said(class_name="")) == "新案件：案件"
    assert body_of(said(place="", deadline=None)) == ""


def test_who_is_rung_for_another_is_told_whom() -> None:
    climbed = said(unanswered=True, silent="老张", urgent=True)
    assert title_of(climbed) == "【紧急】无人响应 · 新案件：暴露垃圾"
    assert body_of(climbed).startswith("老张 没有回应，人民路")


def test_a_digest_counts() -> None:
    assert title_of(said("digest", count=57)) == "还有 57 件案件"
    assert "暴露垃圾" in body_of(said("digest", count=57))


@pytest.mark.parametrize("kind", TITLES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_has_words(kind: str, language: str) -> None:
    title = title_of(said(kind, language=language))
    assert title
    assert "{" not in title + body_of(said(kind, language=language))


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("人民路 12 号", "人民路 12 号"),
        ("人民路 12 号 13800001111", "人民路 12 号"),
        ("联系电话 0377-6312 8888，北门", "联系电话 ，北门"),
        ("钱女士家门口", ""),
        (None, ""),
        ("某" * 500, "某" * 60),
    ],
)
def test_the_place_names_nobody(address: str | None, shown: str) -> None:
    assert place_to_show(address, "钱女士") == shown


def test_the_longest_message_fits_into_a_push() -> None:
    longest = said(
        "digest", class_name="长" * 300, place="长" * 300, unanswered=True, silent="长" * 60, urgent=True, count=99_999
    )  # fmt: skip
    words = said("broadcast", words="长" * 200)
    for each in (longest, words, said(place="长" * 300, class_name="长" * 300, unanswered=True, silent="长" * 60)):
        message = Message(
            delivery_id=new_id(), kind=each.kind, title=title_of(each), body=body_of(each), tag=f"case-{new_id()}",
            url=f"/c/{new_id()}", urgency="emergency", at=NOW, case_id=new_id(), deadline=NOW, count=99_999,
            actions=("accept", "navigate"), location=(112.5414123, 32.9986123), language="en",
            case_ids=tuple(new_id() for _ in range(CASES_NAMED)),
        )  # fmt: skip
        assert len(msgspec.json.encode(message)) <= PAYLOAD_MOST
