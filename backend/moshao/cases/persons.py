"""The persons and units that an act names: they must be there, of this district and of the unit."""

from uuid import UUID

import msgspec

from moshao.kit.db import Reader, Row, Tx
from moshao.kit.errors import FieldError, Refused, bad_field


class Named(msgspec.Struct, frozen=True):
    """A person as acts need to know him."""

    id: UUID
    unit_id: UUID
    unit_path: str
    role: str


def wrong(field: str, code: str, sentence: str) -> Refused:
    """422 for one member of the body."""
    return bad_field(sentence, errors=(FieldError(field, code, sentence),))


async def person_named(tx: Tx, district_id: UUID, person_id: UUID, field: str) -> Named:
    """An active person of the district. Raises `bad_field`."""
    row = await tx.one(
        "SELECT p.id, p.unit_id, u.path AS unit_path, p.role FROM people p JOIN units u ON u.id = p.unit_id "
        "WHERE p.id = ? AND p.district_id = ? AND p.active = ?",
        person_id, district_id, True,
    )  # fmt: skip
    if row is None:
        raise wrong(field, "unknown_person", "没有这个人员，或已停用")
    return Named(**row)


async def worker_named(tx: Tx, district_id: UUID, unit_id: UUID | None, person_id: UUID, field: str) -> Named:
    """One who can have the work: a handler or crew leader of the unit or of a unit below it. Raises `bad_field`."""
    person = await person_named(tx, district_id, person_id, field)
    if person.role not in ("handler", "crew_leader") or str(unit_id) not in person.unit_path.split("/"):
        raise wrong(field, "not_of_unit", "此人不是本单位的处置人员")
    return person


async def crew_named(tx: Tx, district_id: UUID, unit_id: UUID | None, crew_id: UUID) -> None:
    """A crew of the unit or of a unit below it. Raises `bad_field`."""
    path = await tx.value(
        "SELECT u.path FROM crews c JOIN units u ON u.id = c.unit_id WHERE c.id = ? AND c.district_id = ?",
        crew_id, district_id,
    )  # fmt: skip
    if path is None or str(unit_id) not in str(path).split("/"):
        raise wrong("crew_id", "unknown_crew", "没有这个班组")


async def unit_named(reader: Reader, district_id: UUID, unit_id: UUID, field: str = "unit_id") -> Row:
    """An active unit that cases can be given to: `id, parent_id, path, kind`. Raises `bad_field`."""
    row = await reader.one(
        "SELECT id, parent_id, path, kind FROM units WHERE id = ? AND district_id = ? AND active = ?",
        unit_id, district_id, True,
    )  # fmt: skip
    if row is None or row["kind"] == "district":
        raise wrong(field, "unknown_unit", "没有这个单位，或已停用")
    return row


async def parent_of(tx: Tx, unit_id: UUID | None) -> UUID | None:
    """The unit above that takes part in the work; the district's own centre (二级) does not."""
    parent: UUID | None = await tx.value(
        "SELECT p.id FROM units u JOIN units p ON p.id = u.parent_id WHERE u.id = ? AND p.kind <> ?",
        unit_id, "district",
    )  # fmt: skip
    return parent
