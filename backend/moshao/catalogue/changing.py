"""What a district decides about classes: its own code sets, limits, photo rules, who may handle by himself."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from moshao.catalogue.filing import file_classes, file_code_set, file_limits
from moshao.catalogue.queries import SUBJECT
from moshao.catalogue.rules import ClassLimit, PhotoRule
from moshao.catalogue.sheets import ClassLine
from moshao.kit.db import Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import touch


async def import_classes(tx: Tx, district_id: UUID, code_set: str, lines: Iterable[ClassLine], maps_to_set: str) -> int:
    """File the lines of a sheet; how many classes they named.

    A common code set keeps its classes: of the lines only the limits count, as the district's own. Any other name
    becomes, or mends, a code set of this district.
    """
    named = list(lines)
    common = await tx.value("SELECT id FROM code_sets WHERE district_id IS NULL AND code = ?", code_set)
    if common:
        rows = await tx.all("SELECT id, kind, code FROM case_classes WHERE code_set_id = ?", common)
        ids = {(row["kind"], row["code"]): row["id"] for row in rows}
    else:
        row = {"code": code_set, "name_zh": code_set, "name_en": code_set, "source": "imported"}
        set_id = await file_code_set(tx, district_id, row)
        ids = await file_classes(tx, set_id, named, maps_to_set, {}, {})
    found = [line for line in named if line.key in ids]
    await set_limits(tx, district_id, {ids[line.key]: line.limits for line in found if line.limits})
    return len(found)


async def set_limits(tx: Tx, district_id: UUID, limits: Mapping[UUID, tuple[ClassLimit, ...]]) -> None:
    """Give classes the district's own limits, in the order of their conditions; none: the common ones count again."""
    await file_limits(tx, district_id, limits)
    await touch(tx, SUBJECT, district_id)


async def set_photo_rule(tx: Tx, district_id: UUID, rule: PhotoRule) -> None:
    """The district's own rule for a class, a group, or (neither) all, in place of an earlier one."""
    same_class, args = ("class_id IS NULL", ()) if rule.class_id is None else ("class_id = ?", (rule.class_id,))
    await tx.run(
        f"DELETE FROM photo_rules WHERE district_id = ? AND group_zh = ? AND {same_class}",
        district_id,
        rule.group_zh,
        *args,
    )
    row = msgspec.structs.asdict(rule) | {"outcomes": msgspec.json.encode(rule.outcomes).decode()}
    del row["own"]
    await tx.insert("photo_rules", {"id": new_id(), "district_id": district_id} | row)
    await touch(tx, SUBJECT, district_id)


async def set_self_handling(tx: Tx, district_id: UUID, class_id: UUID, *, allowed: bool) -> None:
    """Whether who reports a case of this class may handle it on the spot (自处置)."""
    await tx.run("DELETE FROM class_settings WHERE district_id = ? AND class_id = ?", district_id, class_id)
    await tx.insert(
        "class_settings",
        {"id": new_id(), "district_id": district_id, "class_id": class_id, "self_handling": allowed},
    )
    await touch(tx, SUBJECT, district_id)
