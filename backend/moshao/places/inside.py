"""Whether a point lies in an area: ray casting over edges sorted into bands of latitude.

An edge counts from its lower end up to, not including, its upper end, and is always computed from the lower
end: two areas that share an edge agree on every point of it, so exactly one of them has the point.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

Point = tuple[float, float]
Ring = Sequence[Point]

EDGES_PER_BAND = 4
BANDS_MOST = 1024


class Shape:
    """A polygon's rings, outline and holes alike: inside means crossing an odd number of edges."""

    __slots__ = ("_bands", "_bands_per_degree", "east", "north", "south", "west")

    def __init__(self, rings: Iterable[Ring]) -> None:
        rings = list(rings)
        self.west = min(lon for ring in rings for lon, _ in ring)
        self.east = max(lon for ring in rings for lon, _ in ring)
        self.south = min(lat for ring in rings for _, lat in ring)
        self.north = max(lat for ring in rings for _, lat in ring)
        edges = [edge for ring in rings for edge in _edges(ring)]
        count = max(1, min(BANDS_MOST, len(edges) // EDGES_PER_BAND))
        self._bands_per_degree = count / (self.north - self.south) if self.north > self.south else 0.0
        self._bands: list[list[tuple[float, float, float, float]]] = [[] for _ in range(count)]
        for edge in edges:
            for band in range(self._band(edge[0]), self._band(edge[1]) + 1):
                self._bands[band].append(edge)

    def contains(self, lon: float, lat: float) -> bool:
        if not (self.west <= lon <= self.east and self.south <= lat <= self.north):
            return False
        odd = False
        for low, high, lon_at_low, lon_per_lat in self._bands[self._band(lat)]:
            if low <= lat < high and lon < lon_at_low + (lat - low) * lon_per_lat:
                odd = not odd
        return odd

    def _band(self, lat: float) -> int:
        return min(len(self._bands) - 1, int((lat - self.south) * self._bands_per_degree))


def _edges(ring: Ring) -> Iterable[tuple[float, float, float, float]]:
    """(lower latitude, upper latitude, longitude at the lower end, longitude per latitude); none for level edges."""
    for start, end in pairwise(ring):
        (lon, low), (upper_lon, high) = sorted((start, end), key=lambda point: point[1])
        if low < high:
            yield low, high, lon, (upper_lon - lon) / (high - low)
