"""Which grid, street or district a point lies in. Built once per district, asked in microseconds."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

from moshao.places.areas import Area, AreaKind
from moshao.places.distance import metres_to_line
from moshao.places.inside import Shape

# A cell is as wide as half the areas are, but no finer than this part of the whole, or the table grows too big.
CELLS_ACROSS_MOST = 512


class GridIndex:
    """Areas of one kind. Where two overlap, the smaller code has the point."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas = sorted(areas, key=lambda area: area.code)
        shapes = [(Shape(polygon), area) for area in self.areas for polygon in area.polygons]
        self._west = min((shape.west for shape, _ in shapes), default=0.0)
        self._south = min((shape.south for shape, _ in shapes), default=0.0)
        self._width = _cell([(shape.west, shape.east) for shape, _ in shapes])
        self._height = _cell([(shape.south, shape.north) for shape, _ in shapes])
        self._cells: defaultdict[tuple[float, float], list[tuple[Shape, Area]]] = defaultdict(list)
        for shape, area in shapes:
            first, last = self._key(shape.west, shape.south), self._key(shape.east, shape.north)
            for column in range(int(first[0]), int(last[0]) + 1):
                for row in range(int(first[1]), int(last[1]) + 1):
                    self._cells[column, row].append((shape, area))

    def find(self, lon: float, lat: float) -> Area | None:
        for shape, area in self._cells.get(self._key(lon, lat), ()):
            if shape.contains(lon, lat):
                return area
        return None

    def nearest(self, lon: float, lat: float) -> Area | None:
        """The area the point lies in, else the one whose edge is nearest; None only when there are none."""
        return self.find(lon, lat) or min(self.areas, key=lambda area: _metres_to(area, lon, lat), default=None)

    def _key(self, lon: float, lat: float) -> tuple[float, float]:
        return (lon - self._west) // self._width, (lat - self._south) // self._height


class Places:
    """All areas of a district."""

    def __init__(self, areas: Iterable[Area]) -> None:
        by_kind: defaultdict[AreaKind, list[Area]] = defaultdict(list)
        for area in areas:
            by_kind[area.kind].append(area)
        self.units = GridIndex(by_kind["unit"])
        self.duties = GridIndex(by_kind["duty"])
        self.streets = GridIndex(by_kind["street"])
        self.outline = GridIndex(by_kind["outline"])
        self._by_code = {area.code: area for kind in ("duty", "unit") for area in by_kind[kind]}

    def grid(self, code: str) -> Area | None:
        """A unit grid, else a duty grid, by its code."""
        return self._by_code.get(code)

    def inside(self, lon: float, lat: float) -> bool:
        """Whether the point lies in the district; True while no outline has been imported."""
        return not self.outline.areas or self.outline.find(lon, lat) is not None

    def nearest_street(self, lon: float, lat: float) -> Area | None:
        """The street or township for a case that no rule places better."""
        return self.streets.nearest(lon, lat)


def _cell(spans: list[tuple[float, float]]) -> float:
    if not spans:
        return 1.0
    whole = max(high for _, high in spans) - min(low for low, _ in spans)
    return max(median(high - low for low, high in spans), whole / CELLS_ACROSS_MOST) or 1.0


def _metres_to(area: Area, lon: float, lat: float) -> float:
    return min(metres_to_line(lon, lat, start, end) for ring in area.rings() for start, end in pairwise(ring))
