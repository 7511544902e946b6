"""A word on a request: the crew leader passes it on, the supervisor grants or refuses."""

from typing import Any, Literal
from uuid import UUID

from moshao.cases.acting import Doing
from moshao.cases.moving import Step
from moshao.cases.requests import upstream_decides
from moshao.cases.rules import UNIT, not_your_act
from moshao.cases.saying import Remark
from moshao.cases.schemas import ActBody, Words

DECIDED: dict[str, Literal["forwarded", "granted", "refused"]] = {
    "forward": "forwarded",
    "grant": "granted",
    "refuse": "refused",
}


class Decision(ActBody, kw_only=True):
    """`forward`: crew leader and unit operator. `grant`, `refuse`: supervisor."""

    request_id: UUID
    verdict: Literal["forward", "grant", "refuse"]
    reason: Words | None = None


def check_may_decide(doing: Doing[Any]) -> Literal["forwarded", "granted", "refused"]:
    """What the verdict makes of the request. Raises `not_your_act`, `upstream_decides`."""
    verdict: str = doing.body.verdict
    runs_unit = doing.actor.role in UNIT
    if runs_unit != (verdict == "forward"):
        raise not_your_act()
    if verdict != "forward" and doing.case.decides_above:
        raise upstream_decides()
    return DECIDED[verdict]


def decision_step(doing: Doing[Any], kind: str, request_id: UUID, said: Remark | None, **changes: Any) -> Step:
    """The line of a word on a request that moves the case nowhere."""
    facts = {"request_id": request_id, "verdict": doing.body.verdict}
    return doing.step(kind, changes, said=said, requests=(request_id,), **facts)
