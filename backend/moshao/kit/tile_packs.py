"""Tiles out of an MBTiles file (1.3): SQLite, read only, rows counted from the south."""

import sqlite3
from pathlib import Path

import msgspec

SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}
# What lies outside of the pack: one transparent pixel.
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


class Tile(msgspec.Struct, frozen=True):
    media_type: str
    content: bytes


def read_tile(pack: Path, z: int, x: int, y: int) -> Tile:
    """Tile `x`, `y` (from the north) at zoom `z`. Raises sqlite3.Error where the file is no pack."""
    with_mode = f"{pack.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(with_mode, uri=True)
    try:
        row = connection.execute(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (z, x, (1 << z) - 1 - y),
        ).fetchone()
    finally:
        connection.close()
    content: bytes = row[0] if row else BLANK
    media = next((media for start, media in SIGNATURES.items() if content.startswith(start)), "image/png")
    return Tile(media, content)
