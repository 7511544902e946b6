"""Read grids, streets and outlines from a GIS desk's GeoJSON; whatever is wrong is named, feature by feature.

The geojson library gives up on a whole file for one odd feature and takes positions such as 200, 95, so it
writes our files and this module reads theirs.
"""

import json
import re
from typing import Any

from moshao.places.areas import Area, AreaKind, code_of, kind_of, polygons_of, properties_of, text_of
from moshao.places.datum import Datum, to_wgs84
from moshao.places.grid_faults import SENTENCES, GridFault, GridFaultCode, faults_of

# RFC 7946 knows WGS-84 only; these names in an older file mean the same numbers.
KNOWN_CRS = re.compile(r"(CRS84|EPSG:+(\d*:)?(4326|4490))$", re.IGNORECASE)


def read_grids(document: bytes, kind: AreaKind = "unit", datum: Datum = "wgs84") -> tuple[list[Area], list[GridFault]]:
    """The sound areas of a file and every fault of the others.

    Properties of a feature: `code` (or grid, grid_code, adcode), `kind` (else `kind`), `name`, `street_code`,
    `street_name`, `synthetic`. `datum` is what the file's coordinates are in; the areas are WGS-84.
    """
    features = _features(document)
    if not isinstance(features, list):
        return [], [GridFault(0, features, SENTENCES[features])]
    areas: dict[tuple[str, str], Area] = {}
    faults: list[GridFault] = []
    for number, feature in enumerate(features, start=1):
        found = list(faults_of(feature, kind))
        code = code_of(feature)
        if not found and (kind_of(feature, kind), code) in areas:
            found.append("duplicate_code")
        faults += [GridFault(number, fault, SENTENCES[fault], code) for fault in found]
        if not found:
            area = _area_of(feature, kind, datum)
            areas[area.kind, area.code] = area
    return list(areas.values()), faults


def _features(document: bytes) -> list[Any] | GridFaultCode:
    try:
        whole = json.loads(document)
    except (ValueError, RecursionError):
        return "not_json"
    if not isinstance(whole, dict) or not isinstance(whole.get("features"), list):
        return "not_a_feature_collection"
    if whole.get("crs") and not KNOWN_CRS.search(_crs_name(whole["crs"])):
        return "unknown_crs"
    features: list[Any] = whole["features"]
    return features


def _crs_name(crs: Any) -> str:
    return str(properties_of(crs).get("name"))


def _area_of(feature: Any, kind: AreaKind, datum: Datum) -> Area:
    properties = properties_of(feature)
    polygons = polygons_of(feature["geometry"])
    if datum in ("gcj02", "bd09"):
        polygons = tuple(
            tuple(tuple(to_wgs84(lon, lat, datum) for lon, lat in ring) for ring in polygon) for polygon in polygons
        )
    return Area(
        code=code_of(feature),
        kind=kind_of(feature, kind),
        polygons=polygons,
        name=text_of(properties.get("name")),
        street_code=text_of(properties.get("street_code")),
        street_name=text_of(properties.get("street_name")),
        synthetic=bool(properties.get("synthetic")),
    )
