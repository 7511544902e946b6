"""Photos for benchmarks: one picture, and as many photos of it as are wanted, each unlike any other by its bytes."""

import hashlib
import struct

from moshao.kit import ids
from tests.api.evidence.pictures import jpeg
from tests.api.evidence.sending import OFFSET_TYPE, metadata
from tests.bench.load import http


def street_photo() -> bytes:
    """A JPEG of some 400 KB, as phones make them small."""
    return jpeg(1, (1600, 1200), quality=94)


def large_photo(seed: int) -> bytes:
    """Twelve megapixels, as a phone's camera gives them."""
    return jpeg(seed, (4000, 3000), quality=80)


def unlike(plain: bytes, number: int) -> bytes:
    """The same picture with a comment of its own, so that its bytes are another photo's."""
    words = f"{number} {ids.new_id()}".encode()
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + plain[2:]


def upload(token: str, content: bytes) -> bytes:
    """A whole photo in one POST, as it goes over the wire."""
    said = metadata(photo_id=str(ids.new_id()), sha256=hashlib.sha256(content).hexdigest(), usage="after")
    return http(
        "POST", "/api/uploads", token, content,
        Tus_Resumable="1.0.0", Upload_Length=str(len(content)), Upload_Metadata=said, Content_Type=OFFSET_TYPE,
    )  # fmt: skip
