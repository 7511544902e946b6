"""The box of a map: what lies between two meridians and two parallels."""

from typing import Any

import msgspec

from moshao.kit import errors

bad_bbox = errors.refusal("bad_bbox", 422, "地图范围不对：应为「西经度,南纬度,东经度,北纬度」四个数，南不能大于北")

_LON_MOST, _LAT_MOST = 180.0, 90.0


class Box(msgspec.Struct, frozen=True):
    """In degrees of WGS-84. Where `west` is greater than `east` it lies across the date line (RFC 7946, 5.2)."""

    west: float
    south: float
    east: float
    north: float

    def where(self, lon: str = "lon", lat: str = "lat") -> tuple[str, list[Any]]:
        """What lies in it or on its edge, as a condition on two columns."""
        between = "AND" if self.west <= self.east else "OR"
        where = f"{lat} >= ? AND {lat} <= ? AND ({lon} >= ? {between} {lon} <= ?)"
        return where, [self.south, self.north, self.west, self.east]


def read_box(text: str) -> Box:
    """Of "west,south,east,north"; with heights (six numbers) they are left out. Raises `bad_bbox`."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as fault:
        raise bad_bbox() from fault
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise bad_bbox()
    box = Box(*numbers)
    # Said so that no NaN passes.
    sound = (
        all(-_LON_MOST <= lon <= _LON_MOST for lon in (box.west, box.east))
        and -_LAT_MOST <= box.south <= box.north <= _LAT_MOST
    )
    if not sound:
        raise bad_bbox()
    return box
