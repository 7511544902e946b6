"""Read how long a voice note is: WebM, Ogg and MP4, by their containers alone. Pure; bytes in, numbers out."""

import struct
from collections.abc import Iterator

import msgspec

EBML, DOC_TYPE, SEGMENT = 0x1A45DFA3, 0x4282, 0x18538067
INFO, TIMECODE_SCALE, DURATION = 0x1549A966, 0x2AD7B1, 0x4489
TRACKS, TRACK, TRACK_TYPE = 0x1654AE6B, 0xAE, 0x83
CLUSTER, TIMECODE, BLOCK_GROUP, BLOCK, SIMPLE_BLOCK = 0x1F43B675, 0xE7, 0xA0, 0xA1, 0xA3
WEBM_MASTERS = frozenset({EBML, SEGMENT, INFO, TRACKS, TRACK, CLUSTER, BLOCK_GROUP})
WEBM_AUDIO = 2
OPUS_RATE = 48_000
MP4_FOLDERS = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})


class Note(msgspec.Struct, frozen=True):
    """A voice note. `seconds` None: its container does not say."""

    media_type: str
    seconds: float | None


def read_note(data: bytes) -> Note | None:
    """The note in `data`, None where it is none: another container, no sound in it, or moving pictures."""
    try:
        if data.startswith(b"\x1a\x45\xdf\xa3"):
            return _webm(data)
        if data.startswith(b"OggS"):
            return _ogg(data)
        if data[4:8] == b"ftyp":
            return _mp4(data)
    except (struct.error, IndexError, ZeroDivisionError, ValueError):
        return None
    return None


def _webm(data: bytes) -> Note | None:
    tracks: set[int] = set()
    scale, said, cluster, last = 1_000_000, 0.0, 0, 0
    for name, start, end in _elements(data):
        value = data[start:end]
        if name == DOC_TYPE and value != b"webm":
            return None
        if name == TRACK_TYPE:
            tracks.add(int.from_bytes(value, "big"))
        elif name == TIMECODE_SCALE:
            scale = int.from_bytes(value, "big")
        elif name == DURATION:
            said = struct.unpack(">f" if len(value) == 4 else ">d", value)[0]
        elif name == TIMECODE:
            cluster = int.from_bytes(value, "big")
        elif name in (BLOCK, SIMPLE_BLOCK):
            width = 9 - value[0].bit_length()
            last = max(last, cluster + struct.unpack_from(">h", value, width)[0])
    if tracks != {WEBM_AUDIO}:
        return None
    return Note("audio/webm", max(said, last) * scale / 1e9 or None)


def _elements(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(id, start, end) of each element that is no folder; folders are entered, of known size or not."""
    at = 0
    while at < len(data):
        width = 9 - data[at].bit_length()
        name = int.from_bytes(data[at : at + width], "big")
        at += width
        width = 9 - data[at].bit_length()
        size = int.from_bytes(data[at : at + width], "big") & ((1 << 7 * width) - 1)
        at += width
        if name in WEBM_MASTERS:
            continue
        yield name, at, at + size
        at += size


def _ogg(data: bytes) -> Note | None:
    at, granule, rate, skip = 0, 0, 0, 0
    while data[at : at + 4] == b"OggS":
        segments = data[at + 26]
        start = at + 27 + segments
        position = struct.unpack_from("<q", data, at + 6)[0]
        granule = max(granule, position)
        if at == 0 and data.startswith(b"OpusHead", start):
            rate, skip = OPUS_RATE, struct.unpack_from("<H", data, start + 10)[0]
        elif at == 0 and data.startswith(b"\x01vorbis", start):
            rate = struct.unpack_from("<I", data, start + 12)[0]
        at = start + sum(data[at + 27 : start])
    return Note("audio/ogg", max(0, granule - skip) / rate or None) if rate else None


def _mp4(data: bytes) -> Note | None:
    handlers: set[bytes] = set()
    seconds, track_scale, fragment = 0.0, 1, 0
    for name, start, _ in _boxes(data, 0, len(data)):
        long = data[start : start + 1] == b"\x01"
        if name == b"hdlr":
            handlers.add(data[start + 8 : start + 12])
        elif name == b"mvhd":
            scale, length = struct.unpack_from(">IQ" if long else ">II", data, start + (20 if long else 12))
            seconds = length / scale
        elif name == b"mdhd":
            track_scale = struct.unpack_from(">I", data, start + (20 if long else 12))[0]
        elif name == b"tfdt":
            fragment = max(fragment, struct.unpack_from(">Q" if long else ">I", data, start + 4)[0])
    if b"soun" not in handlers or b"vide" in handlers:
        return None
    return Note("audio/mp4", max(seconds, fragment / track_scale) or None)


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(name, start, end) of each box, folders included and entered."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">I4s", data, at)
        start = at + 8
        if size == 1:
            size, start = struct.unpack_from(">Q", data, start)[0], start + 8
        stop = end if size == 0 else at + size
        if stop < start or stop > end:
            return
        yield name, start, stop
        if name in MP4_FOLDERS:
            yield from _boxes(data, start, stop)
        at = stop
