"""签收: the unit confirms that it has the case."""

from moshao.cases.acting import ActKind, Doing, Done
from moshao.cases.moving import move
from moshao.cases.schemas import ActBody
from moshao.kit import errors
from moshao.kit.db import Tx

already_signed = errors.refusal("already_signed", 409, "此案件已签收")


class Signing(ActBody):
    """Nothing more to say."""


async def sign_for(tx: Tx, doing: Doing[Signing]) -> Done:
    if doing.case.signed_at is not None:
        raise already_signed()
    return Done(case=await move(tx, doing.case, doing.step("signed", {"signed_at": doing.at})))


SIGNINGS = ActKind("signings", Signing, sign_for)
