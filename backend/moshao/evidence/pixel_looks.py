"""Look at a picture: its difference hash, how bright and how sharp it is."""

from PIL import Image, ImageFilter, ImageStat

from moshao.evidence.pixel_messages import Seen
from moshao.evidence.pixel_opening import Picture

HASH_SIZE = (9, 8)
LOOK_EDGE = 256
LAPLACIAN = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


def look_at(picture: Picture) -> Seen:
    """What can be told at a quarter of a megapixel."""
    grey = picture.image.convert("L")
    grey.thumbnail((LOOK_EDGE, LOOK_EDGE), Image.Resampling.BOX)
    return Seen(
        width=picture.width,
        height=picture.height,
        dhash=difference_hash(grey),
        brightness=round(ImageStat.Stat(grey).mean[0]),
        sharpness=round(sharpness_of(grey)),
        exif=picture.exif,
    )


def sharpness_of(grey: Image.Image) -> float:
    """The variance of the Laplacian; the filter leaves the outermost pixels alone, so they don't count."""
    edges = grey.filter(LAPLACIAN)
    inside = edges.crop((1, 1, edges.width - 1, edges.height - 1)) if min(edges.size) > 2 else edges
    return ImageStat.Stat(inside).var[0]


def difference_hash(grey: Image.Image) -> str:
    """64 bits in hex: whether each of 8 × 8 fields is brighter than its right neighbour."""
    small = grey.resize(HASH_SIZE, Image.Resampling.BOX).tobytes()
    bits = 0
    for row in range(8):
        for column in range(8):
            at = row * 9 + column
            bits = bits << 1 | (small[at] > small[at + 1])
    return f"{bits:016x}"
