"""Where the pictures under a map come from: nowhere, 天地图 by its key, a tile server, or our own pack (MBTiles)."""

from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

import msgspec

Datum = Literal["wgs84", "gcj02"]
TIANDITU = "tianditu:"
TIANDITU_LAYER = (
    "https://t{{s}}.tianditu.gov.cn/{name}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={name}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)
OWN_TILES = "/api/tiles/{z}/{x}/{y}"
ZOOM_MOST = 18


class MapTiles(msgspec.Struct, frozen=True, kw_only=True):
    """What a map on screen needs to know. `layers`: URL templates with {z} {x} {y}, and {s} for one of `subdomains`;
    the later ones lie on top. `datum`: in which the pictures are drawn; our places are WGS-84 and are moved to fit."""

    layers: tuple[str, ...]
    subdomains: str = ""
    datum: Datum = "wgs84"
    attribution: str = ""
    zoom_most: int = ZOOM_MOST


def read_source(text: str) -> str:
    """The setting as it is kept. Raises ValueError."""
    if not text or text.endswith(".mbtiles"):
        return text
    if text.startswith(TIANDITU):
        if not text.removeprefix(TIANDITU).isalnum():
            raise ValueError("tianditu: and the key, letters and digits")
        return text
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or not all(f"{{{one}}}" in text for one in "zxy"):
        raise ValueError("a URL with {z}, {x} and {y}, a path that ends in .mbtiles, or tianditu:KEY")
    if any(sign in text for sign in " ;,'\""):
        raise ValueError("no blanks, quotes, commas or semicolons")
    return text


def read_datum(text: str) -> str:
    """Raises ValueError."""
    if text not in get_args(Datum):
        raise ValueError("wgs84 or gcj02")
    return text


def map_tiles(source: str, datum: Datum, attribution: str) -> MapTiles | None:
    """None: a map without pictures, which is a map all the same."""
    if not source:
        return None
    if source.startswith(TIANDITU):
        key = source.removeprefix(TIANDITU)
        layers = tuple(TIANDITU_LAYER.format(name=name, key=key) for name in ("vec", "cva"))
        return MapTiles(layers=layers, subdomains="01234567", attribution=attribution or "天地图")
    layer = OWN_TILES if pack_of(source) else source
    return MapTiles(layers=(layer,), subdomains="abc", datum=datum, attribution=attribution)


def pack_of(source: str) -> Path | None:
    return Path(source) if source.endswith(".mbtiles") and "://" not in source else None


def hosts_of(tiles: MapTiles | None) -> list[str]:
    """Sources for the policy of pages: only pictures, only from there."""
    found: dict[str, None] = {}
    for layer in tiles.layers if tiles else ():
        for sub in tiles.subdomains if tiles and "{s}" in layer else " ":
            url = urlsplit(layer.replace("{s}", sub.strip()))
            if url.netloc:
                found[f"{url.scheme}://{url.netloc}"] = None
    return list(found)
