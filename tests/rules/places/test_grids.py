"""Every fault of a GIS desk's file is named, and its sound features are read all the same."""

import json
from importlib.resources import files
from typing import Any

import pytest

from moshao.places.areas import collection_text
from moshao.places.grid_faults import SENTENCES
from moshao.places.grids import read_grids

CODE = "411302001000001"
SQUARE = [[112.0, 33.0], [112.4, 33.0], [112.4, 33.4], [112.0, 33.4], [112.0, 33.0]]
HOLE = [[112.1, 33.1], [112.2, 33.1], [112.2, 33.2], [112.1, 33.1]]


def feature(coordinates: Any = (SQUARE,), shape: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": CODE} | properties,
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def document(*features: Any, **members: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features} | members).encode()


def faults(*features: Any, **members: Any) -> list[tuple[int, str]]:
    return [(fault.feature, fault.code) for fault in read_grids(document(*features, **members))[1]]


def ring(*points: tuple[float, float]) -> list[list[list[float]]]:
    """A closed ring near 112, 33 from offsets in tenths of a degree."""
    return [[[112 + x / 10, 33 + y / 10] for x, y in (*points, points[0])]]


@pytest.mark.parametrize(
    ("odd", "code"),
    [
        (5, "not_a_feature"),
        ({"type": "Point"}, "not_a_feature"),
        (feature([112.0, 33.0], "Point"), "wrong_geometry_type"),
        (feature([SQUARE], "polygon"), "wrong_geometry_type"),
        ({**feature(), "geometry": None}, "wrong_geometry_type"),
        (feature(None), "bad_coordinates"),
        (feature([]), "bad_coordinates"),
        (feature([[]]), "too_few_points"),
        (feature(SQUARE), "bad_coordinates"),
        (feature([SQUARE], "MultiPolygon"), "bad_coordinates"),
        (feature([[[112.0], [112.4, 33.0], [112.4, 33.4], [112.0]]]), "bad_coordinates"),
        (feature([[*SQUARE[:2], ["x", 33.0], *SQUARE[2:]]]), "not_a_number"),
        (feature([[*SQUARE[:2], [float("nan"), 33.0], *SQUARE[2:]]]), "not_a_number"),
        (feature([[[200, 95], *SQUARE[1:-1], [200, 95]]]), "out_of_range"),
        (feature([[[lat, lon] for lon, lat in SQUARE]]), "lon_lat_swapped"),
        (feature([SQUARE[:2] + SQUARE[:1]]), "too_few_points"),
        (feature([SQUARE[:-1]]), "ring_not_closed"),
        (feature([[*SQUARE[:-1], [112.0, 33.0000001]]]), "ring_not_closed"),
        (feature([SQUARE[:-1] * 6000 + SQUARE[:1]]), "too_many_points"),
        (feature(ring((0, 0), (1, 0), (2, 0))), "self_crossing"),
        (feature(ring((0, 0), (0, 0), (0, 0))), "no_area"),
        (feature(ring((0, 0), (1, 1), (2, 0), (1, 1))), "self_crossing"),
        (feature(ring((0, 0), (2, 2), (2, 0), (0, 2))), "self_crossing"),
        (feature(ring((0, 0), (3, 3), (3, 0), (0, 2))), "self_crossing"),
        (feature(ring((0, 0), (2, 0), (2, 2), (1, 0), (0, 2))), "self_crossing"),  # corner on its own edge
        (feature(ring((0, 0), (2, 0), (2, 2), (2, -1), (0, -1))), "self_crossing"),  # runs back over itself
        (feature([SQUARE, *ring((1, 1), (5, 1), (1, 2))]), "hole_crosses_outline"),
        (feature([SQUARE, *ring((1, 1), (3, 1), (1, 3)), *ring((1.5, 0.5), (2, 2), (2.5, 0.5))]),
         "hole_crosses_outline"),
        (feature([SQUARE, *ring((0, 0), (1, 1), (0, 1))]), "hole_crosses_outline"),  # runs along it
        (feature([SQUARE, *ring((5, 1), (6, 1), (5, 2))]), "hole_outside"),
        (feature([[SQUARE], ring((3, 3), (5, 3), (5, 5))], "MultiPolygon"), "parts_overlap"),
        (feature(code=None), "code_missing"),
        (feature(code=""), "code_missing"),
        (feature(code="41130200100001a"), "bad_code"),
        (feature(code="4113020010001"), "bad_code"),
        (feature(code="4113020010000001"), "bad_code"),
        (feature(code="４１１３０２００１０００００１"), "bad_code"),
        (feature(code=["x"]), "bad_code"),
        (feature(kind="street", code="4113"), "bad_code"),
        (feature(kind="parcel"), "unknown_kind"),
        (feature(kind=["unit"]), "unknown_kind"),
    ],
)  # fmt: skip
def test_fault_is_named_and_the_others_are_read(odd: Any, code: str) -> None:
    areas, found = read_grids(document(feature(code="411302001000009"), odd))
    assert [(fault.feature, fault.code) for fault in found] == [(2, code)]
    assert [area.code for area in areas] == ["411302001000009"]


@pytest.mark.parametrize(
    ("whole", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe{", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_a_feature_collection"),
        (b'{"type": "FeatureCollection"}', "not_a_feature_collection"),
        (document(crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}), "unknown_crs"),
        (document(crs="EPSG:4326"), "unknown_crs"),
        (document(crs={"properties": []}), "unknown_crs"),
    ],
)
def test_fault_of_the_whole_file(whole: bytes, code: str) -> None:
    areas, [fault] = read_grids(whole)
    assert (areas, fault.feature, fault.code) == ([], 0, code)


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4490", "EPSG:4490"]
)
def test_older_names_of_our_datum_are_taken(name: str) -> None:
    assert not faults(feature(), crs={"type": "name", "properties": {"name": name}})


def test_several_faults_of_one_feature_are_all_named() -> None:
    swapped_and_open = [[lat, lon] for lon, lat in SQUARE[:-1]]
    assert faults(feature([swapped_and_open], code="x")) == [
        (1, "bad_code"),
        (1, "lon_lat_swapped"),
        (1, "ring_not_closed"),
    ]


def test_second_of_two_equal_codes_is_a_fault_per_kind() -> None:
    duty = feature(kind="duty")
    assert faults(feature(), duty, feature(), duty) == [(3, "duplicate_code"), (4, "duplicate_code")]


def test_sound_shapes_pass() -> None:
    sound = [
        feature([SQUARE, HOLE], code="411302001000001"),
        feature([SQUARE, *ring((0, 1), (1, 1), (1, 2))], code="411302001000002"),  # hole touches the outline
        feature([[SQUARE], ring((4, 0), (5, 0), (5, 1))], "MultiPolygon", code="41130200100003"),
        feature([[SQUARE], ring((4, 0), (5, 0), (5, 3), (4, 3))], "MultiPolygon", code="41130200100013"),  # neighbours
        feature([[[*point, 130.0] for point in SQUARE]], code="411302001000004"),
        feature([SQUARE[:2] + SQUARE[1:]], code="411302001000005"),  # a corner named twice
        feature(code="411302001", kind="street", name="东关街道"),
        feature(code="411302", kind="outline"),
        feature(code=None, grid="411302001000006"),
    ]
    areas, found = read_grids(document(*sound))
    assert not found
    assert len(areas) == len(sound)


def test_text_that_no_database_takes_is_cleaned() -> None:
    [area], _ = read_grids(document(feature(name="东\0关\ud800")))
    assert area.name == "东关?"


def test_what_we_write_we_can_read() -> None:
    seeds = files("moshao") / "seeds" / "wancheng"
    for name in ("outline.geojson", "streets_SYNTHETIC.geojson", "unit_grids_SYNTHETIC.geojson"):
        areas, found = read_grids((seeds / name).read_bytes())
        assert areas
        assert not found
        assert read_grids(collection_text(areas).encode()) == (areas, [])


def test_each_fault_has_its_sentence() -> None:
    assert all(SENTENCES.values())
