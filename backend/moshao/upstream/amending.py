"""Upstream says anew how a case is: what it names is taken over, what it leaves out stays."""

from typing import Any
from uuid import UUID

import msgspec

from moshao.cases.above import Said, amended, reopened
from moshao.cases.above_asking import NOT_FILED, report_accepted
from moshao.cases.case import Case, with_flags
from moshao.cases.filing import ClockFrom
from moshao.cases.giving import give_to_unit
from moshao.dispatch.assessing import CLASS_COLUMNS, class_in, place_in
from moshao.dispatch.placing import unit_coded
from moshao.dispatch.sending import send_on
from moshao.kit.db import Tx
from moshao.upstream.envelope import Event
from moshao.upstream.filing import columns_of_event, step_of, warnings_of
from moshao.upstream.intake import Intake, Took
from moshao.upstream.news import CaseNews, read_news
from moshao.upstream.photos_in import judge, name_photos
from moshao.upstream.saying import said_in

PLACE_FLAGS = ("no_place", "outside_district")
TAKEN_OUT = frozenset({"cancelled", "rejected"})
WITH_A_UNIT = frozenset({"dispatched", "assigned", "in_progress"})


class Changed(msgspec.Struct, frozen=True):
    """`columns` to set, flags among them; `flags` that the event itself speaks for."""

    columns: dict[str, Any]
    flags: set[str]


async def amend(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """New content. A case that was taken out and is dispatched once more begins again."""
    news, changed, unit_id = await _read(tx, intake, event, case)
    said = said_in(intake, event, case)
    clock = _clock_from(intake, case, news)
    after = await amended(tx, case, step_of(intake, event, "amended"), said, changed.columns, clock)
    if event.type == "dispatched" and case.state in TAKEN_OUT:
        after = await reopened(tx, after, step_of(intake, event, "reopened"), Said(at=said.at))
    after = await _on(tx, intake, event, after, unit_id)
    return Took(after, warnings_of(changed.flags), news.unusable)


async def accept_report(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """A report of ours, or one verified for upstream, becomes its case and goes on by rule."""
    news, changed, unit_id = await _read(tx, intake, event, case)
    clock = _clock_from(intake, case, news) if news.deadline or news.limit else None
    columns = changed.columns | columns_of_event(intake, event)
    if number := await _number(tx, case, event):
        columns["case_no"] = number
    said = said_in(intake, event, case)
    after = await report_accepted(tx, case, step_of(intake, event, "report_accepted"), said, columns, clock)
    after = await _on(tx, intake, event, after, unit_id)
    return Took(after, warnings_of(changed.flags), news.unusable)


async def dispatch_again(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """`dispatched` for a case that is known."""
    if case.state in NOT_FILED and case.upstream_id is not None and case.filed_at is None:
        return await accept_report(tx, intake, event, case)
    return await amend(tx, intake, event, case)


async def _read(tx: Tx, intake: Intake, event: Event, case: Case) -> tuple[CaseNews, Changed, UUID | None]:
    news = read_news(_with_major(event.data, case), intake.upstream.zone, intake.upstream.settings.datum)
    photos = judge(intake, news.photos)
    await name_photos(tx, intake, case, photos)
    changed = _changed(intake, event, case, news)
    if news.bad_photos or any(photo.fault for photo in photos):
        changed.flags.add("bad_photo")
    unit_id = await unit_coded(tx, case.district_id, news.unit_code) if news.unit_code else None
    if news.unit_code and unit_id is None:
        changed.flags.add("unknown_unit")
    columns = changed.columns | {"flags": with_flags(changed.columns["flags"], add=tuple(changed.flags))}
    return news, Changed(columns, changed.flags), unit_id


def _with_major(data: dict[str, Any], case: Case) -> dict[str, Any]:
    """The data; a minor that comes alone stays under the case's major."""
    alone = data.get("major") is None and isinstance(data.get("minor"), str) and len(data["minor"]) in (2, 3)
    return data | {"major": case.major} if alone else data


def _changed(intake: Intake, event: Event, case: Case, news: CaseNews) -> Changed:
    columns = {name: value for name, value in news.columns.items() if name != "case_no"}
    flags: set[str] = set()
    drop: list[str] = []
    if any(name in columns for name in CLASS_COLUMNS):
        whole = {name: getattr(case, name) for name in CLASS_COLUMNS} | columns
        drop.append("unknown_class")
        flags.update(class_in(whole, intake.catalogue, intake.upstream.district)[1])
        columns |= {name: whole[name] for name in CLASS_COLUMNS}
    if news.place is not None:
        drop += PLACE_FLAGS
        flags.update(place_in(columns, news.place, intake.places))
    if "urgency" in columns:
        drop.append("urgent")
        flags.update(["urgent"] if columns["urgency"] == "urgent" else [])
    columns["flags"] = with_flags(case.flags, drop=tuple(drop))
    return Changed(columns | {"content": f"sha256:{event.content}"}, flags)


def _clock_from(intake: Intake, case: Case, news: CaseNews) -> ClockFrom | None:
    """A limit or deadline named anew; the clock still counts from when it began."""
    if news.limit is None and news.deadline is None:
        return None
    at = case.clock_started_at or min(news.dispatched_at or intake.heard_at, intake.heard_at)
    return ClockFrom(at=at, limit=news.limit, deadline=news.deadline)


async def _on(tx: Tx, intake: Intake, event: Event, case: Case, unit_id: UUID | None) -> Case:
    """What waited for a place or class goes on; what upstream gives to another unit goes there. What a unit handed
    back waits for a person, unless upstream names a unit."""
    if case.state == "received" and case.dispatched_at is not None and unit_id is None:
        return case
    if case.state == "received":
        return await send_on(
            tx, case, intake.roster, intake.upstream.district, at=intake.heard_at,
            step=step_of(intake, event, "dispatched"), unit_id=unit_id,
        )  # fmt: skip
    if unit_id is None or case.state not in WITH_A_UNIT or await _has_it(tx, case, unit_id):
        return case
    step = step_of(intake, event, "dispatched", recall=True)
    return await give_to_unit(tx, case, unit_id, at=intake.heard_at, step=step)


async def _has_it(tx: Tx, case: Case, unit_id: UUID) -> bool:
    """Whether the unit has the case, itself or in a unit below it."""
    path = await tx.value("SELECT path FROM units WHERE id = ?", case.unit_id)
    return str(unit_id) in str(path).split("/")


async def _number(tx: Tx, case: Case, event: Event) -> str | None:
    """Upstream's number, unless it is another case's here."""
    wanted = event.data.get("case_no")
    if not isinstance(wanted, str) or not 0 < len(wanted) <= 60:
        return None
    taken = await tx.value(
        "SELECT id FROM cases WHERE district_id = ? AND case_no = ? AND id <> ?", case.district_id, wanted, case.id
    )
    return None if taken else wanted
