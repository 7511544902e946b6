"""Which class a code means, its limit, its photo rule, its like in another code set."""

from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

import msgspec

Kind = Literal["component", "matter"]
LimitUnit = Literal["urgent_hour", "urgent_day", "work_hour", "work_day"]

GROUPS_EN = {
    "市容秩序": "City order",
    "环卫保洁": "Sanitation",
    "市政设施": "Municipal facilities",
    "园林绿化": "Landscaping",
}


class ClassLimit(msgspec.Struct, frozen=True):
    """A limit as the catalogue has it; `hours` computes with it."""

    value: int
    unit: LimitUnit


class Condition(msgspec.Struct, frozen=True):
    """A condition for filing. Seeded ones have no wording of their own: 条件 1, 条件 2 …"""

    code: str
    limit: ClassLimit
    wording_zh: str = ""
    wording_en: str = ""


class CaseClass(msgspec.Struct, frozen=True, kw_only=True):
    """A class of cases. `code` is `major` and `minor` joined; `maps_to` (code set, kind, code) its like elsewhere."""

    id: UUID
    code_set: str
    kind: Kind
    major: str
    minor: str
    code: str
    major_zh: str
    major_en: str
    name_zh: str
    name_en: str
    group_zh: str
    maps_to: tuple[str, str, str] | None = None
    component: str = ""
    self_handling: bool = False
    help_zh: str = ""
    help_en: str = ""
    not_to_confuse_with: str = ""
    conditions: tuple[Condition, ...] = ()


class PhotoNeed(msgspec.Struct, frozen=True):
    """How many photos at least."""

    after: int
    before: int


class PhotoRule(msgspec.Struct, frozen=True, kw_only=True):
    """What a closure has to show, said to the person who is asked. For one class, a group, or (neither) for all."""

    class_id: UUID | None = None
    group_zh: str = ""
    own: bool = False
    after_min: int = 1
    before_min: int = 1
    outcomes: Mapping[str, PhotoNeed] = {}
    asked_zh: str = ""
    asked_en: str = ""
    why_zh: str = ""
    why_en: str = ""

    def need(self, outcome: str, *, case_has_before: bool) -> PhotoNeed:
        """Photos for a closure with this outcome; one before is asked for only where the case has none."""
        asked = self.outcomes.get(outcome) or PhotoNeed(self.after_min, self.before_min)
        return PhotoNeed(asked.after, 0 if case_has_before else asked.before)


class CodeSet(msgspec.Struct, frozen=True):
    """A code set: `code` is the name on the wire."""

    code: str
    name_zh: str
    name_en: str


class Catalogue:
    """A district's classes and rules. `version` changes with any of them."""

    def __init__(
        self,
        version: str,
        code_sets: Iterable[CodeSet],
        classes: Iterable[CaseClass],
        photo_rules: Iterable[PhotoRule],
    ) -> None:
        self.version = version
        self.code_sets = tuple(code_sets)
        self._classes: dict[tuple[str, str, str], CaseClass] = {
            (found.code_set, found.kind, found.code): found for found in classes
        }
        self._by_id = {found.id: found for found in self._classes.values()}
        self._mapped: dict[tuple[str, tuple[str, str, str]], CaseClass] = {}
        for found in sorted(self._classes.values(), key=lambda each: each.code, reverse=True):
            if found.maps_to:
                self._mapped[found.code_set, found.maps_to] = found  # of several, the smallest code stays
        # A district's own rules come last and so stand above the common ones.
        self._photo_rules = {
            (rule.class_id, rule.group_zh): rule for rule in sorted(photo_rules, key=lambda rule: rule.own)
        }

    def find(self, code_set: str | None, kind: str | None, major: str | None, minor: str | None) -> CaseClass | None:
        """The class of these codes; `minor` may be the joined code. None: unknown."""
        if not code_set or not kind or not minor:
            return None
        joined = self._classes.get((code_set, kind, minor))
        if joined:
            return joined if not major or joined.major == major else None
        found = self._classes.get((code_set, kind, f"{major}{minor}"))
        return found if found and found.major == major else None

    def by_id(self, class_id: UUID) -> CaseClass | None:
        return self._by_id.get(class_id)

    def classes_of(self, code_set: str) -> list[CaseClass]:
        """All classes of a code set, matters first, by code."""
        found = [each for each in self._classes.values() if each.code_set == code_set]
        return sorted(found, key=lambda each: (each.kind != "matter", each.code))

    def limit_for(self, case_class: CaseClass | None, condition: str | None) -> ClassLimit | None:
        """The limit of a class under a condition (its code or wording).

        None where the catalogue cannot tell: no class, or conditions that differ and none of them named. Then the
        district's default limit holds, shown as provisional (暂定).
        """
        if case_class is None:
            return None
        named = (condition or "").strip()
        for each in case_class.conditions:
            if named and named in (each.code, each.wording_zh, each.wording_en):
                return each.limit
        limits = {each.limit for each in case_class.conditions}
        return limits.pop() if len(limits) == 1 else None

    def photo_rule_for(self, case_class: CaseClass | None) -> PhotoRule:
        """The rule of the class, else of its group, else the general one."""
        if case_class:
            for key in ((case_class.id, ""), (None, case_class.group_zh)):
                if rule := self._photo_rules.get(key):
                    return rule
        return self._photo_rules.get((None, ""), PhotoRule())

    def map_class(self, case_class: CaseClass, to_code_set: str) -> CaseClass | None:
        """The like of a class in another code set: forward, backward, or over the set both map to."""
        if case_class.code_set == to_code_set:
            return case_class
        pivot = case_class.maps_to or (case_class.code_set, case_class.kind, case_class.code)
        if pivot[0] == to_code_set:
            return self._classes.get(pivot)
        return self._mapped.get((to_code_set, pivot))
