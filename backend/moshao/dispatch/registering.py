"""登记: a case from a call, a screenshot or a sheet, put on record by hand in half a minute."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.filing import put_on_record
from moshao.cases.moving import Step
from moshao.cases.persons import unit_named, worker_named, wrong
from moshao.cases.rules import UNIT
from moshao.cases.schemas import Strict
from moshao.dispatch.choosing import Roster
from moshao.dispatch.new_cases import CaseSaid, Where, begin, point_in
from moshao.dispatch.sending import steps_on
from moshao.kit.db import Tx
from moshao.places.datum import Datum, Point


class Source(Strict, kw_only=True):
    """问题来源."""

    code: Annotated[str, Meta(max_length=40)] | None = None
    name: Annotated[str, Meta(max_length=80)] | None = None
    no: Annotated[str, Meta(max_length=80)] | None = None


class Reporter(Strict, kw_only=True):
    name: Annotated[str, Meta(max_length=100)] | None = None
    phone: Annotated[str, Meta(max_length=60)] | None = None


class Registration(CaseSaid, kw_only=True):
    """`location`: where the case is, by hand on the map. Where it and the address are missing, the place of the phone
    counts. `unit_id`, `person_id`: who gets it; else by rule, or (of a unit's own staff) their unit."""

    title: Annotated[str, Meta(max_length=200)] | None = None
    location: Where | None = None
    datum: Datum = "wgs84"
    urgency: Literal["normal", "urgent"] = "normal"
    source: Source | None = None
    reporter: Reporter | None = None
    unit_id: UUID | None = None
    person_id: UUID | None = None


async def register(tx: Tx, doing: Doing[Registration]) -> Done:
    """Raises `bad_field`."""
    body, actor = doing.body, doing.actor
    if not (body.description or "").strip() and body.minor is None:
        raise wrong("description", "missing", "请填写问题描述或选择类别")
    unit_id = await _unit(tx, doing)
    begun = await begin(tx, doing, body, _point(body))
    flags = (*begun.flags, "urgent") if body.urgency == "urgent" else begun.flags

    async def onward(case: Case) -> Sequence[Step]:
        return await steps_on(
            tx, case, Roster(tx, doing.heard_at), actor.settings, at=doing.heard_at, step=doing.step("dispatched"),
            unit_id=unit_id, person_id=body.person_id, looked_at=True,
        )  # fmt: skip

    case = await put_on_record(
        tx, actor.district_id, state="received", step=doing.step("registered", said=doing.remark(body.note)),
        columns=begun.columns | _columns(doing), flags=flags, onward=onward,
    )  # fmt: skip
    return Done(case=case)


async def _unit(tx: Tx, doing: Doing[Registration]) -> UUID | None:
    """The unit that gets the case; None: by rule."""
    body, actor = doing.body, doing.actor
    runs_unit = actor.role in UNIT
    unit_id = body.unit_id or (actor.unit_id if runs_unit else None)
    if unit_id is not None:
        unit = await unit_named(tx, actor.district_id, unit_id)
        if runs_unit and str(actor.unit_id) not in unit["path"].split("/"):
            raise wrong("unit_id", "not_below", "只能派给本单位或下级单位")
    if body.person_id is not None:
        if unit_id is None:
            raise wrong("unit_id", "missing", "请同时选择单位")
        await worker_named(tx, actor.district_id, unit_id, body.person_id, "person_id")
    return unit_id


def _point(body: Registration) -> Point | None:
    if body.location is not None:
        return point_in(body.location, body.datum, "location")
    if body.place is not None and not body.address:
        return point_in(body.place.location, body.place.datum, "place.location")
    return None


def _columns(doing: Doing[Registration]) -> dict[str, Any]:
    body = doing.body
    source, reporter = body.source or Source(), body.reporter or Reporter()
    return {
        "title": body.title,
        "urgency": body.urgency,
        "source_code": source.code,
        "source_name": source.name,
        "source_no": source.no,
        "reporter_name": reporter.name,
        "reporter_phone": reporter.phone,
        "filed_at": doing.heard_at,
    }


REGISTRATIONS = ActKind("registrations", Registration, register, names_case=False)
