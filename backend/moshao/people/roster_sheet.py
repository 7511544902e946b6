"""The roster as the sheet that `importing` reads: empty to fill in, or as it stands to change and hand in again."""

import asyncio
from collections.abc import Sequence

import msgspec

from moshao.kit.db import Row, marks
from moshao.kit.kept import Asked
from moshao.kit.sheets_to_fill import write_sheet
from moshao.people.actor import Actor
from moshao.people.importing import COLUMNS, LEVEL_NAMES, ROLE_NAMES
from moshao.people.pages import district, reach
from moshao.people.rules import MAY_KEEP
from moshao.people.wording import ROSTER_LISTS, ROSTER_SHEET, ROSTER_UNITS

_PEOPLE = """
SELECT p.id, p.staff_no, p.name, p.role, p.phone, u.code AS unit_code, o.name AS post, s.name AS shift, y.grids,
       y.classes, y.level
FROM people p JOIN units u ON u.id = p.unit_id
LEFT JOIN duties y ON y.person_id = p.id AND y.unit_id = p.unit_id AND y.from_day IS NULL AND y.until_day IS NULL
LEFT JOIN shifts s ON s.id = y.shift_id LEFT JOIN posts o ON o.id = y.post_id"""


async def write_roster(asked: Asked, actor: Actor, *, filled: bool) -> bytes:
    """An XLSX; `filled`: a row for each standing duty of whom this actor keeps, and for who has none. On a second page
    stand the units, roles, shifts and levels that its cells may name."""
    kept = MAY_KEEP[actor.role]
    rows = await _standing(asked, actor, sorted(kept)) if filled else []
    clause, args = reach(actor)
    units = await asked.all(
        f"SELECT u.code, u.name FROM units u WHERE {clause} AND u.active AND u.kind <> 'owner' ORDER BY u.path", *args
    )
    clause, args = district(actor, "x")
    shifts = await asked.all(f"SELECT x.name FROM shifts x WHERE {clause} ORDER BY x.from_minute, x.name", *args)
    called = {heading: name for name, heading in COLUMNS.items()}
    lists = {
        called["unit_code"]: [unit["code"] for unit in units],
        ROSTER_UNITS: [unit["name"] for unit in units],
        called["role"]: [name for name, role in ROLE_NAMES.items() if role in kept],
        called["shift"]: [shift["name"] for shift in shifts],
        called["level"]: list(LEVEL_NAMES),
    }
    return await asyncio.to_thread(write_sheet, ROSTER_SHEET, list(COLUMNS), rows, ROSTER_LISTS, lists)


async def _standing(asked: Asked, actor: Actor, roles: Sequence[str]) -> list[list[str]]:
    clause, args = reach(actor)
    rows = await asked.all(
        f"{_PEOPLE} WHERE {clause} AND p.active AND p.role IN ({marks(len(roles))}) ORDER BY u.path, p.staff_no, y.id",
        *args,
        *roles,
    )
    return [_line(row) for row in rows]


def _line(row: Row) -> list[str]:
    on_duty = row["shift"] is not None
    roles = {role: name for name, role in reversed(ROLE_NAMES.items())}
    levels = {level: name for name, level in LEVEL_NAMES.items()}
    cells = {
        **{name: row[name] or "" for name in ("staff_no", "name", "unit_code", "phone", "post", "shift")},
        "role": roles[row["role"]],
        "grids": " ".join(msgspec.json.decode(row["grids"], type=list[str])) if on_duty else "",
        "classes": " ".join(msgspec.json.decode(row["classes"], type=list[str])) if on_duty else "",
        "level": levels[row["level"]] if on_duty else "",
    }
    return [cells[name] for name in COLUMNS.values()]
