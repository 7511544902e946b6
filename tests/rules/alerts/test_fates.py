"""What an answer means, and how long to wait."""

import pytest

from moshao.alerts.fates import TRIES, URGENT_TRIES, Outcome, of_answer, wait_s


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, "sent"), (201, "sent"), (202, "sent"), (204, "sent"), (404, "gone"), (410, "gone"), (413, "failed"),
        (400, "failed"), (401, "failed"), (403, "failed"), (301, "failed"), (307, "failed"), (429, "later"),
        (500, "later"), (502, "later"), (503, "later"),
    ],
)  # fmt: skip
def test_each_answer_has_its_fate(status: int, fate: str) -> None:
    assert of_answer(status, None).fate == fate


def test_who_says_when_is_heeded() -> None:
    outcome = of_answer(429, 120)
    wait = wait_s(outcome, 1, urgent=False)
    assert wait == 120


def test_nobody_is_waited_for_for_ever() -> None:
    assert wait_s(of_answer(503, 86400), 1, urgent=False) == 3600
    assert wait_s(Outcome("later"), TRIES.tries, urgent=False) is None
    assert wait_s(Outcome("later"), URGENT_TRIES.tries, urgent=True) is None


def test_urgent_ones_try_sooner() -> None:
    for tries in range(1, 8):
        normal, urgent = (wait_s(Outcome("later"), tries, urgent=each) for each in (False, True))
        assert normal is not None
        assert urgent is not None
        assert urgent < normal
