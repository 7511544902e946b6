"""上报: whoever sees it reports it. 自处置: and fixes it on the spot, in one act."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.closing_rules import too_few_photos
from moshao.cases.filing import put_on_record
from moshao.cases.persons import wrong
from moshao.cases.saying import Remark
from moshao.dispatch.choosing import Roster
from moshao.dispatch.filing import accept
from moshao.dispatch.new_cases import Begun, CaseSaid, begin, point_in
from moshao.kit import errors, ids
from moshao.kit.db import Tx

not_for_self_handling = errors.refusal("not_for_self_handling", 422, "这类问题不能自处置，请上报")


class Report(CaseSaid, kw_only=True):
    """`self_handled`: it is fixed already; before and after photos show it."""

    kind: Literal["component", "matter"]
    major: Annotated[str, Meta(pattern=r"^\d{2}$")]
    minor: Annotated[str, Meta(pattern=r"^\d{2,5}$")]
    self_handled: bool = False


async def report(tx: Tx, doing: Doing[Report]) -> Done:
    """Raises `too_few_photos`, `not_for_self_handling`, `bad_field`."""
    body = doing.body
    if not body.photos:
        raise too_few_photos("至少一张照片")
    if body.place is None and body.no_place_reason is None:
        raise wrong("place", "missing", "没有定位，请选择原因")
    point = point_in(body.place.location, body.place.datum, "place.location") if body.place else None
    begun = await begin(tx, doing, body, point)
    columns = begun.columns | {"reporter_id": doing.actor.person_id, "source_code": "report"}
    if body.self_handled:
        case = await _self_handled(tx, doing, begun, columns)
    else:
        case = await _reported(tx, doing, begun, columns)
    return Done(case=case)


async def _reported(tx: Tx, doing: Doing[Report], begun: Begun, columns: dict[str, Any]) -> Case:
    """Waits for the desk, or goes on by rule where the district lets it."""
    case = await put_on_record(
        tx, doing.actor.district_id, state="reported", step=doing.step("reported", said=_remark(doing)),
        columns=columns, flags=begun.flags,
    )  # fmt: skip
    if not doing.actor.settings.auto_file_reports:
        return case
    step = msgspec.structs.replace(doing.step("filed"), facts={"auto": True})
    return await accept(tx, case, step, doing.actor.settings, Roster(tx, doing.heard_at))


async def _self_handled(tx: Tx, doing: Doing[Report], begun: Begun, columns: dict[str, Any]) -> Case:
    """Closed at once; while photos are on their way it waits for the supervisor: nothing closes without them."""
    if begun.case_class is None or not begun.case_class.self_handling:
        raise not_for_self_handling()
    missing = len(doing.photos.missing)
    short = sum(1 for usage in ("before", "after") if not doing.photos.count(usage))
    if short > missing:
        raise too_few_photos("自处置需要处置前、处置后照片各一张")
    done = {
        "unit_id": doing.actor.unit_id,
        "handler_id": doing.actor.person_id,
        "handled_by": doing.actor.person_id,
        "handled_at": doing.at,
        "handled_heard_at": doing.heard_at,
        "closure_id": doing.act_id,
        "outcome": "fixed",
        "filed_at": doing.at,
        "dispatched_at": doing.at,
        "on_time": True,
        "ended_at": None if missing else doing.heard_at,
    }
    return await put_on_record(
        tx, doing.actor.district_id, state="feedback" if missing else "closed", case_id=ids.new_id(),
        step=doing.step("self_handled", said=_remark(doing)), columns=columns | done, flags=begun.flags,
    )  # fmt: skip


def _remark(doing: Doing[Report]) -> Remark | None:
    return doing.remark(doing.body.note, doing.body.no_place_reason, kind="reported")


REPORTS = ActKind("reports", Report, report, names_case=False)
