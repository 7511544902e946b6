"""What a file is, told from its first bytes and from nothing a stranger says about it. Pure."""

import struct

from moshao.evidence.pixel_messages import PIXELS_MOST, Kind

HEAD_OCTETS = 64 * 1024
QUICK_PIXELS = 3_000_000
MEDIA_TYPES: dict[Kind, str] = {"jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp", "heic": "image/heic"}
# hevc and hevx are sequences: moving pictures.
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1")
BASELINE = 0xC0
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


def kind_of(head: bytes) -> Kind | None:
    """The kind, None for anything that is neither photo nor voice note."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in HEIC_BRANDS:
        return "heic"
    if head.startswith((b"\x1a\x45\xdf\xa3", b"OggS")) or head[4:8] == b"ftyp":
        return "voice"
    return None


def is_quick(kind: Kind, head: bytes) -> bool:
    """Whether decoding is sure to be cheap in time and memory: a baseline JPEG, or anything small but HEIC."""
    if kind == "jpeg":
        frame, size = _jpeg_frame(head)
        return frame == BASELINE or _area(size) <= QUICK_PIXELS
    return kind == "voice" or (kind in ("png", "webp") and _area(size_in(kind, head)) <= QUICK_PIXELS)


def has_too_many_pixels(kind: Kind, head: bytes) -> bool:
    """Whether the head says so already; a child process need not look at it then."""
    return PIXELS_MOST < _area(size_in(kind, head)) < float("inf")


def size_in(kind: Kind, head: bytes) -> tuple[int, int] | None:
    """Width and height as the head gives them, None where it does not say."""
    if kind == "jpeg":
        return _jpeg_frame(head)[1]
    if kind == "png" and len(head) >= 24:
        return struct.unpack_from(">II", head, 16)
    return _webp_size(head) if kind == "webp" and len(head) >= 30 else None


def _area(size: tuple[int, int] | None) -> float:
    return size[0] * size[1] if size else float("inf")


def _jpeg_frame(head: bytes) -> tuple[int, tuple[int, int] | None]:
    """(marker, size) of the start of frame, (0, None) where the head ends before it."""
    at = 2
    while at + 9 <= len(head):
        if head[at] != 0xFF:
            return 0, None
        marker = head[at + 1]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", head, at + 5)
            return marker, (width, height)
        if marker == 0xFF:
            at += 1
        elif marker in LONE_MARKERS:
            at += 2
        else:
            at += 2 + struct.unpack_from(">H", head, at + 2)[0]
    return 0, None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    chunk = head[12:16]
    if chunk == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if chunk == b"VP8 ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
