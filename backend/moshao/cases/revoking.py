"""撤回: the unit takes the case back from whoever had it."""

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.giving import UNASSIGNED
from moshao.cases.moving import move
from moshao.cases.schemas import ActBody
from moshao.kit.db import Tx


class Revocation(ActBody):
    """Nothing more to say."""


async def revoke(tx: Tx, doing: Doing[Revocation]) -> Done:
    changes = UNASSIGNED | {"state": "dispatched"}
    return Done(case=await move(tx, doing.case, doing.step("revoked", changes)))


REVOCATIONS = ActKind("revocations", Revocation, revoke)
