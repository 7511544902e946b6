"""Files that mean harm, or are just no photos: a clean answer within seconds, and good photos beside them get in."""

import asyncio
import io
import struct
import zlib
from collections.abc import Callable

import psutil
import pytest
from PIL import Image

from tests.api.evidence import pictures
from tests.api.evidence.pictures import encoded, jpeg, scene
from tests.api.evidence.sending import Sending
from tests.world import World

# Of the processor, by this process and its children: how long it takes is also the affair of others on the machine.
SECONDS_MOST = 3.0


def used_s() -> float:
    """What this process and its children, those that ended too, have used so far."""
    own = psutil.Process()
    mine = own.cpu_times()
    ended = mine.children_user + mine.children_system
    alive = [child.cpu_times() for child in own.children()]
    return float(mine.user + mine.system + ended + sum(child.user + child.system for child in alive))


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def moving(kind: str) -> bytes:
    frames = [scene(seed, (64, 48)) for seed in range(3)]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def png_with_bomb(name: bytes, head: bytes) -> bytes:
    """A good little picture with 500 MB of zeros packed into a chunk beside it."""
    packer = zlib.compressobj(9)
    block = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(500)), packer.flush()])
    rows = b"".join(b"\x00" + bytes(range(64)) for _ in range(64))
    return pictures.png_of(64, 64, rows, extra=pictures.chunk(name, head + block))


NO_PHOTOS: dict[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"hello, this is no photo", "not_a_photo"),
    "html": (lambda: b"<html><script>alert(1)</script></html>", "not_a_photo"),
    "svg": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_photo"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (r) file", "not_a_photo"),
    "pdf": (lambda: b"%PDF-1.7\n", "not_a_photo"),
    "zip": (lambda: b"PK\x03\x04" + bytes(100), "not_a_photo"),
    "gif": (lambda: encoded(scene(1, (64, 48)), "GIF"), "not_a_photo"),
    "gif with script": (lambda: b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", "not_a_photo"),
    "bmp": (lambda: encoded(scene(1, (64, 48)), "BMP"), "not_a_photo"),
    "tiff": (lambda: encoded(scene(1, (64, 48)), "TIFF"), "not_a_photo"),
    "icon": (lambda: encoded(scene(1, (64, 48)), "ICO"), "not_a_photo"),
    "avif": (lambda: encoded(scene(1, (64, 48)), "AVIF"), "not_a_photo"),
    "one octet": (lambda: b"\xff", "not_a_photo"),
    "jpeg head alone": (lambda: b"\xff\xd8\xff\xe0", "photo_broken"),
    "jpeg cut": (lambda: half(jpeg()), "photo_broken"),
    "jpeg without its last octets": (lambda: jpeg()[:-200], "photo_broken"),
    "progressive jpeg cut": (lambda: half(jpeg(progressive=True)), "photo_broken"),
    "png cut": (lambda: half(pictures.png()), "photo_broken"),
    "png without its end": (lambda: pictures.png()[:-12], "photo_broken"),
    "webp cut": (lambda: half(pictures.webp()), "photo_broken"),
    "heic cut": (lambda: half(pictures.heic()), "photo_broken"),
    "268 megapixels in 34 octets": (lambda: pictures.webp_of(16384, 16384), "photo_too_many_pixels"),
    "png of 900 megapixels": (lambda: pictures.png_of(30000, 30000, b""), "photo_too_many_pixels"),
    "png a little too large": (lambda: pictures.png_of(8001, 8000, b""), "photo_too_many_pixels"),
    "jpeg of 4 gigapixels": (lambda: huge_jpeg(65500, 65500), "photo_too_many_pixels"),
    "heic of 3 gigapixels": (lambda: pictures.resized_heic(60000, 60000), "photo_too_many_pixels"),
    "1,000 scans": (lambda: pictures.many_scans(1000), "photo_too_costly"),
    "moving png": (lambda: moving("PNG"), "photo_moves"),
    "moving webp": (lambda: moving("WEBP"), "photo_moves"),
    "jpeg without height": (lambda: huge_jpeg(800, 0), "photo_broken"),
    "jpeg in name": (lambda: b"\xff\xd8\xff" + bytes(5000), "photo_broken"),
    "png in name": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000), "photo_broken"),
    "webp in name": (lambda: b"RIFF\x00\x10\x00\x00WEBP" + bytes(5000), "photo_broken"),
    "heic in name": (lambda: b"\x00\x00\x00\x18ftypheic" + bytes(5000), "photo_broken"),
    "packed profile": (lambda: png_with_bomb(b"iCCP", b"x\x00\x00"), "photo_broken"),
    "a voice note as a photo": (lambda: b"OggS" + bytes(100), "not_a_photo"),
}


def huge_jpeg(width: int, height: int) -> bytes:
    """A JPEG whose frame claims this size."""
    plain = jpeg()
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


ODD_BUT_GOOD: dict[str, Callable[[], bytes]] = {
    "archive behind": lambda: jpeg() + b"PK\x03\x04<script>alert(1)</script>",
    "page inside": lambda: jpeg(comment=b"<html><script>alert(document.cookie)</script>"),
    "several pictures": lambda: encoded(scene(1), "MPO", save_all=True, append_images=[scene(2)]),
    "print colours": lambda: encoded(scene(1).convert("CMYK"), "JPEG"),
    "grey": lambda: encoded(scene(1).convert("L"), "JPEG"),
    "progressive": lambda: jpeg(progressive=True),
    "palette, see-through": lambda: encoded(scene(1).quantize(32), "PNG", transparency=3),
    "black and white": lambda: encoded(scene(1).convert("1"), "PNG"),
    "grey of 16 bits": lambda: encoded(scene(1).convert("I;16"), "PNG"),
    "see-through grey": lambda: encoded(scene(1).convert("LA"), "PNG"),
    "see-through webp": lambda: encoded(scene(1).convert("RGBA"), "WEBP"),
    "lossless webp": lambda: pictures.webp(lossless=True),
    "one pixel": lambda: encoded(Image.new("RGB", (1, 1)), "JPEG"),
    "one line": lambda: encoded(Image.new("RGB", (60000, 1), "red"), "JPEG"),
    "one column": lambda: encoded(Image.new("RGB", (1, 5000), "red"), "PNG"),
    "64 megapixels": lambda: encoded(Image.new("RGB", (8000, 8000), "red"), "JPEG"),
    "png with too few rows": lambda: pictures.png_of(8000, 8000, bytes(8001 * 10)),
    "EXIF of nothing": lambda: pictures.with_exif_block(b""),
    "EXIF of nonsense": lambda: pictures.with_exif_block(bytes(range(256)) * 20),
    "EXIF that points at itself": lambda: pictures.with_exif_block(b"II*\x00\x08\x00\x00\x00\x01\x00" + loop() * 2),
    "EXIF bomb": lambda: pictures.with_exif_block(pictures.exif_bomb()),
    "EXIF with no such orientation": lambda: jpeg(exif=pictures.exif(orientation=99)),
}


def loop() -> bytes:
    """A directory entry that says the EXIF directory is this one."""
    return struct.pack("<HHII", 0x8769, 4, 1, 8)


@pytest.mark.parametrize("name", NO_PHOTOS)
async def test_refused_once_and_for_all(world: World, name: str) -> None:
    make, code = NO_PHOTOS[name]
    bad, good = Sending(world.as_("stranger"), make()), Sending(world.as_("handler"), jpeg())
    before = used_s()
    answer, beside = await asyncio.gather(bad.whole(), good.whole())
    assert used_s() - before < SECONDS_MOST
    assert beside.status_code == 201
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert answer.json()["retry"] is False
    for again in (bad.whole(), bad.create(), bad.ask(), bad.go_on(0)):
        assert (await again).status_code == 422
    assert (await bad.look()).status_code == 404
    kept = world.settings.data / "blobs" / "quarantine" / str(bad.photo_id)
    assert kept.read_bytes() == bad.content
    assert code in kept.with_suffix(".json").read_text()


@pytest.mark.parametrize("name", ODD_BUT_GOOD)
async def test_odd_but_a_photo(world: World, name: str) -> None:
    photo, beside = Sending(world.as_("stranger"), ODD_BUT_GOOD[name]()), Sending(world.as_("handler"), jpeg(7))
    answers = await asyncio.gather(photo.whole(), beside.whole())
    assert [answer.status_code for answer in answers] == [201, 201], answers[0].text
    assert (await photo.look("original")).content == photo.content
    for size in ("thumb", "screen", "stamped"):
        answer = await photo.look(size)
        assert answer.status_code == 200, answer.text
        Image.open(io.BytesIO(answer.content)).load()
        assert b"alert(" not in answer.content


async def test_packed_words_are_not_unpacked(world: World) -> None:
    """Whatever becomes of it, it costs neither the time nor the memory of 500 MB."""
    photo = Sending(world.as_("handler"), png_with_bomb(b"zTXt", b"Comment\x00\x00"))
    before = used_s()
    answer = await photo.whole()
    assert answer.status_code in (201, 422)
    assert used_s() - before < SECONDS_MOST


async def test_many_at_once_and_one_good(world: World) -> None:
    bad = [Sending(world.as_("stranger"), pictures.many_scans(400 + n, (1500, 1500))) for n in range(8)]
    good = [Sending(world.as_("handler"), jpeg(seed)) for seed in range(8)]
    answers = await asyncio.gather(*(each.whole() for each in (*bad, *good)))
    assert [answer.status_code for answer in answers] == [422] * 8 + [201] * 8
