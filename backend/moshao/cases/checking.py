"""处置后核查: the inspector has looked at the fix, with a photo from the same angle."""

from typing import Literal

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.cases.persons import wrong
from moshao.cases.reworking import changes_of_rework
from moshao.cases.schemas import ActBody, Code, Words
from moshao.kit.db import Tx


class Look(ActBody, kw_only=True):
    """At least one photo, or a reason for none: the chip `no_photo_reason`, or words in `reason`."""

    verdict: Literal["pass", "fail", "unable"]
    reason: Words | None = None
    no_photo_reason: Code | None = None


def check_shown(body: Look) -> None:
    """Raises `bad_field` where neither a photo nor a reason for none is given."""
    if not body.photos and not body.reason and body.no_photo_reason is None:
        raise wrong("photos", "photo_or_reason", "请拍一张照片，或说明没有照片的原因")


async def check(tx: Tx, doing: Doing[Look]) -> Done:
    """Passed or unable: back whence the case came. Failed: rework, unless upstream asked, who decides then."""
    check_shown(doing.body)
    verdict, above = doing.body.verdict, doing.case.asked_above
    failed = verdict == "fail" and not above
    changes = await changes_of_rework(tx, doing.case, doing.heard_at)

    remark = doing.remark(doing.body.reason or doing.body.note)

    def steps(each: Case) -> list[Step]:
        looked = {"state": each.state_before or "feedback", "state_before": None, "asked_above": False}
        checked = doing.step("checked", looked, said=None if failed else remark, verdict=verdict, above=above)
        return [checked, doing.step("reworked", changes(each), said=remark, by="check")] if failed else [checked]

    return Done(case=await move_each(tx, doing.case, steps))


CHECKS = ActKind("checks", Look, check, evidence=True)
