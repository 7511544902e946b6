"""接单: the person confirms; of a crew, the first one is responsible."""

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.case import Case
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.cases.schemas import ActBody
from moshao.kit.db import Tx


class Acceptance(ActBody):
    """Nothing more to say."""


async def accept(tx: Tx, doing: Doing[Acceptance]) -> Done:
    changes = {"state": "in_progress", "accepted_at": doing.at, "handler_id": doing.actor.person_id}

    def steps(_: Case) -> list[Step]:
        return [doing.step("accepted", changes)]

    return Done(case=await move_each(tx, doing.case, steps))


ACCEPTANCES = ActKind("acceptances", Acceptance, accept)
