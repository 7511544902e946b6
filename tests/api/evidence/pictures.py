"""Photos of our own making: good ones, each unlike any other, and those that mean harm."""

import io
import random
import struct
import zlib
from typing import Any

import pillow_heif
from PIL import Image

pillow_heif.register_heif_opener()

Size = tuple[int, int]


def scene(seed: int, size: Size = (800, 600)) -> Image.Image:
    """Something like a street: broad shapes and fine grain, told apart by its seed."""
    dice = random.Random(seed)
    coarse = Image.frombytes("RGB", (16, 12), dice.randbytes(16 * 12 * 3))
    grain = Image.frombytes("L", (200, 150), dice.randbytes(200 * 150)).resize(size)
    broad = coarse.resize(size, Image.Resampling.BICUBIC)
    return Image.blend(broad, Image.merge("RGB", (grain, grain, grain)), 0.25)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpeg(seed: int = 1, size: Size = (800, 600), **options: Any) -> bytes:
    return encoded(scene(seed, size), "JPEG", **{"quality": 85} | options)


def png(seed: int = 1, size: Size = (200, 150)) -> bytes:
    return encoded(scene(seed, size), "PNG")


def webp(seed: int = 1, size: Size = (800, 600), **options: Any) -> bytes:
    return encoded(scene(seed, size), "WEBP", **options)


def heic(seed: int = 1, size: Size = (400, 300)) -> bytes:
    return encoded(scene(seed, size), "HEIF")


def exif(**tags: Any) -> Image.Exif:
    """EXIF with these tags of the first directory: `_0x0110="…"` or by the names below."""
    made = Image.Exif()
    names = {"make": 0x010F, "model": 0x0110, "orientation": 0x0112, "software": 0x0131}
    for name, value in tags.items():
        made[names[name]] = value
    return made


def with_place_and_time(lon: float, lat: float, time: str) -> Image.Exif:
    """EXIF of a camera that knew where it was. `time` as EXIF writes it, local."""
    made = exif(make="华为", model="P40")
    made.get_ifd(0x8769)[0x9003] = time
    gps = made.get_ifd(0x8825)
    gps[1], gps[2] = ("N" if lat >= 0 else "S"), _sexagesimal(abs(lat))
    gps[3], gps[4] = ("E" if lon >= 0 else "W"), _sexagesimal(abs(lon))
    return made


def _sexagesimal(angle: float) -> tuple[float, float, float]:
    degrees, rest = divmod(angle, 1)
    minutes, rest = divmod(rest * 60, 1)
    return degrees, minutes, round(rest * 60, 4)


def png_of(width: int, height: int, rows: bytes = b"", *, extra: bytes = b"") -> bytes:
    """A grey PNG that claims this size and holds `rows` of image data."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND")


def chunk(name: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def webp_of(width: int, height: int) -> bytes:
    """34 octets that claim up to 268 megapixels, lossless, all of one colour."""
    bits = (width - 1) | (height - 1) << 14
    content = b"\x2f" + bits.to_bytes(4, "little") + bytes.fromhex("88880888080000")
    content += b"\x00" * (len(content) % 2)
    body = b"WEBPVP8L" + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_scans(count: int, size: Size = (2000, 2000)) -> bytes:
    """A progressive JPEG whose last scan stands `count` times."""
    plain = encoded(Image.new("RGB", size, (90, 120, 60)), "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * count + plain[-2:]


def with_exif_block(block: bytes, seed: int = 1) -> bytes:
    """A JPEG with this EXIF block, however wrong."""
    plain = jpeg(seed)
    content = b"Exif\x00\x00" + block
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(content) + 2) + content + plain[2:]


def exif_bomb() -> bytes:
    """4,000 entries that all point at the same 16 KB."""
    entries = b"".join(struct.pack("<HHII", 0x9000 + n, 7, 16_000, 8) for n in range(4000))
    return b"II*\x00" + struct.pack("<IH", 8, 4000) + entries + struct.pack("<I", 8)


def resized_heic(width: int, height: int) -> bytes:
    """A HEIC that claims another size."""
    plain = heic()
    at = plain.index(b"ispe") + 8
    return plain[:at] + struct.pack(">II", width, height) + plain[at + 8 :]
