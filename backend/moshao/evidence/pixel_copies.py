"""Make the copies that people look at: upright, without a word of metadata."""

import io

from PIL import Image, ImageDraw, ImageFont

from moshao.evidence.pixel_messages import SCREEN_EDGE, THUMB_EDGE, Kind, Stamp, Stamped
from moshao.evidence.pixel_opening import open_picture

JPEG_QUALITY = 82
WEBP_QUALITY = 75
WEBP_METHOD = 2  # half the time of the default for 3 % more octets
LINE_SHARE = 32  # lines on a picture's height or width, whichever is less
BAND = (0, 0, 0, 140)


def small_copies(path: str, kind: Kind) -> tuple[bytes, bytes]:
    """(thumb, screen)."""
    screen = _screen(path, kind)
    thumb = _fitted(screen, THUMB_EDGE)
    return (
        _encoded(thumb, "WEBP", quality=WEBP_QUALITY, method=WEBP_METHOD),
        _encoded(screen, "JPEG", quality=JPEG_QUALITY),
    )


def stamped_copy(order: Stamp) -> Stamped:
    """The screen copy with its lines on a dark band at the foot."""
    picture = _screen(order.path, order.kind).convert("RGB")
    size = max(12, min(picture.size) // LINE_SHARE)
    font = ImageFont.truetype(order.font, size, layout_engine=ImageFont.Layout.BASIC)
    lines = [part for line in order.lines for part in _wrapped(line, font, picture.width - size)]
    height = round(size * 1.4)
    top = max(0, picture.height - height * len(lines) - size // 2)
    band = Image.new("RGBA", (picture.width, picture.height - top), BAND)
    picture.paste(band, (0, top), band)
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        pen.text((size // 2, top + size // 4 + number * height), line, fill="white", font=font)
    return Stamped(_encoded(picture, "JPEG", quality=JPEG_QUALITY))


def _screen(path: str, kind: Kind) -> Image.Image:
    return _fitted(open_picture(path, kind, SCREEN_EDGE).image, SCREEN_EDGE)


def _fitted(image: Image.Image, edge: int) -> Image.Image:
    scale = edge / max(image.size)
    if scale >= 1:
        return image
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0)


def _encoded(image: Image.Image, kind: str, **options: int) -> bytes:
    clean = image.copy()
    clean.info = {}  # comments and profiles would travel along
    out = io.BytesIO()
    clean.save(out, kind, **options)
    return out.getvalue()


def _wrapped(line: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    parts = [""]
    for letter in line:
        if parts[-1] and font.getlength(parts[-1] + letter) > width:
            parts.append("")
        parts[-1] += letter
    return parts
