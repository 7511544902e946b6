"""GeoJSON as it crosses the wire, for whoever has a place to tell."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Point(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Longitude first."""

    type: Literal["Point"]
    coordinates: Annotated[list[float], Meta(min_length=2, max_length=3)]
