"""Photos that came inside their event: decoded and on disk before the event is filed."""

import asyncio
import base64
import binascii
import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from moshao.kit.blobs import Blobs
from moshao.upstream.envelope import Event

OCTETS_MOST = 20_000_000
PARALLEL = 8
# How the kinds of photo that evidence takes begin; whether it can be decoded is found out by the worker.
BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
HEIC_BOX = b"ftyp"


class Held(msgspec.Struct, frozen=True):
    """Bytes in the store: `key` of `kit.blobs`, their SHA-256, and whether they can be a photo at all."""

    key: str
    sha256: str
    looks_good: bool


# By the base64 text's own SHA-256.
Inline = dict[str, Held]


async def store_inline(blobs: Blobs, events: Iterable[Event]) -> Inline:
    """Every base64 photo of the events, durable when this returns. What is no base64 is kept as it stands there."""
    texts = {name_of(text): text for event in events for text in texts_in(event.data)}
    free = asyncio.Semaphore(PARALLEL)

    async def store(text: str) -> Held:
        async with free:
            octets, digest = await asyncio.to_thread(_decoded, text)
            held = Held(f"upstream/{digest[:2]}/{digest}", digest, is_likely_photo(octets))
            await blobs.put(held.key, octets)
        return held

    return dict(zip(texts, await asyncio.gather(*map(store, texts.values())), strict=True))


def texts_in(data: dict[str, Any]) -> Iterable[str]:
    photos = data.get("photos")
    for photo in photos if isinstance(photos, list) else []:
        if isinstance(photo, dict) and isinstance(photo.get("content_base64"), str) and photo["content_base64"]:
            yield photo["content_base64"]


def name_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def without_contents(data: dict[str, Any]) -> dict[str, Any]:
    """The data with each base64 text replaced by its name: the bytes lie in the store."""
    photos = data.get("photos")
    if not isinstance(photos, list):
        return data
    return data | {"photos": [_without(photo) for photo in photos]}


def is_likely_photo(octets: bytes) -> bool:
    """Whether the bytes begin like JPEG, PNG, WebP or HEIC and are not too many."""
    return len(octets) <= OCTETS_MOST and (octets.startswith(BEGINNINGS) or octets[4:8] == HEIC_BOX)


def _without(photo: Any) -> Any:
    if isinstance(photo, dict) and isinstance(photo.get("content_base64"), str):
        return photo | {"content_base64": f"sha256:{name_of(photo['content_base64'])}"}
    return photo


def _decoded(text: str) -> tuple[bytes, str]:
    """What the base64 says, and its SHA-256; where it is none, the text itself, which then looks like no photo."""
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        octets = text.encode("utf-8", "surrogatepass")
    return octets, hashlib.sha256(octets).hexdigest()
