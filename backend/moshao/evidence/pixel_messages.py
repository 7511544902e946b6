"""What the server and its pixel children say to each other: msgpack, each message after its length."""

import struct
from typing import Any, Literal

import msgspec

Kind = Literal["jpeg", "png", "webp", "heic", "voice"]
HEAD = struct.Struct(">I")

PIXELS_MOST = 64_000_000
THUMB_EDGE = 320
SCREEN_EDGE = 1280


class Check(msgspec.Struct, frozen=True, tag=True):
    """Decode the whole file and look at it: Seen or Bad."""

    path: str
    kind: Kind


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Read how long a voice note is: Heard or Bad."""

    path: str


class Derive(msgspec.Struct, frozen=True, tag=True):
    """Make the small copies: Copies or Bad."""

    path: str
    kind: Kind


class Stamp(msgspec.Struct, frozen=True, tag=True):
    """Make a copy with `lines` written into its foot: Stamped or Bad."""

    path: str
    kind: Kind
    lines: list[str]
    font: str


class Seen(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """A good photo. Width and height are those of the upright picture."""

    width: int
    height: int
    dhash: str
    brightness: int
    sharpness: int
    exif: dict[str, Any]


class Heard(msgspec.Struct, frozen=True, tag=True):
    """A voice note. `seconds` None: its container does not say."""

    media_type: str
    seconds: float | None


class Copies(msgspec.Struct, frozen=True, tag=True):
    """WebP of at most 320 px, JPEG of at most 1280 px."""

    thumb: bytes
    screen: bytes


class Stamped(msgspec.Struct, frozen=True, tag=True):
    jpeg: bytes


class Bad(msgspec.Struct, frozen=True, tag=True):
    """Not acceptable; `code` is that of the refusal."""

    code: str


Order = Check | Listen | Derive | Stamp
Result = Seen | Heard | Copies | Stamped | Bad


def framed(message: Order | Result) -> bytes:
    """The message as it goes through the pipe."""
    text = msgspec.msgpack.encode(message)
    return HEAD.pack(len(text)) + text
