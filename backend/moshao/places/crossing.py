"""Where the edges of an area cross: a ring crossing itself, a hole leaving its outline, parts lying on each other."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from moshao.places.inside import Point, Ring

CrossingFault = Literal["self_crossing", "hole_crosses_outline", "parts_overlap"]
Meeting = Literal["crossing", "along", "touching"]


def crossing_fault(polygons: Sequence[Sequence[Ring]]) -> CrossingFault | None:
    """The first fault of this kind in the rings of an area, going from west to east.

    Corners may meet anywhere. Within one ring nothing else may; a hole may touch its outline with a corner;
    parts of an area may share an edge, as the grids of one duty do.
    """
    edges = sorted(
        (min(start, end), max(start, end), part, number)
        for part, polygon in enumerate(polygons)
        for number, ring in enumerate(polygon)
        for start, end in pairwise(ring)
        if start != end
    )
    open_edges: list[tuple[Point, Point, int, int]] = []
    for edge in edges:
        start, end, part, number = edge
        # An edge meets only those whose longitudes overlap its own.
        open_edges = [other for other in open_edges if other[1][0] >= start[0]]
        for other_start, other_end, other_part, other_number in open_edges:
            meeting = _meeting(start, end, other_start, other_end)
            if meeting == "crossing" and part != other_part:
                return "parts_overlap"
            if meeting and part == other_part and number == other_number:
                return "self_crossing"
            if meeting in ("crossing", "along") and part == other_part:
                return "hole_crosses_outline"
        open_edges.append(edge)
    return None


def _meeting(a: Point, b: Point, c: Point, d: Point) -> Meeting | None:
    """How the edges a-b and c-d (each from west to east) meet elsewhere than in a common corner."""
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return None
    side_c, side_d = _side(a, b, c), _side(a, b, d)
    if side_c == side_d == 0:
        return "along" if max(a, c) < min(b, d) else None
    across, back = side_c * side_d, _side(c, d, a) * _side(c, d, b)
    if across < 0 and back < 0:
        return "crossing"
    return "touching" if across <= 0 and back <= 0 and across != back else None


def _side(start: Point, end: Point, point: Point) -> int:
    """On which side of the line the point lies: 1, -1, or 0 on it."""
    turn = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
    return (turn > 0) - (turn < 0)
