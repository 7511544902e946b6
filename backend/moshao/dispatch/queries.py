"""The dispatch rules of a district, and the open cases near a place."""

from collections.abc import Iterable
from math import cos, degrees, radians
from uuid import UUID

import msgspec

from moshao.cases.states import ENDED
from moshao.dispatch.rules import Rule
from moshao.dispatch.schemas import KnownCase, RuleView
from moshao.kit.db import Row, marks
from moshao.kit.kept import Asked, Kept
from moshao.places.distance import EARTH_M, metres_nearby
from moshao.places.geojson import Point

SUBJECT = "dispatch_rules"
KNOWN_MOST = 20


async def rules_of(reader: Asked, district_id: UUID) -> list[Rule]:
    """By priority; kept until somebody changes them."""
    return await _kept.get(reader, district_id)


async def list_rules(reader: Asked, district_id: UUID, one: UUID | None = None) -> list[RuleView]:
    """All of them, or the one with this id."""
    rows = await reader.all("SELECT * FROM dispatch_rules WHERE district_id = ? ORDER BY priority, id", district_id)
    return [_view(row) for row in rows if one in (None, row["id"])]


async def known_nearby(
    reader: Asked, district_id: UUID, lon: float, lat: float, within_m: float, case_class: tuple[str, str, str] | None
) -> list[KnownCase]:
    """Open cases within `within_m` metres, of this class (kind, major, minor) if one is named; the nearest first."""
    north = degrees(within_m / EARTH_M)
    east = north / max(0.01, cos(radians(lat)))
    ended = sorted(ENDED)
    sql = (
        "SELECT id, kind, major, minor, lon, lat, state FROM cases WHERE district_id = ? AND ended_at IS NULL "
        f"AND state NOT IN ({marks(len(ended))}) AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?"
    )
    args = [district_id, *ended, lon - east, lon + east, lat - north, lat + north]
    if case_class is not None:
        sql += " AND kind = ? AND major = ? AND minor = ?"
        args += case_class
    rows = await reader.all(sql, *args)
    found = sorted(_known(rows, lon, lat), key=lambda case: case.distance_m)
    return [case for case in found if case.distance_m <= within_m][:KNOWN_MOST]


def _known(rows: Iterable[Row], lon: float, lat: float) -> Iterable[KnownCase]:
    for row in rows:
        yield KnownCase(
            id=row["id"],
            kind=row["kind"],
            major=row["major"],
            minor=row["minor"],
            location=Point(type="Point", coordinates=[row["lon"], row["lat"]]),
            state=row["state"],
            distance_m=round(metres_nearby(lon, lat, row["lon"], row["lat"])),
        )


async def _load(reader: Asked, district_id: UUID) -> list[Rule]:
    rows = await reader.all("SELECT * FROM dispatch_rules WHERE district_id = ? ORDER BY priority, id", district_id)
    return [
        Rule(
            priority=row["priority"],
            unit_id=row["unit_id"],
            grids=msgspec.json.decode(row["grids"], type=tuple[str, ...]),
            classes=msgspec.json.decode(row["classes"], type=tuple[str, ...]),
            from_minute=row["from_minute"],
            until_minute=row["until_minute"],
        )
        for row in rows
    ]


def _view(row: Row) -> RuleView:
    return RuleView(
        id=row["id"],
        priority=row["priority"],
        unit_id=row["unit_id"],
        grids=msgspec.json.decode(row["grids"]),
        classes=msgspec.json.decode(row["classes"]),
        from_minute=row["from_minute"],
        until_minute=row["until_minute"],
    )


_kept = Kept(SUBJECT, _load)
