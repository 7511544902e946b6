import pytest
from hypothesis import given
from hypothesis import strategies as st

from moshao.places.distance import metres, metres_nearby, metres_to_line

lons = st.floats(100, 125)
lats = st.floats(20, 45)
near = st.floats(-0.5, 0.5)


def test_one_degree_of_latitude() -> None:
    assert metres(112.5, 32.0, 112.5, 33.0) == pytest.approx(111_195, abs=1)


def test_other_side_of_the_earth() -> None:
    assert metres(0, 0, 180, 0) == pytest.approx(20_015_115, abs=1)


@given(lons, lats, near, near)
def test_flat_map_is_good_enough_in_a_district(lon: float, lat: float, east: float, north: float) -> None:
    exact = metres(lon, lat, lon + east, lat + north)
    assert metres_nearby(lon, lat, lon + east, lat + north) == pytest.approx(exact, rel=1e-3, abs=0.01)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((112.49, 33.01), (112.51, 33.01), 1112),  # passes north of the point
        ((112.51, 33.0), (112.52, 33.0), 933),  # begins east of it
        ((112.51, 33.0), (112.51, 33.0), 933),  # no longer than a point
        ((112.49, 32.99), (112.51, 33.01), 0),  # runs through it
    ],
)
def test_distance_to_a_line(start: tuple[float, float], end: tuple[float, float], expected: float) -> None:
    assert metres_to_line(112.5, 33.0, start, end) == pytest.approx(expected, abs=1)
