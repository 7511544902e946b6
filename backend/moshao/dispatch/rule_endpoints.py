"""Rules over the wire, and what is known near a place before somebody reports it once more."""

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from moshao.dispatch.changing import drop_rule, keep_rule
from moshao.dispatch.previewing import preview
from moshao.dispatch.queries import known_nearby, list_rules
from moshao.dispatch.schemas import (
    KnownCases,
    PreviewBody,
    RuleBody,
    RuleList,
    RulePreview,
    RuleView,
    UnplacedCases,
)
from moshao.dispatch.unplaced import list_unplaced
from moshao.kit import clock, errors
from moshao.kit.db import Database
from moshao.people.actor import Actor
from moshao.people.guards import requires
from moshao.places.position import fault_in

Asking = Request[Actor, Any, Any]

rule_keepers = [requires("admin", "supervisor")]
rule_readers = [requires("admin", "supervisor", "leader", "unit_operator")]
finders = [requires("handler", "inspector", "crew_leader", "unit_operator", "supervisor")]


@get("/api/dispatch_rules", operation_id="list_dispatch_rules", guards=rule_readers)
async def get_rules(request: Asking, db: NamedDependency[Database]) -> RuleList:
    """By priority."""
    return RuleList(await list_rules(db, request.user.district_id))


@put("/api/dispatch_rules/{rule_id:uuid}", operation_id="put_dispatch_rule", guards=rule_keepers)
async def put_rule(
    request: Asking, rule_id: FromPath[UUID], data: JSONBody[RuleBody], db: NamedDependency[Database]
) -> RuleView:
    """Idempotent by the id in its URL."""
    actor = request.user
    await db.write(lambda tx: keep_rule(tx, actor.district_id, rule_id, data, actor.person_id))
    (rule,) = await list_rules(db, actor.district_id, rule_id)
    return rule


@delete("/api/dispatch_rules/{rule_id:uuid}", operation_id="delete_dispatch_rule", guards=rule_keepers)
async def delete_rule(request: Asking, rule_id: FromPath[UUID], db: NamedDependency[Database]) -> None:
    """204."""
    actor = request.user
    await db.write(lambda tx: drop_rule(tx, actor.district_id, rule_id, actor.person_id))


@post("/api/dispatch_rules/previews", operation_id="preview_dispatch_rule", status_code=200, guards=rule_keepers)
async def post_preview(request: Asking, data: JSONBody[PreviewBody], db: NamedDependency[Database]) -> RulePreview:
    """What this rule, or its end, would have done with the cases of the last days. Nothing is kept."""
    async with db.reading() as reader:
        return await preview(reader, request.user, data, clock.now())


@get("/api/unplaced_cases", operation_id="list_unplaced_cases", guards=[requires("supervisor", "leader")])
async def get_unplaced(request: Asking, db: NamedDependency[Database]) -> UnplacedCases:
    """Cases that no rule could place, and those for which nobody of their unit is on duty, each with why."""
    async with db.reading() as reader:
        return await list_unplaced(reader, request.user, clock.now())


@get("/api/known_cases", operation_id="list_known_cases", guards=finders)
async def get_known_cases(
    request: Asking,
    db: NamedDependency[Database],
    lon: FromQuery[float],
    lat: FromQuery[float],
    kind: FromQuery[str | None] = None,
    major: FromQuery[str | None] = None,
    minor: FromQuery[str | None] = None,
) -> KnownCases:
    """Open cases within the district's `nearby_m` of a place (WGS-84): perhaps this one is known already."""
    if fault := fault_in(lon, lat):
        raise errors.bad_field(fault, errors=(errors.FieldError("lon", fault, "不是有效的经纬度"),))
    case_class = (kind, major, minor) if kind and major and minor else None
    actor = request.user
    return KnownCases(await known_nearby(db, actor.district_id, lon, lat, actor.settings.nearby_m, case_class))


HANDLERS = [get_rules, put_rule, delete_rule, post_preview, get_unplaced, get_known_cases]
