"""Photos for simulations: each unlike any other, out of a few real ones."""

import random
from io import BytesIO

from PIL import Image

KEPT_SHARE = 0.7
QUALITY = 85


def seeded_crop(photo: bytes, seed: str) -> bytes:
    """A part of `photo` chosen by `seed`, at least 70 % of each side, as a new JPEG."""
    choose = random.Random(seed)
    with Image.open(BytesIO(photo)) as picture:
        width, height = picture.size
        wide, high = (int(side * choose.uniform(KEPT_SHARE, 1)) for side in (width, height))
        left, top = choose.randint(0, width - wide), choose.randint(0, height - high)
        part = picture.convert("RGB").crop((left, top, left + wide, top + high))
    out = BytesIO()
    part.save(out, "JPEG", quality=QUALITY, comment=seed.encode())
    return out.getvalue()
