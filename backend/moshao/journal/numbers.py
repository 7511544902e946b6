"""The number of the last line, in statements that are written before anybody knows it."""

from enum import Enum
from typing import Any

import msgspec


class Number(Enum):
    """Arguments that stand for a number."""

    LAST = "the number of the last line that is being written"


LAST = Number.LAST


class Around(msgspec.Struct, frozen=True):
    """Text with that number in it."""

    before: str
    after: str


def known(arg: Any, last: int) -> Any:
    """The argument itself, now that the number is known."""
    if arg is LAST:
        return last
    return f"{arg.before}{last}{arg.after}" if isinstance(arg, Around) else arg
