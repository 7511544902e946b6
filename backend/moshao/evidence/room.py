"""What this room works with, in one hand."""

import asyncio
from pathlib import Path
from uuid import UUID

import msgspec

from moshao.evidence.lending import MaySee, PhotoListener
from moshao.evidence.once import Once
from moshao.evidence.pixel_pool import PixelPool
from moshao.kit.blobs import Blobs
from moshao.kit.db import Database
from moshao.kit.limits import Limits

# A storm day of one person is some hundreds of megabytes.
OCTETS_BURST = 4 * 1024**3
OCTETS_PER_SECOND = 1024**2
COPIES_WAITING_MOST = 2000
FONTS = Path(__file__).parents[1] / "seeds" / "fonts"


class Evidence:
    """Database, store, pixel children and what the rooms above lend. `open_evidence` makes it."""

    def __init__(self, db: Database, blobs: Blobs, pixels: PixelPool, on_photo: PhotoListener, may_see: MaySee) -> None:
        self.db = db
        self.blobs = blobs
        self.pixels = pixels
        self.on_photo = on_photo
        self.may_see = may_see
        self.once = Once()
        self.octets = Limits(per_second=OCTETS_PER_SECOND, burst=OCTETS_BURST)
        self.copies_wanted: asyncio.Queue[Held] = asyncio.Queue(COPIES_WAITING_MOST)


class Held(msgspec.Struct, frozen=True):
    """The bytes of a photo in the store."""

    sha256: str
    media_type: str
    photo_id: UUID
