"""Areas of a district as they were imported."""

from piccolo.columns import UUID, Boolean, DoublePrecision, Text, Varchar
from piccolo.table import Table


class Grid(Table, tablename="grids"):
    """`geometry`: GeoJSON Polygon or MultiPolygon, WGS-84; west to north is the box round it."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    kind = Varchar(length=8)  # unit, duty, street, outline
    code = Varchar(length=30)
    name = Text()
    street_code = Text()
    street_name = Text()
    synthetic = Boolean()
    geometry = Text()
    west = DoublePrecision(default=0.0)
    south = DoublePrecision(default=0.0)
    east = DoublePrecision(default=0.0)
    north = DoublePrecision(default=0.0)


INDEXES = [
    "CREATE UNIQUE INDEX grids_code ON grids (district_id, kind, code)",
]
