"""An area on the map: a unit grid, a duty grid, a street or township, the district's outline; in and out of GeoJSON."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import geojson
import msgspec

from moshao.places.inside import Point

AreaKind = Literal["unit", "duty", "street", "outline"]
Polygon = tuple[tuple[Point, ...], ...]  # outline first, then holes; each ring closed

CODE_MEMBERS = ("code", "grid", "grid_code", "adcode")


class Area(msgspec.Struct, frozen=True):
    """`synthetic` areas were made up (示意) and say so on screen. WGS-84."""

    code: str
    kind: AreaKind
    polygons: tuple[Polygon, ...]
    name: str = ""
    street_code: str = ""
    street_name: str = ""
    synthetic: bool = False

    def rings(self) -> Iterator[tuple[Point, ...]]:
        for polygon in self.polygons:
            yield from polygon


def collection_text(areas: list[Area]) -> str:
    """A GeoJSON FeatureCollection (RFC 7946) of areas, as `read_grids` takes it."""
    features = [
        geojson.Feature(
            geometry=_geometry_of(area),
            properties={
                "code": area.code,
                "kind": area.kind,
                "name": area.name,
                "street_code": area.street_code,
                "street_name": area.street_name,
                "synthetic": area.synthetic,
            },
        )
        for area in areas
    ]
    return _text(geojson.FeatureCollection(features))


def geometry_text(area: Area) -> str:
    """The area's geometry as GeoJSON, six decimals (0.1 m)."""
    return _text(_geometry_of(area))


def polygons_of(geometry: Mapping[str, Any]) -> tuple[Polygon, ...]:
    """The polygons of a sound GeoJSON geometry; heights are left out."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return tuple(
        tuple(tuple((float(point[0]), float(point[1])) for point in ring) for ring in polygon) for polygon in polygons
    )


def properties_of(feature: Any) -> dict[str, Any]:
    """The properties of whatever stands where a feature should."""
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def code_of(feature: Any) -> str:
    """The code that a feature goes by, or an empty text."""
    properties = properties_of(feature)
    return next((text_of(properties[name]) for name in CODE_MEMBERS if properties.get(name)), "")


def text_of(value: Any) -> str:
    """Any JSON value as text that every database and encoder takes (no NUL, no lone surrogate)."""
    return str(value or "").replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def kind_of(feature: Any, kind: AreaKind) -> AreaKind:
    """What a feature says it is (not checked), else `kind`."""
    named: AreaKind = properties_of(feature).get("kind") or kind
    return named


def _geometry_of(area: Area) -> Any:
    if len(area.polygons) == 1:
        return geojson.Polygon(area.polygons[0])
    return geojson.MultiPolygon(area.polygons)


def _text(member: Any) -> str:
    text: str = geojson.dumps(member, ensure_ascii=False, separators=(",", ":"))
    return text
