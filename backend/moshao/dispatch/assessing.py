"""What a new case is by the district's own tables: its class, its place, its limit. Pure."""

from typing import Any

from moshao.catalogue.rules import CaseClass, Catalogue
from moshao.hours.limits import Limit
from moshao.people.settings import DistrictSettings
from moshao.places.datum import Point
from moshao.places.locating import Places

CLASS_COLUMNS = ("code_set", "kind", "major", "minor")


def class_in(
    columns: dict[str, Any], catalogue: Catalogue, settings: DistrictSettings
) -> tuple[CaseClass | None, list[str]]:
    """The class that `columns` name, with flags. Codes are set as the catalogue writes them."""
    columns.setdefault("code_set", settings.code_set)
    found = catalogue.find(*(columns.get(name) for name in CLASS_COLUMNS))
    if found is None:
        return None, ["unknown_class"]
    columns |= {"major": found.major, "minor": found.minor}
    return found, []


def place_in(columns: dict[str, Any], point: Point | None, places: Places) -> list[str]:
    """Flags; sets the point (WGS-84), and the grid it lies in unless a known one was named."""
    if point is None:
        return ["no_place"]
    lon, lat = point
    columns |= {"lon": lon, "lat": lat}
    if places.grid(columns.get("grid_code") or "") is None and (grid := places.units.find(lon, lat)):
        columns["grid_code"] = grid.code
    return [] if places.inside(lon, lat) else ["outside_district"]


def limit_by_class(
    found: CaseClass | None, condition: str | None, catalogue: Catalogue, settings: DistrictSettings
) -> tuple[Limit, bool]:
    """The catalogue's limit by class and condition, else the district's default one, provisional (暂定)."""
    limit = catalogue.limit_for(found, condition)
    if limit is not None:
        return Limit(limit.value, limit.unit), False
    return Limit(settings.default_limit.value, settings.default_limit.unit), True
