"""Voice notes of our own making, container by container: no sound in them, but everything that tells their length."""

import struct


def ogg(seconds: float, *, opus: bool = True) -> bytes:
    head = b"OpusHead\x01\x01" + struct.pack("<HI", 312, 48000) + b"\x00\x00\x00"
    if not opus:
        head = b"\x01vorbis" + struct.pack("<IBI", 0, 1, 48000) + bytes(14)
    last = round(seconds * 48000) + (312 if opus else 0)
    return _page(head, 0, 2) + _page(b"sound" * 20, last // 2, 0) + _page(b"sound" * 20, last, 4)


def _page(content: bytes, granule: int, flags: int) -> bytes:
    segments = [255] * (len(content) // 255) + [len(content) % 255]
    head = b"OggS\x00" + struct.pack("<BqIII", flags, granule, 7, 0, 0)
    return head + bytes([len(segments), *segments]) + content


def webm(seconds: float, *, said: bool = True, track: int = 2, doc_type: bytes = b"webm") -> bytes:
    """`said`: its head gives the length. A browser that records does not know it yet: the blocks tell."""
    head = _element(0x1A45DFA3, _element(0x4286, b"\x01") + _element(0x4282, doc_type))
    info = _element(0x2AD7B1, (1_000_000).to_bytes(3, "big"))
    if said:
        info += _element(0x4489, struct.pack(">d", seconds * 1000))
    tracks = _element(0x1654AE6B, _element(0xAE, _element(0xD7, b"\x01") + _element(0x83, bytes([track]))))
    blocks = b"".join(
        _unknown(0x1F43B675)
        + _element(0xE7, int(second * 1000).to_bytes(4, "big"))
        + _element(0xA3, b"\x81" + struct.pack(">h", 0) + b"\x80sound")
        for second in (0, seconds / 2, seconds)
    )
    return head + _unknown(0x18538067) + _element(0x1549A966, info) + tracks + blocks


def _element(name: int, content: bytes) -> bytes:
    return _name(name) + struct.pack(">Q", len(content) | 1 << 56) + content


def _unknown(name: int) -> bytes:
    return _name(name) + b"\x01" + b"\xff" * 7


def _name(name: int) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8, "big")


def mp4(seconds: float, *, handler: bytes = b"soun", fragmented: bool = False) -> bytes:
    """`fragmented`: as an iPhone's browser records, with no length in the head."""
    length = 0 if fragmented else round(seconds * 1000)
    movie = _box(b"mvhd", bytes(4) + struct.pack(">IIII", 0, 0, 1000, length) + bytes(80))
    media = _box(b"mdhd", bytes(4) + struct.pack(">IIII", 0, 0, 44100, 0) + bytes(4))
    media += _box(b"hdlr", bytes(8) + handler + bytes(13))
    content = _box(b"ftyp", b"M4A \x00\x00\x00\x00isom") + _box(b"moov", movie + _box(b"trak", _box(b"mdia", media)))
    if fragmented:
        for second in (0, seconds / 2, seconds):
            begun = struct.pack(">BxxxQ", 1, round(second * 44100))
            content += _box(b"moof", _box(b"traf", _box(b"tfdt", begun))) + _box(b"mdat", b"sound" * 10)
    return content


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", len(content) + 8, name) + content
