"""Upstream says what happens to a case: each type of event, and what it does here."""

from moshao.cases import above, above_asking, above_deciding
from moshao.cases.case import Case
from moshao.dispatch.inspecting import name_inspector
from moshao.dispatch.sending import send_on
from moshao.kit import errors
from moshao.kit.db import Tx
from moshao.upstream.envelope import Event
from moshao.upstream.filing import step_of
from moshao.upstream.intake import Intake, Took, find_by_external_id
from moshao.upstream.news import read_news
from moshao.upstream.photos_in import judge, name_photos
from moshao.upstream.saying import flag_in, id_in, said_in, time_in

bad_verdict = errors.refusal("bad_verdict", 422, "verdict 应为 grant 或 refuse")
unknown_lead = errors.refusal("unknown_lead", 422, "没有找到主案件")


async def urge(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    return Took(await above.urged(tx, case, step_of(intake, event, "urged"), said_in(intake, event, case)))


async def supervise(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    said, reply_by = said_in(intake, event, case), time_in(intake, event, "reply_by")
    return Took(await above.supervised(tx, case, step_of(intake, event, "supervised"), said, reply_by))


async def cancel(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    return Took(await above.cancelled(tx, case, step_of(intake, event, "cancelled"), said_in(intake, event, case)))


async def close(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    said, forced = said_in(intake, event, case), flag_in(event, "forced") or False
    return Took(await above.closed_above(tx, case, step_of(intake, event, "closed"), said, forced=forced))


async def reopen(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """To the unit that had it; where none had, by rule."""
    step, said = step_of(intake, event, "reopened"), said_in(intake, event, case)
    after = await above.reopened(tx, case, step, said)
    if after.state == "received":
        after = await send_on(tx, after, intake.roster, intake.upstream.district, at=intake.heard_at, step=step)
    return Took(after)


async def order_rework(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    said, deadline = said_in(intake, event, case), time_in(intake, event, "deadline")
    after = await above.rework_ordered(tx, case, step_of(intake, event, "reworked"), said, deadline)
    news = read_news({"photos": event.data.get("photos")}, intake.upstream.zone, intake.upstream.settings.datum)
    await name_photos(tx, intake, after, judge(intake, news.photos))
    return Took(after)


async def merge(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """Raises `unknown_lead`."""
    lead_id = event.data.get("lead_external_case_id")
    lead = await find_by_external_id(tx, intake, lead_id) if isinstance(lead_id, str) else None
    if lead is None:
        raise unknown_lead()
    return Took(await above.merged(tx, case, lead, step_of(intake, event, "merged"), said_in(intake, event, case)))


async def reject_report(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    step, said = step_of(intake, event, "report_rejected"), said_in(intake, event, case)
    return Took(await above_asking.report_rejected(tx, case, step, said))


async def ask_to_verify(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    step, said = step_of(intake, event, "verify_asked"), said_in(intake, event, case)
    return Took(await above_asking.verify_requested(tx, case, step, said, await name_inspector(tx, case)))


async def ask_to_check(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    step, said = step_of(intake, event, "check_asked"), said_in(intake, event, case)
    return Took(await above_asking.check_requested(tx, case, step, said, await name_inspector(tx, case)))


async def decide_extension(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """Raises `bad_verdict`."""
    after = await above_deciding.extension_decided(
        tx, case, step_of(intake, event, "extension_decided"), said_in(intake, event, case),
        granted=_granted(event), request_id=id_in(event, "request_id"), until=time_in(intake, event, "until"),
    )  # fmt: skip
    return Took(after)


async def decide_shelving(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """Raises `bad_verdict`."""
    after = await above_deciding.shelving_decided(
        tx, case, step_of(intake, event, "shelving_decided"), said_in(intake, event, case),
        granted=_granted(event), request_id=id_in(event, "request_id"), until=time_in(intake, event, "until"),
    )  # fmt: skip
    return Took(after)


async def decide_handback(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    """Raises `bad_verdict`."""
    after = await above_deciding.handback_decided(
        tx, case, step_of(intake, event, "return_decided"), said_in(intake, event, case),
        granted=_granted(event), request_id=id_in(event, "request_id"),
    )  # fmt: skip
    return Took(after)


async def note_return_visit(tx: Tx, intake: Intake, event: Event, case: Case) -> Took:
    step, said = step_of(intake, event, "return_visited"), said_in(intake, event, case)
    return Took(await above.return_visited(tx, case, step, said, satisfied=flag_in(event, "satisfied")))


def _granted(event: Event) -> bool:
    verdict = event.data.get("verdict")
    if verdict not in ("grant", "refuse"):
        raise bad_verdict()
    return bool(verdict == "grant")
