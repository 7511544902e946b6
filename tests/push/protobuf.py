"""As much of the protocol buffers' wire format as Google's push service needs: numbers, texts, parts."""

import struct
from collections.abc import Iterator


def varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes([number])


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def fixed64(field: int, value: int) -> bytes:
    return varint(field << 3 | 1) + struct.pack("<Q", value)


def part(field: int, content: bytes | str) -> bytes:
    """A text, bytes, or another message."""
    octets = content.encode() if isinstance(content, str) else content
    return varint(field << 3 | 2) + varint(len(octets)) + octets


def parts(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Its fields of length-delimited type, in order."""
    at = 0
    while at < len(message):
        tag, at = _varint_at(message, at)
        field, wire = tag >> 3, tag & 7
        if wire == 0:
            _, at = _varint_at(message, at)
        elif wire == 2:
            length, at = _varint_at(message, at)
            yield field, message[at : at + length]
            at += length
        else:
            assert wire in (1, 5), f"wire type {wire}"
            at += 8 if wire == 1 else 4


def _varint_at(message: bytes, at: int) -> tuple[int, int]:
    """The number, and where it ends."""
    value = shift = 0
    while True:
        octet = message[at]
        value |= (octet & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if octet < 0x80:
            return value, at
