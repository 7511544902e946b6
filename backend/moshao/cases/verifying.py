"""处置前核实: the inspector has looked whether the report is real."""

from typing import Any

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.checking import Look, check_shown
from moshao.cases.moving import move
from moshao.kit.db import Tx


class Verification(Look, kw_only=True):
    """As a check."""


async def verify(tx: Tx, doing: Doing[Verification]) -> Done:
    check_shown(doing.body)
    changes = {"state": "reported", "state_before": None, "asked_above": False}
    facts: dict[str, Any] = {"verdict": doing.body.verdict, "above": doing.case.asked_above}
    remark = doing.remark(doing.body.reason or doing.body.note)
    return Done(case=await move(tx, doing.case, doing.step("verified", changes, said=remark, **facts)))


VERIFICATIONS = ActKind("verifications", Verification, verify, evidence=True)
