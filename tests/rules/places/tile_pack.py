"""A small MBTiles pack, made by hand from the specification."""

import io
import sqlite3
from contextlib import closing
from pathlib import Path

from PIL import Image

Tile = tuple[int, int, int]


def make_pack(path: Path, tiles: dict[Tile, str]) -> Path:
    """`tiles`: (zoom, x, y from the north) → colour."""
    with closing(sqlite3.connect(path)) as pack, pack:
        pack.execute("CREATE TABLE metadata (name text, value text)")
        pack.execute("CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)")
        for (z, x, y), colour in tiles.items():
            pack.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (z, x, (1 << z) - 1 - y, picture(colour)))
    return path


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (256, 256), colour).save(out, "PNG")
    return out.getvalue()
