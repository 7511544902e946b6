"""The catalogue as one district has it."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

import msgspec

from moshao.catalogue.rules import CaseClass, Catalogue, ClassLimit, CodeSet, Condition, PhotoNeed, PhotoRule
from moshao.kit.db import Row, Statement
from moshao.kit.kept import Asked, Kept, version, version_asked

SUBJECT = "catalogue"
DISTRICTS_MOST = 64  # some two megabytes each
OF_DISTRICT = "district_id IS NULL OR district_id = ?"
OF_SETS = f"code_set_id IN (SELECT id FROM code_sets WHERE {OF_DISTRICT})"


async def catalogue_of(reader: Asked, district_id: UUID) -> Catalogue:
    """The district's catalogue; kept until somebody changes it."""
    return await _kept.get(reader, district_id)


def catalogue_asked(district_id: UUID) -> Statement:
    """What `catalogue_of` asks each time."""
    return version_asked(SUBJECT, district_id)


async def load_catalogue(reader: Asked, district_id: UUID) -> Catalogue:
    """The same, read afresh."""
    as_of = await version(reader, SUBJECT, district_id)
    sets = {
        row["id"]: CodeSet(row["code"], row["name_zh"], row["name_en"])
        for row in await reader.all(f"SELECT * FROM code_sets WHERE {OF_DISTRICT} ORDER BY code DESC", district_id)
    }
    by_code = f"SELECT * FROM conditions WHERE {OF_DISTRICT} ORDER BY length(code), code"
    conditions = _by_class(await reader.all(by_code, district_id))
    settings = await reader.all("SELECT * FROM class_settings WHERE district_id = ?", district_id)
    self_handling = {row["class_id"]: bool(row["self_handling"]) for row in settings}
    classes = [
        _class_of(row, sets[row["code_set_id"]].code, conditions.get(row["id"], ()), self_handling)
        for row in await reader.all(f"SELECT * FROM case_classes WHERE {OF_SETS}", district_id)
    ]
    rules = await reader.all(f"SELECT * FROM photo_rules WHERE {OF_DISTRICT}", district_id)
    return Catalogue(as_of, sets.values(), classes, map(_photo_rule_of, rules))


def _by_class(rows: Iterable[Row]) -> dict[UUID, tuple[Condition, ...]]:
    """Conditions of each class: the district's own alone where it has any."""
    common: defaultdict[UUID, list[Condition]] = defaultdict(list)
    own: defaultdict[UUID, list[Condition]] = defaultdict(list)
    for row in rows:
        limit = ClassLimit(row["limit_value"], row["limit_unit"])
        condition = Condition(row["code"], limit, row["wording_zh"], row["wording_en"])
        (common if row["district_id"] is None else own)[row["class_id"]].append(condition)
    return {class_id: tuple(found) for class_id, found in (common | own).items()}


def _class_of(row: Row, code_set: str, conditions: tuple[Condition, ...], self_handling: dict[UUID, bool]) -> CaseClass:
    kind, _, code = row["maps_to"].partition(":")
    return CaseClass(
        id=row["id"],
        code_set=code_set,
        kind=row["kind"],
        major=row["major"],
        minor=row["minor"],
        code=row["code"],
        major_zh=row["major_zh"],
        major_en=row["major_en"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        group_zh=row["group_zh"],
        maps_to=(row["maps_to_set"], kind, code) if code else None,
        component=row["component"],
        self_handling=self_handling.get(row["id"], bool(row["self_handling"])),
        help_zh=row["help_zh"],
        help_en=row["help_en"],
        not_to_confuse_with=row["not_to_confuse_with"],
        conditions=conditions,
    )


def _photo_rule_of(row: Row) -> PhotoRule:
    return PhotoRule(
        class_id=row["class_id"],
        group_zh=row["group_zh"],
        own=row["district_id"] is not None,
        after_min=row["after_min"],
        before_min=row["before_min"],
        outcomes=msgspec.json.decode(row["outcomes"] or "{}", type=dict[str, PhotoNeed]),
        asked_zh=row["asked_zh"],
        asked_en=row["asked_en"],
        why_zh=row["why_zh"],
        why_en=row["why_en"],
    )


_kept = Kept(SUBJECT, load_catalogue, DISTRICTS_MOST)
