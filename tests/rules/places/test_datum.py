import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.places.datum import Datum, from_wgs84, to_wgs84
from moshao.places.distance import metres
from moshao.places.grids import read_grids
from moshao.places.inside import Shape

VECTORS = json.loads((files("tests.rules.places") / "gcj02_test_vectors.json").read_text())["points"]
CLOSE = 2e-6  # degrees, the tolerance of the vectors

lons = st.floats(73, 136)
lats = st.floats(3, 54)


def test_sixty_known_points() -> None:
    assert len(VECTORS) == 60
    for point in VECTORS:
        (lon, lat), (gcj_lon, gcj_lat) = point["wgs84"], point["gcj02"]
        assert from_wgs84(lon, lat, "gcj02") == pytest.approx((gcj_lon, gcj_lat), abs=CLOSE)
        assert to_wgs84(gcj_lon, gcj_lat, "gcj02") == pytest.approx((lon, lat), abs=CLOSE)


def test_shift_at_nanyang_is_larger_than_any_fence() -> None:
    lon, lat = from_wgs84(112.5414, 32.9986, "gcj02")
    assert 540 < metres(112.5414, 32.9986, lon, 32.9986) < 545
    assert -0.00205 < lat - 32.9986 < -0.0020


def test_known_points_of_an_independent_converter() -> None:
    # wandergis/coordtransform, README: wgs84togcj02 and gcj02tobd09 of 116.404, 39.915
    gcj = (116.41024449916938, 39.91640428150164)
    assert from_wgs84(116.404, 39.915, "gcj02") == pytest.approx(gcj, abs=1e-9)
    there = to_wgs84(116.404, 39.915, "gcj02")
    assert from_wgs84(*there, "bd09") == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)


@given(lons, lats, st.sampled_from(["gcj02", "bd09"]))
def test_there_and_back_is_a_hairs_breadth(lon: float, lat: float, datum: Datum) -> None:
    assert to_wgs84(*from_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize("datum", ["wgs84", "cgcs2000"])
def test_cgcs2000_is_wgs84_here(datum: Datum) -> None:
    assert to_wgs84(112.5, 33.0, datum) == (112.5, 33.0)
    assert from_wgs84(112.5, 33.0, datum) == (112.5, 33.0)


@pytest.mark.parametrize("point", [(-71.0589, 42.3601), (0.0, 0.0), (180.0, -90.0)])
def test_outside_china_gcj02_shifts_nothing(point: tuple[float, float]) -> None:
    assert from_wgs84(*point, "gcj02") == point
    assert to_wgs84(*point, "gcj02") == point


def test_imported_outline_in_gcj02_comes_out_in_wgs84() -> None:
    square = [[112.54, 33.0], [112.55, 33.0], [112.55, 33.01], [112.54, 33.01], [112.54, 33.0]]
    feature = {
        "type": "Feature",
        "properties": {"code": "411302"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    document = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    [area], _ = read_grids(document, "outline", "gcj02")
    shape = Shape(area.rings())
    assert shape.contains(*to_wgs84(112.5499, 33.0001, "gcj02"))
    assert not shape.contains(112.5499, 33.0001)
