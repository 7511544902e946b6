"""Whether two numbers can be a place on Earth, said so that a person can mend it."""

from typing import Literal, TypeGuard

LON_MOST = 180
LAT_MOST = 90

PositionFault = Literal["not_a_number", "lon_lat_swapped", "out_of_range"]


def fault_in(lon: object, lat: object) -> PositionFault | None:
    """What is wrong with a longitude and a latitude (in this order, RFC 7946), or None.

    Swapped is said where the two would make a place in China the other way round.
    """
    if not _is_number(lon) or not _is_number(lat):
        return "not_a_number"
    if abs(lon) <= LON_MOST and abs(lat) <= LAT_MOST:
        return None
    return "lon_lat_swapped" if 73 <= lat <= 136 and 3 <= lon <= 54 else "out_of_range"


def point_of(coordinates: object) -> tuple[float, float] | None:
    """(lon, lat) from the coordinates of a GeoJSON Point; a height is ignored. None where it is no place."""
    if not isinstance(coordinates, list | tuple) or not 2 <= len(coordinates) <= 3:
        return None
    lon, lat = coordinates[:2]
    return None if fault_in(lon, lat) else (float(lon), float(lat))


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value  # NaN is not
