"""Points with properties as GeoJSON (RFC 7946), a piece of a collection at a time."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import geojson

BEGINS, BETWEEN, ENDS = '{"type":"FeatureCollection","features":[', ",", "]}"


def point_text(feature_id: UUID, lon: float | None, lat: float | None, properties: Mapping[str, Any]) -> str:
    """A feature, six decimals (0.1 m); one without a place has no geometry."""
    point = None if lon is None or lat is None else geojson.Point((lon, lat))
    feature = geojson.Feature(id=str(feature_id), geometry=point, properties=dict(properties))
    text: str = geojson.dumps(feature, ensure_ascii=False, separators=(",", ":"))
    return text
