"""What a rule would have done with the cases of the last days, before anybody lets it."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from moshao.cases.case import COLUMNS, Case, case_of
from moshao.cases.persons import unit_named
from moshao.cases.visibility import DISTRICT_ROLES
from moshao.catalogue.queries import catalogue_of
from moshao.dispatch.placing import Spot, locate, unit_of_street
from moshao.dispatch.queries import list_rules
from moshao.dispatch.rules import Rule, class_of, in_hours, unit_by_rule
from moshao.dispatch.schemas import PreviewBody, PreviewedCase, RuleBody, RulePreview, RuleView
from moshao.dispatch.telling import line_of
from moshao.kit.db import Reader
from moshao.people.actor import Actor
from moshao.people.naming import units_of
from moshao.people.queries import settings_of
from moshao.people.rules import covers

CASES_MOST = 2000
SHOWN_MOST = 50

_RECENT = f"SELECT {COLUMNS} FROM cases WHERE district_id = ? AND filed_at > ? ORDER BY filed_at DESC, id LIMIT ?"


class Moved(msgspec.Struct, frozen=True):
    """A case that would go elsewhere."""

    case: Case
    before: UUID | None
    after: UUID | None


async def preview(reader: Reader, actor: Actor, body: PreviewBody, now: datetime) -> RulePreview:
    """Raises `bad_field` (no such unit)."""
    district_id = actor.district_id
    if body.rule is not None:
        await unit_named(reader, district_id, body.rule.unit_id)
    zone = ZoneInfo((await settings_of(reader, district_id)).zone)
    stand = await list_rules(reader, district_id)
    today = [_rule(each) for each in stand]
    others = [_rule(each) for each in stand if each.id != body.rule_id]
    drafted = _rule(body.rule) if body.rule else None
    then = [*others, *([drafted] if drafted else [])]
    since = now - timedelta(days=body.days)
    rows = await reader.all(_RECENT, district_id, since, CASES_MOST + 1)
    placed, moved = 0, []
    for case in map(case_of, rows[:CASES_MOST]):
        spot = await locate(reader, case)
        local = (case.filed_at or case.created_at).astimezone(zone)
        minute = local.hour * 60 + local.minute
        first = _first_fitting(then, spot, case, minute)
        placed += drafted is not None and first is drafted
        street = await unit_of_street(reader, district_id, spot)
        before = unit_by_rule(today, spot.code, class_of(case), minute) or street
        after = (first.unit_id if first else None) or street
        if before != after:
            moved.append(Moved(case, before, after))
    return RulePreview(
        looked_at=min(len(rows), CASES_MOST),
        places=placed,
        moves=len(moved),
        newly=sum(each.before is None for each in moved),
        cases=await _shown(reader, actor, moved[:SHOWN_MOST]),
        more=len(rows) > CASES_MOST,
    )


def _first_fitting(rules: list[Rule], spot: Spot, case: Case, minute: int) -> Rule | None:
    fitting = (
        rule
        for rule in sorted(rules, key=lambda rule: rule.priority)
        if in_hours(rule, minute) and covers(rule.grids, rule.classes, spot.code, class_of(case))
    )
    return next(fitting, None)


def _rule(body: RuleBody | RuleView) -> Rule:
    return Rule(
        priority=body.priority,
        unit_id=body.unit_id,
        grids=tuple(body.grids),
        classes=tuple(body.classes),
        from_minute=body.from_minute,
        until_minute=body.until_minute,
    )


async def _shown(reader: Reader, actor: Actor, moved: list[Moved]) -> list[PreviewedCase]:
    if actor.role not in DISTRICT_ROLES or not moved:
        return []
    units = await units_of(reader, {unit for each in moved for unit in (each.before, each.after) if unit})
    catalogue = await catalogue_of(reader, actor.district_id)
    return [
        PreviewedCase(
            **line_of(each.case, catalogue),
            before=units[each.before].name if each.before in units else None,
            after=units[each.after].name if each.after in units else None,
        )
        for each in moved
    ]
