"""Points against areas, with the shapely-free reference: the textbook crossing count over all edges."""

from importlib.resources import files
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.places.areas import Area
from moshao.places.grids import read_grids
from moshao.places.inside import Shape
from moshao.places.locating import GridIndex, Places


def square(code: str, west: float, south: float, size: float = 0.01, *holes: tuple[tuple[float, float], ...]) -> Area:
    east, north = west + size, south + size
    outline = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return Area(code, "unit", ((outline, *holes),))


def seeds(name: str) -> list[Area]:
    return read_grids((files("moshao") / "seeds" / "wancheng" / name).read_bytes())[0]


OUTLINE = seeds("outline.geojson")
STREETS = seeds("streets_SYNTHETIC.geojson")
GRIDS = seeds("unit_grids_SYNTHETIC.geojson")
WANCHENG = Places([*OUTLINE, *STREETS, *GRIDS])


def counted_inside(area: Area, lon: float, lat: float) -> bool:
    crossed = 0
    for ring in area.rings():
        for (x, y), (x_2, y_2) in pairwise(ring):
            if (y > lat) != (y_2 > lat) and lon < x + (lat - y) * (x_2 - x) / (y_2 - y):
                crossed += 1
    return crossed % 2 == 1


@given(st.floats(112.3, 112.9), st.floats(32.6, 33.2))
def test_outline_of_1848_corners_against_the_textbook(lon: float, lat: float) -> None:
    assert WANCHENG.inside(lon, lat) == counted_inside(OUTLINE[0], lon, lat)


@given(st.integers(0, 100), st.integers(0, 100))
def test_each_point_of_a_tiled_plane_lies_in_exactly_one_tile(x: int, y: int) -> None:
    tiles = [square(f"{a}{b}", a * 0.1, b * 0.1, 0.1) for a in range(10) for b in range(10)]
    lon, lat = x * 0.01, y * 0.01
    having = [tile for tile in tiles if Shape(tile.rings()).contains(lon, lat)]
    found = GridIndex(tiles).find(lon, lat)
    assert len(having) <= 1
    assert found == (having[0] if having else None)
    if x % 10 and y % 10:
        assert having


def test_triangles_that_share_a_slanting_edge_share_no_point_of_it() -> None:
    a, b = (112.123457, 33.000011), (112.345679, 33.234567)
    left = Area("left", "unit", (((a, b, (112.1, 33.2), a),),))
    right = Area("right", "unit", (((b, a, (112.4, 33.01), b),),))
    index = GridIndex([left, right])
    for step in range(1, 500):
        lat = a[1] + (b[1] - a[1]) * step / 500
        lon = a[0] + (lat - a[1]) * ((b[0] - a[0]) / (b[1] - a[1]))
        having = [area.code for area in (left, right) if Shape(area.rings()).contains(lon, lat)]
        assert len(having) == 1
        assert index.find(lon, lat) is not None


def test_hole_is_outside_and_what_lies_in_it_may_be_another_grid() -> None:
    hole = ((112.004, 33.004), (112.006, 33.004), (112.006, 33.006), (112.004, 33.006), (112.004, 33.004))
    around, within = square("A", 112.0, 33.0, 0.01, hole), square("B", 112.004, 33.004, 0.002)
    index = GridIndex([around, within])
    assert index.find(112.002, 33.002) == around
    assert index.find(112.005, 33.005) == within
    assert GridIndex([around]).find(112.005, 33.005) is None


def test_parts_of_one_area_all_count() -> None:
    parts = (square("", 112.0, 33.0).polygons[0], square("", 112.5, 33.5).polygons[0])
    area = Area("A", "duty", parts)
    index = GridIndex([area])
    assert index.find(112.005, 33.005) == index.find(112.505, 33.505) == area
    assert index.find(112.25, 33.25) is None


def test_smaller_code_has_the_point_where_grids_overlap() -> None:
    index = GridIndex([square("B", 112.0, 33.0), square("A", 112.005, 33.005)])
    found = index.find(112.007, 33.007)
    assert found is not None
    assert found.code == "A"


@pytest.mark.parametrize("point", [(112.005, 33.005), (0.0, 0.0), (float("nan"), float("nan"))])
def test_no_areas_no_answer(point: tuple[float, float]) -> None:
    nowhere = Places([])
    assert nowhere.units.find(*point) is None
    assert nowhere.nearest_street(*point) is None
    assert nowhere.inside(*point)


def test_wancheng_by_its_own_centre_points() -> None:
    found = WANCHENG.units.find(112.541405, 32.998642)
    assert found is not None
    assert found.street_name == "东关街道"
    assert found.synthetic
    assert WANCHENG.grid(found.code) == found
    assert WANCHENG.grid("nothing") is None
    assert not WANCHENG.inside(112.0, 33.0)


@pytest.mark.parametrize(
    ("lon", "lat", "street"),
    [(112.541405, 32.998642, "东关街道"), (112.712641, 33.061635, "红泥湾镇"), (112.0, 33.0, "五里堡街道")],
)
def test_nearest_street(lon: float, lat: float, street: str) -> None:
    found = WANCHENG.nearest_street(lon, lat)
    assert found is not None
    assert found.name == street


def test_point_among_1427_grids_costs_microseconds() -> None:
    begun = process_time()
    for step in range(20_000):
        WANCHENG.units.find(112.52 + step * 2e-6, 32.98 + step * 2e-6)
    assert process_time() - begun < 0.5
