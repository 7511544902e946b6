"""When the worker takes a backup by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from moshao.operate.backup_schedule import is_due

# 02:30 in China.
MOMENT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "good", "tried", "due"),
    [
        (MOMENT, None, None, True),
        (MOMENT, MOMENT - DAY + MINUTE, MOMENT - DAY + MINUTE, True),
        (MOMENT - MINUTE, MOMENT - DAY + MINUTE, MOMENT - DAY + MINUTE, False),
        (MOMENT + MINUTE, MOMENT, MOMENT, False),
        (MOMENT + 8 * 60 * MINUTE, MOMENT - DAY, MOMENT - DAY, True),
        (MOMENT + MINUTE, MOMENT - DAY, MOMENT, False),
        (MOMENT + 31 * MINUTE, MOMENT - DAY, MOMENT, True),
    ],
    ids=["never yet", "a day later", "a minute early", "just taken", "slept through", "failed just now", "tried again"],
)
def test_due(now: datetime, good: datetime | None, tried: datetime | None, due: bool) -> None:
    assert is_due(now, "02:30", good, tried) is due
