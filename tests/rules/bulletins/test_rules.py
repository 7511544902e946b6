"""Periods, the schedule, ranks, scores, cells, repeat places: decided on values alone."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.bulletins import cells
from moshao.bulletins.periods import DAY, Span, before, span_of
from moshao.bulletins.ranking import ranks, score_of
from moshao.bulletins.repeating import repeated
from moshao.bulletins.scheduling import due
from moshao.bulletins.schemas import Cell, PeriodKind
from moshao.figures.measures import MEASURES, rates_of
from moshao.figures.schemas import FigureRow
from moshao.people.settings import BulletinSettings, DistrictSettings, ScoreWeights

KINDS = st.sampled_from(["day", "week", "month", "quarter"])


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("day", "2026-11-23", "2026-11-23", "2026-11-23"),
        ("week", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("week", "2026-01-01", "2025-12-29", "2026-01-04"),
        ("month", "2028-02-29", "2028-02-01", "2028-02-29"),
        ("month", "2026-12-31", "2026-12-01", "2026-12-31"),
        ("quarter", "2026-11-23", "2026-10-01", "2026-12-31"),
        ("quarter", "2026-03-31", "2026-01-01", "2026-03-31"),
    ],
)
def test_a_day_lies_in_its_period(kind: PeriodKind, day: str, first: str, last: str) -> None:
    found = span_of(kind, date.fromisoformat(day))
    assert (str(found.first), str(found.last)) == (first, last)


@given(KINDS, st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_periods_follow_each_other_without_a_gap(kind: PeriodKind, day: date) -> None:
    span = span_of(kind, day)
    assert span.first <= day <= span.last
    assert span_of(kind, span.first) == span_of(kind, span.last) == span
    assert before(kind, span).last + DAY == span.first


@pytest.mark.parametrize(
    ("now", "spans"),
    [
        # Monday 06:59 and 07:00 in China.
        ("2026-11-22T22:59+00:00", {"month": "2026-10-01"}),
        ("2026-11-22T23:00+00:00", {"week": "2026-11-16", "month": "2026-10-01"}),
        # In the middle of a week it is the week before that is over.
        ("2026-11-25T01:00+00:00", {"week": "2026-11-16", "month": "2026-10-01"}),
        ("2026-12-01T00:00+00:00", {"week": "2026-11-23", "month": "2026-11-01"}),
    ],
)
def test_the_schedule_waits_for_its_hour(now: str, spans: dict[str, str]) -> None:
    settings = DistrictSettings(bulletins=BulletinSettings(scheduled=("week", "month")))
    found = due(settings, datetime.fromisoformat(now).astimezone(UTC))
    assert {kind: str(span.first) for kind, span in found} == spans


def row(**counts: int) -> FigureRow:
    whole = dict.fromkeys(MEASURES, 0) | counts
    return FigureRow(id="x", name="x", depth=1, median_s=None, **whole, **rates_of(whole))  # type: ignore[arg-type]


def test_a_score_is_the_weighted_sum_that_is_printed() -> None:
    one = row(due=24_932, closed=23_974, closed_on_time=22_345, worked_on=100, reworked=5, received=10, extended=1)
    # 40 × 96.16 % + 40 × 89.62 % + 20 × 95 %
    assert score_of(one, ScoreWeights()) == 9331
    assert score_of(one, ScoreWeights(closed=0, on_time=0, no_rework=0, no_extension=100)) == 9000
    assert score_of(row(received=3), ScoreWeights()) is None


def test_equals_share_a_place() -> None:
    ids = [UUID(int=number) for number in range(5)]
    assert ranks(dict(zip(ids, (90, 80, 90, None, 70), strict=True))) == {ids[0]: 1, ids[2]: 1, ids[1]: 3, ids[4]: 4}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (cells.rate(9616), "96.16%"), (cells.rate(5), "0.05%"), (cells.rate(None), "–"),
        (cells.score(10_000), "100.00"),
        (cells.points(9616, 9626), "-0.10 个百分点"), (cells.points(10, 10), "0"), (cells.points(None, 10), "–"),
        (cells.change(3, 5), "-2"), (cells.change(5, 3), "+2"), (cells.hours(5400), "1.5"),
        (cells.hours_change(3600, 7200), "-1.0"), (cells.text("a\x00b\ufffe"), "ab"), (cells.text(""), "–"),
    ],
)  # fmt: skip
def test_cells_read_well(cell: Cell, text: str) -> None:
    assert cell.text == text


def place(number: int, lon: float, lat: float, key: str = "a") -> dict[str, object]:
    return {"case_no": f"{number:03}", "class_key": key, "lon": lon, "lat": lat}


def test_a_place_is_a_chain_of_neighbours_of_one_class() -> None:
    # Some 40 m apart along a street, so the ends are 80 m from each other.
    chain = [place(number, 112.5 + number * 0.00043, 33.0) for number in range(3)]
    far = [place(9, 112.6, 33.0), place(10, 112.6, 33.0)]
    other = [place(11, 112.5, 33.0, "b"), place(12, 112.5, 33.0, "b")]
    assert [[one["case_no"] for one in group] for group in repeated([*chain, *far, *other])] == [["000", "001", "002"]]
    assert repeated([]) == []


def test_spans_are_whole() -> None:
    assert span_of("week", date(2026, 11, 18)) == Span(date(2026, 11, 16), date(2026, 11, 22))
