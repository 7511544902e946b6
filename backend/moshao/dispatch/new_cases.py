"""What reports and registrations have in common: class, place and limit of a case that begins here."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from moshao.cases.acting import Doing
from moshao.cases.persons import wrong
from moshao.cases.schemas import ActBody, Strict
from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.rules import CaseClass
from moshao.dispatch.assessing import class_in, limit_by_class, place_in
from moshao.kit.db import Tx
from moshao.places.datum import Point as Coordinates
from moshao.places.datum import to_wgs84
from moshao.places.position import fault_in
from moshao.places.queries import places_of

Text = Annotated[str, Meta(max_length=2000)]
Code = Annotated[str, Meta(max_length=60)]


class CaseSaid(ActBody, kw_only=True):
    """What a person says about a new case."""

    code_set: Code | None = None
    kind: Literal["component", "matter"] | None = None
    major: Annotated[str, Meta(pattern=r"^\d{2}$")] | None = None
    minor: Annotated[str, Meta(pattern=r"^\d{2,5}$")] | None = None
    condition: Annotated[str, Meta(max_length=200)] | None = None
    description: Text | None = None
    address: Text | None = None


class Begun(msgspec.Struct, frozen=True):
    """`columns` and flags of the new case; its class where the catalogue knows it."""

    columns: dict[str, Any]
    flags: tuple[str, ...]
    case_class: CaseClass | None


async def begin(tx: Tx, doing: Doing[Any], body: CaseSaid, point: Coordinates | None) -> Begun:
    """`point` in WGS-84. What is not known is flagged, never refused: the problem is real."""
    settings, district_id = doing.actor.settings, doing.actor.district_id
    said = {name: getattr(body, name) for name in ("code_set", "kind", "major", "minor", "condition")}
    columns = {name: value for name, value in said.items() if value is not None}
    catalogue = await catalogue_of(tx, district_id)
    found, flags = class_in(columns, catalogue, settings)
    if found is None:
        columns["minor"] = (body.minor or "")[-3:] or None
    limit, provisional = limit_by_class(found, body.condition, catalogue, settings)
    flags += place_in(columns, point, await places_of(tx, district_id))
    columns |= {
        "description": body.description,
        "address": body.address,
        "limit_value": limit.value,
        "limit_unit": limit.unit,
        "limit_provisional": provisional,
        "reported_at": doing.at,
    }
    return Begun(columns, tuple(flags), found)


class Where(Strict, kw_only=True):
    """A GeoJSON Point, longitude first."""

    type: Literal["Point"]
    coordinates: Annotated[list[float], Meta(min_length=2, max_length=3)]


def point_in(location: Any, datum: str, field: str) -> Coordinates:
    """WGS-84. Raises `bad_field` for numbers that are no place."""
    lon, lat = location.coordinates[:2]
    if (fault := fault_in(lon, lat)) is not None:
        raise wrong(field, fault, "不是有效的经纬度")
    return to_wgs84(lon, lat, datum)  # type: ignore[arg-type]
