"""What can be wrong with one feature of a GIS desk's file, each fault with its sentence for who mends it."""

import re
from collections.abc import Iterator
from typing import Any, Literal, get_args

import msgspec

from moshao.places.areas import AreaKind, Polygon, code_of, kind_of, polygons_of
from moshao.places.crossing import CrossingFault, crossing_fault
from moshao.places.inside import Shape
from moshao.places.position import PositionFault, fault_in

# Unit grids: 15 characters, 14 in older districts. Streets and districts: codes of 统计用区划代码.
CODE_PATTERNS: dict[AreaKind, str] = {
    "unit": r"[0-9A-Z]{14,15}",
    "duty": r"[0-9A-Za-z_-]{1,30}",
    "street": r"\d{9}(\d{3})?",
    "outline": r"\d{6}",
}
RING_POINTS_MOST = 20_000

GridFaultCode = (
    PositionFault
    | CrossingFault
    | Literal[
        "not_json", "not_a_feature_collection", "unknown_crs", "not_a_feature", "wrong_geometry_type",
        "bad_coordinates", "too_few_points", "too_many_points", "ring_not_closed", "no_area",
         "hole_outside",  "code_missing", "bad_code", "duplicate_code",
        "unknown_kind",
    ]
)  # fmt: skip

SENTENCES: dict[GridFaultCode, str] = {
    "not_json": "文件不是合格的 JSON（UTF-8）",
    "not_a_feature_collection": "文件不是 GeoJSON FeatureCollection",
    "unknown_crs": "坐标系不是 WGS-84 / CGCS2000 经纬度，请先转换",
    "not_a_feature": "不是 GeoJSON Feature",
    "wrong_geometry_type": "几何类型应为 Polygon 或 MultiPolygon",
    "bad_coordinates": "坐标结构不对",
    "not_a_number": "坐标不是数字",
    "lon_lat_swapped": "经纬度写反了（应先经度后纬度）",
    "out_of_range": "坐标超出经纬度范围",
    "too_few_points": "一个环至少要 4 个点",
    "too_many_points": f"一个环超过 {RING_POINTS_MOST} 个点，请先简化",
    "ring_not_closed": "环没有闭合（首尾点应相同）",
    "no_area": "环的面积为零（不同的点少于 3 个）",
    "self_crossing": "边界自相交或重叠",
    "hole_crosses_outline": "内洞与外边界或其他内洞相交",
    "hole_outside": "内洞在外边界之外",
    "parts_overlap": "多个部分互相重叠",
    "code_missing": "缺少编码",
    "bad_code": "编码格式不对（单元网格为 14 或 15 位数字或大写字母）",
    "duplicate_code": "编码在文件中重复",
    "unknown_kind": "类别应为 unit、duty、street 或 outline",
}


class GridFault(msgspec.Struct, frozen=True):
    """`feature` counts from 1 in the file's order; 0 is the file itself. `detail` is for the person who mends it."""

    feature: int
    code: GridFaultCode
    detail: str
    area_code: str = ""


def faults_of(feature: Any, kind: AreaKind) -> Iterator[GridFaultCode]:
    """Each kind of fault once."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        yield "not_a_feature"
        return
    named = kind_of(feature, kind)
    code = code_of(feature)
    if named not in get_args(AreaKind):
        yield "unknown_kind"
    elif not code:
        yield "code_missing"
    elif not re.fullmatch(CODE_PATTERNS[named], code, re.ASCII):
        yield "bad_code"
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        yield "wrong_geometry_type"
        return
    parts = geometry.get("coordinates")
    if geometry["type"] == "Polygon":
        parts = [parts]
    if not isinstance(parts, list) or not parts or not all(isinstance(part, list) and part for part in parts):
        yield "bad_coordinates"
        return
    of_rings = {fault for part in parts for ring in part for fault in _ring_faults(ring)}
    yield from sorted(of_rings) or _shape_faults(polygons_of(geometry))


def _ring_faults(ring: Any) -> Iterator[GridFaultCode]:
    if not isinstance(ring, list) or not all(isinstance(point, list) and len(point) > 1 for point in ring):
        yield "bad_coordinates"
        return
    yield from filter(None, {fault_in(point[0], point[1]) for point in ring})
    if len(ring) < 4:
        yield "too_few_points"
    elif ring[0][:2] != ring[-1][:2]:
        yield "ring_not_closed"
    if len(ring) > RING_POINTS_MOST:
        yield "too_many_points"


def _shape_faults(polygons: tuple[Polygon, ...]) -> Iterator[GridFaultCode]:
    rings = [ring for polygon in polygons for ring in polygon]
    if any(len(set(ring)) < 3 for ring in rings):
        yield "no_area"
        return
    if crossing := crossing_fault(polygons):
        yield crossing
        return
    for outline, *holes in polygons:
        shape = Shape([outline])
        if any(not any(shape.contains(*point) for point in hole) for hole in holes):
            yield "hole_outside"
