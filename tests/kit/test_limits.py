"""Token buckets."""

import pytest

from moshao.kit import clock
from moshao.kit.errors import Refused
from moshao.kit.limits import Limits, taken_or_refused


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(clock, "monotonic", lambda: now[0])
    return now


def test_a_bucket_empties_and_fills_again(seconds: list[float]) -> None:
    limits = Limits(per_second=2, burst=3)
    assert [limits.take("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert limits.take("b") == 0
    seconds[0] += 0.5
    assert [limits.take("a") for _ in range(2)] == [0, 0.5]
    seconds[0] += 3600
    assert [limits.take("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_cost_above_the_burst_waits_for_a_full_bucket(seconds: list[float]) -> None:
    limits = Limits(per_second=1, burst=3)
    assert limits.take("a", cost=10) == 0
    assert limits.take("a") == 8
    seconds[0] += 8
    assert limits.take("a") == 0


def test_the_longest_unused_is_forgotten(seconds: list[float]) -> None:
    limits = Limits(per_second=0.1, burst=1, keys=2)
    limits.take("a")
    limits.take("b")
    limits.take("a")
    limits.take("c")
    assert limits.take("a") > 0
    assert limits.take("b") == 0


def test_a_refusal_says_when(seconds: list[float]) -> None:
    limits = Limits(per_second=0.4, burst=1)
    taken_or_refused(limits, "a")
    with pytest.raises(Refused) as refused:
        taken_or_refused(limits, "a")
    assert refused.value.kind.code == "too_many_requests"
    assert refused.value.headers == {"Retry-After": "3"}
