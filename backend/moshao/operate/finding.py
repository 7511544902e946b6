"""What the doctor finds: one thing that is well, that wants attention, or that is wrong."""

from typing import Literal

import msgspec

Level = Literal["ok", "warn", "bad"]


class Finding(msgspec.Struct, frozen=True):
    """`about`: what was looked at; `words`: how it is; `cure`: what to do, where something is to be done."""

    level: Level
    about: str
    words: str
    cure: str = ""


def ok(about: str, words: str) -> Finding:
    return Finding("ok", about, words)


def warn(about: str, words: str, cure: str) -> Finding:
    """It works, but something will be missed."""
    return Finding("warn", about, words, cure)


def bad(about: str, words: str, cure: str) -> Finding:
    """Somebody is let down by this now."""
    return Finding("bad", about, words, cure)
