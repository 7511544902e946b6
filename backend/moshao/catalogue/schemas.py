"""The catalogue on the wire. Members that say nothing are left out: a phone loads this over a poor network."""

import msgspec

from moshao.catalogue.rules import GROUPS_EN, CaseClass, Catalogue, Kind, LimitUnit, PhotoNeed, PhotoRule


class CodeSetOut(msgspec.Struct):
    code: str
    name_zh: str
    name_en: str


class GroupOut(msgspec.Struct):
    zh: str
    en: str


class LimitOut(msgspec.Struct):
    value: int
    unit: LimitUnit


class ConditionOut(msgspec.Struct, omit_defaults=True):
    """A condition without a wording is shown by its code."""

    code: str
    limit: LimitOut
    wording_zh: str = ""
    wording_en: str = ""


class PhotoRuleOut(msgspec.Struct):
    """What a closure has to show, and why it is asked. `outcomes` ask for something else."""

    after_min: int
    before_min: int
    outcomes: dict[str, PhotoNeed]
    asked_zh: str
    asked_en: str
    why_zh: str
    why_en: str


class ClassOut(msgspec.Struct, omit_defaults=True):
    """`photo_rule` is a place in `photo_rules`; the first is the general one. `help_*`: two lines at most."""

    kind: Kind
    major: str
    minor: str
    major_zh: str
    major_en: str
    name_zh: str
    name_en: str
    group: str
    component: str = ""
    self_handling: bool = False
    help_zh: str = ""
    help_en: str = ""
    not_to_confuse_with: str = ""
    conditions: list[ConditionOut] = []
    photo_rule: int = 0


class CatalogueOut(msgspec.Struct):
    """One code set's classes, matters first, by code; `code_sets` names the others there are."""

    code_set: str
    code_sets: list[CodeSetOut]
    groups: list[GroupOut]
    photo_rules: list[PhotoRuleOut]
    classes: list[ClassOut]


def catalogue_out(catalogue: Catalogue, code_set: str) -> CatalogueOut:
    """What the phone keeps of one code set."""
    rules = [_photo_rule_out(catalogue.photo_rule_for(None))]
    classes = []
    for case_class in catalogue.classes_of(code_set):
        rule = _photo_rule_out(catalogue.photo_rule_for(case_class))
        if rule not in rules:
            rules.append(rule)
        classes.append(_class_out(case_class, rules.index(rule)))
    return CatalogueOut(
        code_set=code_set,
        code_sets=[CodeSetOut(each.code, each.name_zh, each.name_en) for each in catalogue.code_sets],
        groups=[GroupOut(zh, en) for zh, en in GROUPS_EN.items()],
        photo_rules=rules,
        classes=classes,
    )


def _class_out(case_class: CaseClass, photo_rule: int) -> ClassOut:
    return ClassOut(
        kind=case_class.kind,
        major=case_class.major,
        minor=case_class.minor,
        major_zh=case_class.major_zh,
        major_en=case_class.major_en,
        name_zh=case_class.name_zh,
        name_en=case_class.name_en,
        group=case_class.group_zh,
        component=case_class.component,
        self_handling=case_class.self_handling,
        help_zh=case_class.help_zh,
        help_en=case_class.help_en,
        not_to_confuse_with=case_class.not_to_confuse_with,
        conditions=[
            ConditionOut(each.code, LimitOut(each.limit.value, each.limit.unit), each.wording_zh, each.wording_en)
            for each in case_class.conditions
        ],
        photo_rule=photo_rule,
    )


def _photo_rule_out(rule: PhotoRule) -> PhotoRuleOut:
    return PhotoRuleOut(
        after_min=rule.after_min,
        before_min=rule.before_min,
        outcomes=dict(rule.outcomes),
        asked_zh=rule.asked_zh,
        asked_en=rule.asked_en,
        why_zh=rule.why_zh,
        why_en=rule.why_en,
    )
