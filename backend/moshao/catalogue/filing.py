"""Put code sets, their classes and limits on record."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from moshao.catalogue.rules import ClassLimit
from moshao.catalogue.sheets import ClassLine
from moshao.kit.db import Row, Tx, marks
from moshao.kit.ids import new_id

Key = tuple[str, str]  # kind, joined code


async def file_code_set(tx: Tx, district_id: UUID | None, row: Row) -> UUID:
    """Add or mend a code set (`code`, `name_zh`, `name_en`, `source`); its id."""
    owner, args = of_owner(district_id)
    found: UUID | None = await tx.value(f"SELECT id FROM code_sets WHERE {owner} AND code = ?", *args, row["code"])
    if found is None:
        found = new_id()
        await tx.insert("code_sets", {"id": found, "district_id": district_id} | row)
    else:
        await _mend(tx, "code_sets", found, row)
    return found


async def file_classes(
    tx: Tx,
    code_set_id: UUID,
    lines: Iterable[ClassLine],
    maps_to_set: str,
    majors: Mapping[Key, tuple[str, str]],
    helps: Mapping[Key, Mapping[str, str]],
) -> dict[Key, UUID]:
    """Add classes or mend those of the same code; ids by kind and code. Classes not in `lines` stay."""
    there = await tx.all("SELECT * FROM case_classes WHERE code_set_id = ?", code_set_id)
    known = {(row["kind"], row["code"]): row for row in there}
    ids = {key: row["id"] for key, row in known.items()}
    new = []
    for line in lines:
        key = line.key
        row = _class_row(line, maps_to_set, majors.get((line.kind, line.major), ("", "")), helps.get(key, {}))
        if key not in known:
            ids[key] = new_id()
            new.append({"id": ids[key], "code_set_id": code_set_id} | row)
        elif any(known[key][name] != value for name, value in row.items()):
            await _mend(tx, "case_classes", ids[key], row)
    await _add(tx, "case_classes", new)
    return ids


async def file_limits(tx: Tx, district_id: UUID | None, limits: Mapping[UUID, tuple[ClassLimit, ...]]) -> None:
    """Give classes these limits, for conditions numbered from 1, in place of what the same owner had filed."""
    owner, args = of_owner(district_id)
    known: dict[UUID, dict[str, Row]] = {}
    for row in await tx.all(f"SELECT * FROM conditions WHERE {owner}", *args):
        known.setdefault(row["class_id"], {})[row["code"]] = row
    new = []
    for class_id, wanted in limits.items():
        there = known.get(class_id, {})
        for code, limit in enumerate(wanted, start=1):
            row = {"limit_value": limit.value, "limit_unit": limit.unit}
            before = there.pop(str(code), None)
            if before is None:
                whose = {"id": new_id(), "district_id": district_id, "class_id": class_id, "code": str(code)}
                new.append(whose | {"wording_zh": "", "wording_en": ""} | row)
            elif any(before[name] != value for name, value in row.items()):
                await _mend(tx, "conditions", before["id"], row)
        for left in there.values():
            await tx.run("DELETE FROM conditions WHERE id = ?", left["id"])
    await _add(tx, "conditions", new)


def of_owner(district_id: UUID | None) -> tuple[str, tuple[UUID, ...]]:
    """SQL and its arguments for rows of a district, or (None) the common ones."""
    return ("district_id IS NULL", ()) if district_id is None else ("district_id = ?", (district_id,))


def _class_row(line: ClassLine, maps_to_set: str, major: tuple[str, str], helped: Mapping[str, str]) -> Row:
    return {
        "kind": line.kind,
        "major": line.major,
        "minor": line.minor,
        "code": line.key[1],
        "major_zh": major[0],
        "major_en": major[1],
        "name_zh": line.name_zh,
        "name_en": line.name_en,
        "group_zh": line.group_zh,
        "maps_to_set": maps_to_set if line.maps_to else "",
        "maps_to": line.maps_to,
        "component": line.component,
        "self_handling": line.self_handling,
        "help_zh": helped.get("zh", ""),
        "help_en": helped.get("en", ""),
        "not_to_confuse_with": helped.get("not_to_confuse_with", ""),
    }


async def _add(tx: Tx, table: str, rows: list[Row]) -> None:
    if rows:
        sql = f"INSERT INTO {table} ({', '.join(rows[0])}) VALUES ({marks(len(rows[0]))})"
        await tx.many(sql, [tuple(row.values()) for row in rows])


async def _mend(tx: Tx, table: str, row_id: UUID, row: Row) -> None:
    sets = ", ".join(f"{name} = ?" for name in row)
    await tx.run(f"UPDATE {table} SET {sets} WHERE id = ?", *row.values(), row_id)
