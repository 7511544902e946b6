"""The national code sets, one city's limits and the photo rules, from the seeds. Runs at every upgrade.

Common rows follow the seeds; what a district decides stands in rows of its own, which are not touched.
"""

from importlib.resources import files
from uuid import UUID

import msgspec

from moshao.catalogue.filing import Key, file_classes, file_code_set, file_limits
from moshao.catalogue.queries import SUBJECT
from moshao.catalogue.sheets import read_classes, rows_of
from moshao.kit.db import Tx
from moshao.kit.ids import new_id
from moshao.kit.kept import touch

SEEDS = files("moshao") / "seeds" / "catalogue"
# What the other sets map to.
PIVOT = "2026"


async def seed_catalogue(tx: Tx) -> None:
    """Bring the common code sets, limits and photo rules to what the seeds say."""
    sets = {row["key"]: row for row in _rows("code_sets.csv")}
    ids: dict[tuple[str, str, str], UUID] = {}
    for key, row in sets.items():
        filed = await _seed_set(tx, key, row, sets[PIVOT]["code"])
        ids |= {(key, *code): class_id for code, class_id in filed.items()}
    await _seed_photo_rules(tx, ids)
    await touch(tx, SUBJECT, None)


async def _seed_set(tx: Tx, key: str, row: dict[str, str], pivot: str) -> dict[Key, UUID]:
    set_id = await file_code_set(tx, None, {name: row[name] for name in ("code", "name_zh", "name_en", "source")})
    lines, _ = read_classes(each for each in _rows("classes.csv") if each["code_set"] == key)
    majors = {
        (each["kind"], each["major"]): (each["name_zh"], each["name_en"])
        for each in _rows("majors.csv")
        if each["code_set"] == key
    }
    helps = {(each["kind"], each["code"]): each for each in _rows("helps.csv") if each["code_set"] == key}
    filed = await file_classes(tx, set_id, lines, pivot, majors, helps)
    await file_limits(tx, None, {filed[line.key]: line.limits for line in lines})
    return filed


async def _seed_photo_rules(tx: Tx, ids: dict[tuple[str, str, str], UUID]) -> None:
    await tx.run("DELETE FROM photo_rules WHERE district_id IS NULL")
    for row in _rows("photo_rules.csv"):
        await tx.insert(
            "photo_rules",
            {
                "id": new_id(),
                "district_id": None,
                "class_id": ids[row["code_set"], row["kind"], row["code"]] if row["code"] else None,
                "group_zh": row["group"],
                "after_min": int(row["after_min"]),
                "before_min": int(row["before_min"]),
                "outcomes": _outcomes(row["outcomes"]),
                "asked_zh": row["asked_zh"],
                "asked_en": row["asked_en"],
                "why_zh": row["why_zh"],
                "why_en": row["why_en"],
            },
        )


def _outcomes(text: str) -> str:
    """JSON from `already_gone:1/0 …` (after/before)."""
    found = {}
    for word in text.split():
        outcome, _, counts = word.partition(":")
        after, _, before = counts.partition("/")
        found[outcome] = {"after": int(after), "before": int(before)}
    return msgspec.json.encode(found).decode()


def _rows(name: str) -> list[dict[str, str]]:
    return rows_of((SEEDS / name).read_text("utf-8"))
