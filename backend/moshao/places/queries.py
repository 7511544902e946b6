"""A district's areas."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from moshao.kit.kept import Asked, Kept
from moshao.places.areas import Area, polygons_of
from moshao.places.locating import Places

SUBJECT = "places"
# Big districts: what 32 of them hold is some hundred megabytes.
DISTRICTS_MOST = 32
OWN_COLUMNS = "kind, code, name, street_code, street_name, synthetic, geometry, west, south, east, north"


async def places_of(reader: Asked, district_id: UUID) -> Places:
    """All areas of the district, ready to be asked; kept until somebody changes them."""
    return await _kept.get(reader, district_id)


async def load_index(reader: Asked, district_id: UUID) -> Places:
    """The same, read afresh."""
    return Places(await load_areas(reader, district_id))


async def load_areas(reader: Asked, district_id: UUID) -> list[Area]:
    """All areas of the district by kind and code."""
    rows = await reader.all(f"SELECT {OWN_COLUMNS} FROM grids WHERE district_id = ? ORDER BY kind, code", district_id)
    return [_area_of(row) for row in rows]


def _area_of(row: Mapping[str, Any]) -> Area:
    return Area(
        code=row["code"],
        kind=row["kind"],
        polygons=polygons_of(msgspec.json.decode(row["geometry"])),
        name=row["name"],
        street_code=row["street_code"],
        street_name=row["street_name"],
        synthetic=bool(row["synthetic"]),
    )


_kept = Kept(SUBJECT, load_index, DISTRICTS_MOST)
