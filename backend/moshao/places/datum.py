"""WGS-84, GCJ-02 (高德, 腾讯) and BD-09 (百度). CGCS2000 equals WGS-84 at a phone's accuracy.

The GCJ-02 polynomial is the one published in many open converters (first by "wgtochina_lb"); BD-09 adds a
rotation of its own. Neither has a closed inverse, so the way back is iterated: within 1e-9 degrees.
"""

from collections.abc import Callable
from math import atan2, cos, hypot, pi, sin, sqrt
from typing import Literal

Datum = Literal["wgs84", "cgcs2000", "gcj02", "bd09"]
Point = tuple[float, float]

AXIS_M = 6378245.0  # Krasovsky 1940, which the polynomial uses
ECCENTRICITY2 = 0.00669342162296594323
# Outside this rectangle GCJ-02 shifts nothing.
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BD_TURN = pi * 3000 / 180
CLOSE_DEGREES = 1e-10
TRIES = 12


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """(lon, lat) in degrees, from any datum."""
    if datum == "bd09":
        lon, lat = _undo(_bd09, lon, lat)
    if datum in ("bd09", "gcj02"):
        lon, lat = _undo(_gcj02, lon, lat)
    return lon, lat


def from_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """(lon, lat) in degrees, to any datum: for map links and for an upstream that wants it so."""
    if datum in ("bd09", "gcj02"):
        lon, lat = _gcj02(lon, lat)
    if datum == "bd09":
        lon, lat = _bd09(lon, lat)
    return lon, lat


def _undo(shift: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that `shift` moves to (lon, lat). Each round brings the error down about a thousandfold."""
    x, y = lon, lat
    for _ in range(TRIES):
        shifted_x, shifted_y = shift(x, y)
        x, y = x + lon - shifted_x, y + lat - shifted_y
        if abs(lon - shifted_x) < CLOSE_DEGREES and abs(lat - shifted_y) < CLOSE_DEGREES:
            break
    return x, y


def _gcj02(lon: float, lat: float) -> Point:
    if not (WEST <= lon <= EAST and SOUTH <= lat <= NORTH):
        return lon, lat
    x, y = lon - 105, lat - 35
    waves = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    phi = lat / 180 * pi
    flat = 1 - ECCENTRICITY2 * sin(phi) ** 2
    north *= 180 / (AXIS_M * (1 - ECCENTRICITY2) / (flat * sqrt(flat)) * pi)
    east *= 180 / (AXIS_M / sqrt(flat) * cos(phi) * pi)
    return lon + east, lat + north


def _bd09(lon: float, lat: float) -> Point:
    radius = hypot(lon, lat) + 0.00002 * sin(lat * BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BD_TURN)
    return radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006
