"""Two streets side by side, a grid in each, and the outline of their district."""

from uuid import UUID

from moshao.catalogue.seeding import seed_catalogue
from moshao.hours.seeding import seed_calendars
from moshao.kit.db import Tx
from moshao.places.areas import Area, AreaKind
from moshao.places.importing import import_grids

STREET = (112.5414, 32.9986)
OTHER_STREET = (112.5614, 32.9986)
OUTSIDE = (113.5, 34.0)
GRID = "411302001000001"
OTHER_GRID = "411302002000001"


async def seed(tx: Tx, district_id: UUID) -> None:
    """Hours, classes and places."""
    await seed_calendars(tx)
    await seed_catalogue(tx)
    areas = [
        _square("411302", "outline", 112.50, 32.95, 112.60, 33.05),
        _square("411302001000", "street", 112.50, 32.96, 112.55, 33.04),
        _square("411302002000", "street", 112.55, 32.96, 112.60, 33.04),
        _square(GRID, "unit", 112.541, 32.998, 112.542, 32.999, "411302001000"),
        _square(OTHER_GRID, "unit", 112.561, 32.998, 112.562, 32.999, "411302002000"),
    ]
    await import_grids(tx, district_id, areas)


def _square(code: str, kind: AreaKind, west: float, south: float, east: float, north: float, street: str = "") -> Area:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Area(code, kind, ((ring,),), name=code, street_code=street)
