"""An alert begins: it rings for the first time, or waits for the shift."""

from collections.abc import Sequence
from uuid import UUID

from moshao.alerts.audience import Audience
from moshao.alerts.ladder import FIRST, step_after, times_for
from moshao.alerts.planning import Draft, Plan
from moshao.alerts.quiet import First, first_of
from moshao.cases.case import Case
from moshao.kit.db import Row
from moshao.people.settings import BellSettings


async def begin(
    plan: Plan, audience: Audience, alert: Row, case: Case | None, wanted: Sequence[UUID], bell: BellSettings
) -> Row:
    """The columns that change as `wanted` are rung, or those on call for them."""
    draft = draft_of(alert)
    first = await _first(audience, case, alert, wanted, bell)
    if first.until is not None:
        return {"state": "held", "next_step": str(FIRST), "next_at": first.until}
    await plan.load(first.people)
    shown = [plan.ring(draft, person, str(FIRST), "first") for person in first.people]
    started_at = min(shown, default=plan.now)
    times = times_for(bell, alert["unit_id"], urgent=draft.is_urgent)
    after = step_after(FIRST, times, len(plan.gateways), started_at, people=alert["ladder"] == "case")
    step, at = after or (None, None)
    return {"state": "climbing", "started_at": started_at, "next_step": str(step) if step else None, "next_at": at}


def draft_of(alert: Row) -> Draft:
    """What its notices need of an alert's row."""
    return Draft(
        id=alert["id"], case_id=alert["case_id"], kind=alert["kind"], urgency=alert["urgency"],
        deadline=alert["deadline"],
    )  # fmt: skip


async def _first(
    audience: Audience, case: Case | None, alert: Row, wanted: Sequence[UUID], bell: BellSettings
) -> First:
    urgent = alert["urgency"] != "normal"
    calls = urgent or bell.on_call == "all"
    work = await audience.work(wanted)
    at_night = not any(each.now for each in work.values())
    on_call = await audience.on_call(case, alert["unit_id"]) if case and at_night and calls else []
    return first_of(wanted, work, on_call, urgent=urgent, calls=calls)
