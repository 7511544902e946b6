"""WebP by libwebp itself, the one that Pillow has loaded.

Pillow decodes WebP through libwebp's animation decoder, at full size and copied twice: 16 octets a pixel, 1 GB for
64 megapixels. libwebp scales while it decodes, in a few megabytes and half the time.
"""

import ctypes
import struct

from PIL import Image, _webp

ABI = 0x0209
MODE_RGBA = 1
MAGIC_OCTETS = 12

_lib = ctypes.CDLL(_webp.__file__)


class Features(ctypes.Structure):
    """WebPBitstreamFeatures of webp/decode.h."""

    width: int
    height: int
    has_animation: int
    _fields_ = [
        *((name, ctypes.c_int) for name in ("width", "height", "has_alpha", "has_animation", "format")),
        ("pad", ctypes.c_uint32 * 5),
    ]


class _Buffer(ctypes.Structure):
    """WebPDecBuffer, with its union read as RGBA."""

    _fields_ = [
        *((name, ctypes.c_int) for name in ("colorspace", "width", "height", "is_external_memory")),
        ("rgba", ctypes.c_void_p),
        ("stride", ctypes.c_int),
        ("size", ctypes.c_size_t),
        ("rest_of_union", ctypes.c_uint8 * 56),
        ("pad", ctypes.c_uint32 * 4),
        ("private_memory", ctypes.c_void_p),
    ]


class _Options(ctypes.Structure):
    """WebPDecoderOptions."""

    _fields_ = [
        *(
            (name, ctypes.c_int)
            for name in (
                "bypass_filtering", "no_fancy_upsampling", "use_cropping", "crop_left", "crop_top", "crop_width",
                "crop_height", "use_scaling", "scaled_width", "scaled_height", "use_threads", "dithering_strength",
                "flip", "alpha_dithering_strength",
            )
        ),
        ("pad", ctypes.c_uint32 * 5),
    ]  # fmt: skip


class _Config(ctypes.Structure):
    _fields_ = [("input", Features), ("output", _Buffer), ("options", _Options)]


def features(data: bytes) -> Features:
    """Size and kind, from the head. Raises ValueError."""
    found = Features()
    if _lib.WebPGetFeaturesInternal(data, ctypes.c_size_t(len(data)), ctypes.byref(found), ABI):
        raise ValueError("no WebP")
    return found


def decode(data: bytes, found: Features, size: tuple[int, int]) -> Image.Image:
    """The whole picture, scaled to `size`. Raises ValueError where it is cut short or broken."""
    width, height = size
    pixels = ctypes.create_string_buffer(width * height * 4)
    config = _Config()
    if not _lib.WebPInitDecoderConfigInternal(ctypes.byref(config), ABI):
        raise RuntimeError("another libwebp")
    config.input = found
    config.options.use_scaling = 1
    config.options.scaled_width, config.options.scaled_height = width, height
    config.output.colorspace, config.output.is_external_memory = MODE_RGBA, 1
    config.output.rgba = ctypes.addressof(pixels)
    config.output.stride, config.output.size = width * 4, len(pixels)
    if _lib.WebPDecode(data, ctypes.c_size_t(len(data)), ctypes.byref(config)):
        raise ValueError("broken WebP")
    return Image.frombytes("RGBA", size, pixels.raw)


def exif(data: bytes) -> bytes:
    """The EXIF chunk, if there is one."""
    at = MAGIC_OCTETS
    while at + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        if name == b"EXIF":
            return data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    return b""
