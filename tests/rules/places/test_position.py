import pytest

from moshao.places.position import fault_in, point_of


@pytest.mark.parametrize(
    ("lon", "lat", "fault"),
    [
        (112.5, 33.0, None),
        (-180, 90, None),
        (0, 0, None),
        (200, 95, "out_of_range"),
        (180.0001, 0, "out_of_range"),
        (33.0, 112.5, "lon_lat_swapped"),
        (float("nan"), 33.0, "not_a_number"),
        (float("inf"), 33.0, "out_of_range"),
        (10**400, 33.0, "out_of_range"),
        ("112.5", 33.0, "not_a_number"),
        (True, 33.0, "not_a_number"),
        (112.5, None, "not_a_number"),
    ],
)
def test_fault_in(lon: object, lat: object, fault: str | None) -> None:
    assert fault_in(lon, lat) == fault


@pytest.mark.parametrize(
    ("coordinates", "point"),
    [
        ([112, 33], (112.0, 33.0)),
        ((112.5, 33.0, 130.0), (112.5, 33.0)),
        ([112.5], None),
        ([112.5, 33.0, 1.0, 2.0], None),
        ([[112.5, 33.0]], None),
        ("112.5,33.0", None),
        (None, None),
        ([33.0, 112.5], None),
    ],
)
def test_point_of(coordinates: object, point: tuple[float, float] | None) -> None:
    assert point_of(coordinates) == point
