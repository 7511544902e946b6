"""A case comes from above: on record, placed and given out in one transaction, whatever is wrong with it."""

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.above_asking import verify_requested
from moshao.cases.case import Case
from moshao.cases.filing import ClockFrom, put_on_record
from moshao.cases.moving import Step
from moshao.dispatch.inspecting import name_inspector
from moshao.dispatch.placing import unit_coded
from moshao.dispatch.sending import steps_on
from moshao.kit.db import Tx
from moshao.upstream.assessing import Assessed, assess
from moshao.upstream.envelope import Event
from moshao.upstream.inline import without_contents
from moshao.upstream.intake import Intake, Took, remembered
from moshao.upstream.news import CaseNews, read_news
from moshao.upstream.photos_in import Judged, judge, name_photos
from moshao.upstream.saying import said_in

WARNING_FLAGS = ("no_place", "outside_district", "unknown_class", "unknown_unit", "bad_photo")


async def file_case(tx: Tx, intake: Intake, event: Event) -> Took:
    """The first state that anybody sees is dispatched, assigned or received."""

    async def onward(case: Case, unit_id: UUID | None) -> Sequence[Step]:
        return await steps_on(
            tx, case, intake.roster, intake.upstream.district, at=intake.heard_at,
            step=step_of(intake, event, "dispatched"), unit_id=unit_id,
        )  # fmt: skip

    return await _record(tx, intake, event, "received", onward)


async def file_question(tx: Tx, intake: Intake, event: Event) -> Took:
    """Upstream wants to know whether something is real: a report of its own, to be verified."""
    took = await _record(tx, intake, event, "reported", None)
    step, said = step_of(intake, event, "verify_asked"), said_in(intake, event, took.case)
    case = await verify_requested(tx, took.case, step, said, await name_inspector(tx, took.case))
    return msgspec.structs.replace(took, case=case)


async def _record(
    tx: Tx,
    intake: Intake,
    event: Event,
    state: Literal["received", "reported"],
    onward: Callable[[Case, UUID | None], Awaitable[Sequence[Step]]] | None,
) -> Took:
    upstream, filed = intake.upstream, state == "received"
    news = read_news(event.data, upstream.zone, upstream.settings.datum)
    found = assess(news, intake.catalogue, intake.places, upstream.district)
    photos = judge(intake, news.photos)
    unit_id = await unit_coded(tx, upstream.district_id, news.unit_code) if news.unit_code else None
    flags = flags_of(news, found, photos, unit_id)
    case = await put_on_record(
        tx,
        upstream.district_id,
        state=state,
        step=step_of(intake, event, state),
        columns=_columns(intake, event, found) | ({"filed_at": intake.heard_at} if filed else _limit(found)),
        flags=flags,
        case_no=news.columns.get("case_no"),
        clock_from=clock_from(intake, news, found) if filed else None,
        onward=(lambda case: onward(case, unit_id)) if onward else None,
        beside=lambda case: [remembered(intake, event, case.id, None)],
    )
    await name_photos(tx, intake, case, photos)
    return Took(case, warnings_of(flags), news.unusable)


def flags_of(news: CaseNews, found: Assessed, photos: list[Judged], unit_id: UUID | None) -> set[str]:
    """What is to be said of the case beside its state."""
    flags = set(found.flags)
    if news.unit_code and unit_id is None:
        flags.add("unknown_unit")
    if any(photo.fault for photo in photos):
        flags.add("bad_photo")
    return flags


def clock_from(intake: Intake, news: CaseNews, found: Assessed) -> ClockFrom:
    """The clock runs from the dispatch above, but never from a time still to come."""
    at = min(news.dispatched_at or intake.heard_at, intake.heard_at)
    return ClockFrom(at=at, limit=found.limit, deadline=found.deadline, provisional=found.provisional)


def warnings_of(flags: set[str]) -> tuple[str, ...]:
    """The flags that upstream is told of."""
    return tuple(flag for flag in WARNING_FLAGS if flag in flags)


def step_of(intake: Intake, event: Event, kind: str, **facts: Any) -> Step:
    """A journal line made by this event."""
    told = {"upstream_id": intake.upstream.id, "version": event.version, **facts}
    return Step(kind=kind, facts=told, content=f"sha256:{event.content}")


def verbatim_of(event: Event) -> str:
    """The event as it came; photos inside it lie in the store."""
    data = without_contents(event.data)
    return event.raw if data is event.data else json.dumps({"id": event.id, "data": data})


def columns_of_event(intake: Intake, event: Event) -> dict[str, Any]:
    """Whose case it is, and what was agreed with him."""
    settings = intake.upstream.settings
    return {
        "upstream_id": intake.upstream.id,
        "external_case_id": event.external_case_id,
        "version": event.version,
        "content": f"sha256:{event.content}",
        "closes_above": settings.closing_authority == "upstream",
        "decides_above": settings.decisions == "there",
    }


def _columns(intake: Intake, event: Event, found: Assessed) -> dict[str, Any]:
    columns = {name: value for name, value in found.columns.items() if name != "case_no"}
    return columns | columns_of_event(intake, event) | {"verbatim": verbatim_of(event)}


def _limit(found: Assessed) -> dict[str, Any]:
    """What the clock of a case that is not filed yet will start with."""
    if found.limit is None:
        return {}
    provisional = found.provisional
    return {"limit_value": found.limit.value, "limit_unit": found.limit.unit, "limit_provisional": provisional}
