"""Which unit a case goes to: the one named, else by rule, else that of the nearest street."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.cases.case import Case
from moshao.dispatch.queries import rules_of
from moshao.dispatch.rules import class_of, unit_by_rule
from moshao.kit.db import Reader, Tx
from moshao.places.queries import places_of

_UNIT = "SELECT id FROM units WHERE district_id = ? AND active AND kind NOT IN ('district', 'owner') AND "


class Spot(msgspec.Struct, frozen=True):
    """Where a case lies: codes of its grid and of its street, as far as they are known."""

    grid: str | None
    street: str | None

    @property
    def code(self) -> str | None:
        """What rules and duties are compared with."""
        return self.grid or self.street


async def unit_coded(tx: Tx, district_id: UUID, code: str) -> UUID | None:
    """The active unit with this code; the district's own centre and owners without accounts are none."""

    async def read() -> UUID | None:
        found: UUID | None = await tx.value(_UNIT + "code = ?", district_id, code)
        return found

    return await tx.once(("unit_coded", district_id, code), read)


async def locate(reader: Reader, case: Case) -> Spot:
    """The case's grid as it was named, else as its point tells; its street by the point, else by the grid."""
    places = await places_of(reader, case.district_id)
    grid = places.grid(case.grid_code) if case.grid_code else None
    if case.lon is None or case.lat is None:
        return Spot(case.grid_code, grid.street_code or None if grid else None)
    if case.grid_code is None:
        grid = places.units.find(case.lon, case.lat)
    street = places.nearest_street(case.lon, case.lat)
    return Spot(grid.code if grid else case.grid_code, street.code if street else None)


async def place(reader: Reader, case: Case, spot: Spot, at: datetime, zone: str) -> UUID | None:
    """The unit that answers there at that instant, None where neither rule nor street tells."""
    local = at.astimezone(ZoneInfo(zone))
    rules = await rules_of(reader, case.district_id)
    minute = local.hour * 60 + local.minute
    if unit_id := unit_by_rule(rules, spot.code, class_of(case), minute):
        return unit_id
    return await unit_of_street(reader, case.district_id, spot)


async def unit_of_street(reader: Reader, district_id: UUID, spot: Spot) -> UUID | None:
    """The unit that answers for a street where no rule says otherwise."""
    if spot.street is None:
        return None
    found: UUID | None = await reader.value(
        _UNIT + "street_code = ? ORDER BY depth, code LIMIT 1", district_id, spot.street
    )
    return found
