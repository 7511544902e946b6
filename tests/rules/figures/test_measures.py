"""Rates as the districts publish them."""

import pytest

from moshao.figures.measures import MEASURES, RATES, rate
from moshao.figures.wording import SAYINGS


@pytest.mark.parametrize(
    ("part", "whole", "published"),
    [
        (23_974, 24_932, 9616),  # Lianyungang 2017-04: 96.16 % closed
        (22_345, 24_932, 8962),  # the same: 89.62 % on time
        (5_912, 6_026, 9811),  # a district 2019-05
        (103_791, 106_088, 9783),  # Wancheng 2019-01 to 09, of all received
        (1, 1, 10_000),
        (0, 7, 0),
    ],
)
def test_published_rates_come_out(part: int, whole: int, published: int) -> None:
    assert rate(part, whole) == published


def test_of_nothing_there_is_no_rate() -> None:
    assert rate(0, 0) is None


def test_every_number_says_what_it_is() -> None:
    assert list(SAYINGS) == [*MEASURES, *RATES, "median_s"]
