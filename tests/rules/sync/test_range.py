"""What a cursor is worth, whoever remembers under what it was made."""

import pytest

from moshao.journal.queries import Head
from moshao.sync.rules import Asked, Began, Range, range_of

HEAD = Head(seq=100, epoch="e")
BEGAN = Began(epoch="e", roster=3, until=80)


def delta(after: int) -> Range:
    return Range(after=after, upto=100, filling=False, until=0)


def filling(after: int, until: int) -> Range:
    return Range(after=after, upto=until, filling=True, until=until)


def test_who_knows_nothing_is_filled_up_to_the_end() -> None:
    for began in (None, BEGAN, Began(epoch="old", roster=1, until=0)):
        assert range_of(Asked(after=0, roster=1), began, HEAD, 3) == filling(0, 100)


def test_a_cursor_goes_on_under_the_same_epoch_and_roster() -> None:
    assert range_of(Asked(after=90), BEGAN, HEAD, 3) == delta(90)
    assert range_of(Asked(after=100), BEGAN, HEAD, 3) == delta(100)
    assert range_of(Asked(after=90, epoch="e", roster=3, until=0), None, HEAD, 3) == delta(90)


def test_half_filled_goes_on_being_filled() -> None:
    assert range_of(Asked(after=20), BEGAN, HEAD, 3) == filling(20, 80)
    assert range_of(Asked(after=80), BEGAN, HEAD, 3) == delta(80)
    assert range_of(Asked(after=20, epoch="e", roster=3, until=50), BEGAN, HEAD, 3) == filling(20, 50)
    assert range_of(Asked(after=20, until=0), BEGAN, HEAD, 3) == delta(20)


@pytest.mark.parametrize(
    ("asked", "began", "roster"),
    [
        (Asked(after=101), BEGAN, 3),
        (Asked(after=90), BEGAN, 4),
        (Asked(after=90), Began(epoch="before", roster=3, until=80), 3),
        (Asked(after=90), None, 3),
        (Asked(after=90, epoch="before"), BEGAN, 3),
        (Asked(after=90, roster=2), BEGAN, 3),
        (Asked(after=90, epoch="e"), None, 3),
    ],
    ids=["ahead", "other roster", "restored", "unknown client", "says old epoch", "says old roster", "says half"],
)
def test_what_can_not_be_trusted_starts_again(asked: Asked, began: Began | None, roster: int) -> None:
    assert range_of(asked, began, HEAD, roster) is None


def test_what_the_client_says_counts_before_what_was_remembered() -> None:
    assert range_of(Asked(after=90, roster=4), BEGAN, HEAD, 4) == delta(90)
    assert range_of(Asked(after=90, epoch="e"), Began(epoch="x", roster=3, until=0), HEAD, 3) == delta(90)


def test_a_filling_that_would_end_beyond_the_journal_is_none() -> None:
    assert range_of(Asked(after=20, epoch="e", roster=3, until=500), None, HEAD, 3) == delta(20)
