"""More than three rings in a minute become one."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from moshao.alerts.bursts import Burst, hidden_until

START = datetime(2026, 11, 24, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def shown(seconds: list[float]) -> list[datetime]:
    """When notifications are shown, for rings at these seconds."""
    out, gathering = list[datetime](), None
    for second in sorted(seconds):
        at = START + timedelta(seconds=second)
        if gathering is not None and gathering <= at:
            out.append(gathering)
            gathering = None
        until = hidden_until(Burst(out, gathering), at)
        if until is None:
            out.append(at)
        else:
            gathering = until
    return [*out, gathering] if gathering else out


def test_three_are_shown_by_themselves() -> None:
    assert shown([0, 1, 2]) == [START + timedelta(seconds=second) for second in (0, 1, 2)]


def test_sixty_in_a_minute_are_four() -> None:
    assert len(shown(list(range(60)))) == 4
    assert len(shown([0.0] * 60)) == 4


def test_a_quiet_minute_later_they_ring_again() -> None:
    assert len(shown([0, 1, 2, 70])) == 4
    assert len(shown([0, 30, 61, 92, 123])) == 5


@given(st.lists(st.floats(0, 600), max_size=200))
def test_no_minute_sees_more_than_four(seconds: list[float]) -> None:
    out = shown(seconds)
    for first in out:
        assert sum(first <= at < first + MINUTE for at in out) <= 4


@given(st.lists(st.floats(0, 600), min_size=1, max_size=200))
def test_nothing_waits_longer_than_a_minute(seconds: list[float]) -> None:
    for second in seconds:
        at = START + timedelta(seconds=second)
        assert any(at <= when <= at + MINUTE for when in shown(seconds))
