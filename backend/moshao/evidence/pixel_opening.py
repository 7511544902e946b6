"""Open a photo of each kind, wholly decoded but no larger than needed, and upright."""

import io
import warnings
from collections.abc import Callable
from typing import Any

import msgspec
import pillow_heif
from PIL import Image
from pillow_heif import options as heif_options

from moshao.evidence import pixel_exif, pixel_webp
from moshao.evidence.pixel_messages import PIXELS_MOST, Kind

# A progressive JPEG goes over all its pixels once per scan: 200 KB with 1,000 scans cost 15 seconds.
SCAN_PIXELS_MOST = 800_000_000
START_OF_SCAN = b"\xff\xda"
PNG_END = b"IEND\xae\x42\x60\x82"
STRIP_ROWS = 256
PLAIN = ("L", "LA", "RGB", "RGBA")

Image.MAX_IMAGE_PIXELS = PIXELS_MOST
warnings.simplefilter("error", Image.DecompressionBombWarning)
heif_options.DECODE_THREADS = 1
heif_options.THUMBNAILS = heif_options.DEPTH_IMAGES = heif_options.AUX_IMAGES = False

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class BadPicture(Exception):
    """Not acceptable; `code` is that of the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Picture(msgspec.Struct, frozen=True):
    """`image`: upright, RGB or grey, on white where it was see-through. `width`, `height`: of the upright original."""

    image: Image.Image
    width: int
    height: int
    exif: dict[str, Any]


def open_picture(path: str, kind: Kind, edge: int) -> Picture:
    """Decode every pixel of the file, scaled down while its long side stays ≥ `edge`. Raises BadPicture."""
    with open(path, "rb") as file:
        data = file.read()
    try:
        image, size, exif = _OPENERS[kind](data, edge)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPicture("photo_too_many_pixels") from None
    except (BadPicture, MemoryError):
        raise
    except Exception:
        # Whatever a decoder trips over, the file is what is wrong.
        raise BadPicture("photo_broken") from None
    return _upright(image, size, pixel_exif.read_exif(exif), turned=kind == "heic")


def _upright(image: Image.Image, size: tuple[int, int], exif: dict[str, Any], turned: bool) -> Picture:
    orientation = exif.pop("orientation", 1)
    turn = None if turned else UPRIGHT.get(orientation)
    if turn is not None:
        image = image.transpose(turn)
        if turn in (UPRIGHT[5], UPRIGHT[6], UPRIGHT[7], UPRIGHT[8]):
            size = size[1], size[0]
    return Picture(_on_white(image), *size, exif)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image if image.mode in ("RGB", "L") else image.convert("RGB")


Opened = tuple[Image.Image, tuple[int, int], bytes]


def _open_jpeg(data: bytes, edge: int) -> Opened:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    size = image.size
    if size[0] * size[1] * data.count(START_OF_SCAN) > SCAN_PIXELS_MOST:
        raise BadPicture("photo_too_costly")
    image.draft(None, _towards(size, edge))
    image.load()
    return image, size, image.info.get("exif", b"")


def _open_png(data: bytes, edge: int) -> Opened:
    image = Image.open(io.BytesIO(data), formats=["PNG"])
    if getattr(image, "is_animated", False):
        raise BadPicture("photo_moves")
    if PNG_END not in data:
        raise BadPicture("photo_broken")
    image.load()
    return _reduced(image, edge), image.size, image.info.get("exif", b"")


def _open_webp(data: bytes, edge: int) -> Opened:
    features = pixel_webp.features(data)
    size = features.width, features.height
    if size[0] * size[1] > PIXELS_MOST:
        raise BadPicture("photo_too_many_pixels")
    if features.has_animation:
        raise BadPicture("photo_moves")
    return pixel_webp.decode(data, features, _towards(size, edge)), size, pixel_webp.exif(data)


def _open_heic(data: bytes, edge: int) -> Opened:
    file = pillow_heif.open_heif(data, convert_hdr_to_8bit=True, remove_stride=False)
    shot = file[file.primary_index]
    if shot.size[0] * shot.size[1] > PIXELS_MOST:
        raise BadPicture("photo_too_many_pixels")
    pixels, stride, (width, height) = shot.data, shot.stride, shot.size

    def strip(top: int, rows: int) -> Image.Image:
        part = pixels[top * stride : (top + rows) * stride]
        return Image.frombuffer(shot.mode, (width, rows), part, "raw", shot.mode, stride, 1)

    image = _in_strips(strip, shot.mode, (width, height), edge)
    exif = shot.info.get("exif")
    return image, (width, height), exif if isinstance(exif, bytes) else b""


def _reduced(image: Image.Image, edge: int) -> Image.Image:
    step = _step(image.size, edge)
    if image.mode in PLAIN:
        width = image.width
        return _in_strips(lambda top, rows: image.crop((0, top, width, top + rows)), image.mode, image.size, edge)
    if step > 1:
        image = image.resize((image.width // step, image.height // step), Image.Resampling.NEAREST)
    # Grey of 16 bits: Pillow would clip, not scale.
    return image.convert("I").point(lambda value: value / 256).convert("L") if image.mode.startswith("I") else image


def _in_strips(strip: Callable[[int, int], Image.Image], mode: str, size: tuple[int, int], edge: int) -> Image.Image:
    """The picture divided down, from strips of it (first row, rows): to copy it whole would double the memory."""
    step = _step(size, edge)
    image = Image.new(mode, (size[0] // step, size[1] // step))
    high = max(1, STRIP_ROWS // step)
    for top in range(0, image.height, high):
        rows = min(high, image.height - top)
        image.paste(strip(top * step, rows * step).reduce(step), (0, top))
    return image


def _step(size: tuple[int, int], edge: int) -> int:
    """By which whole number to divide so that the long side stays ≥ `edge` and no side vanishes."""
    return max(1, min(max(size) // edge, *size))


def _towards(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """`size` scaled so that its long side is `edge`, never up."""
    scale = min(1.0, edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


_OPENERS = {"jpeg": _open_jpeg, "png": _open_png, "webp": _open_webp, "heic": _open_heic}
