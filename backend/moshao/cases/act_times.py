"""When an act was done: the phone's word, put right by what is known of its clock, and bounded."""

from datetime import datetime, timedelta

import msgspec

DOUBT = timedelta(minutes=5)


class Times(msgspec.Struct, frozen=True):
    """`corrected`: by the phone's clock put right. `counts`: what clocks and figures go by; the arrival in `doubt`."""

    corrected: datetime
    counts: datetime
    doubt: bool


def times_of(
    done_at: datetime,
    heard_at: datetime,
    *,
    device_time: datetime | None,
    offset_s: float | None,
    from_device: bool,
    given_at: datetime | None,
) -> Times:
    """`device_time`: the phone's clock when it sent; `offset_s`: server minus phone as measured and signed earlier.

    Never later than `heard_at`, never earlier than `given_at`, when the case was first given to this person. The
    two measures more than 5 minutes apart make a doubt, and so does a phone that nobody measured. A desk's computer
    is never measured: what it sends counts when it arrives.
    """
    signed = timedelta(seconds=offset_s) if offset_s is not None else None
    shown = heard_at - device_time if device_time is not None else None
    doubt = shown is not None and signed is not None and abs(shown - signed) > DOUBT
    difference = shown if shown is not None else signed
    if difference is None:
        return Times(heard_at, heard_at, from_device)
    corrected = _added(done_at, difference, heard_at)
    if given_at is not None:
        corrected = max(corrected, given_at)
    corrected = min(corrected, heard_at)
    return Times(corrected, heard_at if doubt else corrected, doubt)


def _added(done_at: datetime, difference: timedelta, otherwise: datetime) -> datetime:
    try:
        return done_at + difference
    except OverflowError:
        return otherwise
