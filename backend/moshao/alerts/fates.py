"""What the answer of a push service means for a delivery. Pure."""

from typing import Literal

import msgspec

from moshao.kit.jobs import BackOff

TRIES = BackOff(first_s=5, most_s=900, tries=12)
URGENT_TRIES = BackOff(first_s=2, most_s=60, tries=30)
# A push service that says "come back in a week" is not obeyed: the alert has other ways by then.
WAIT_MOST_S = 3600.0


class Outcome(msgspec.Struct, frozen=True):
    """`sent` · `later` (after `after_s` where it was said) · `failed` · `needless`: not meant to leave, or no more ·
    `gone`: the browser listens there no more."""

    fate: Literal["sent", "later", "failed", "needless", "gone"]
    why: str = ""
    after_s: float | None = None
    foreign_id: str | None = None


def of_answer(status: int, retry_after_s: float | None) -> Outcome:
    """RFC 8030 §5, §7.3, and what the services really answer."""
    if 200 <= status < 300:
        return Outcome("sent")
    if status in (404, 410):
        return Outcome("gone", f"answered_{status}")
    if status == 413:
        return Outcome("failed", "too_large")
    if status == 429 or status >= 500:
        return Outcome("later", f"answered_{status}", retry_after_s)
    if 300 <= status < 400:
        return Outcome("failed", "redirected")
    return Outcome("failed", f"answered_{status}")


def wait_s(outcome: Outcome, tries: int, *, urgent: bool) -> float | None:
    """Seconds until the next try, None where there is none."""
    back_off = URGENT_TRIES if urgent else TRIES
    if tries >= back_off.tries:
        return None
    usual = back_off.seconds(tries)
    return min(WAIT_MOST_S, max(usual, outcome.after_s or 0.0))
