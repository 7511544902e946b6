"""处置前核实, 处置后核查: an inspector is asked to look."""

from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.members import move_each
from moshao.cases.moving import Step
from moshao.kit.db import Tx


async def ask_to_verify(tx: Tx, case: Case, inspector_id: UUID | None, step: Step, *, from_above: bool = False) -> Case:
    """Before filing: is the report real? `inspector_id` None: nobody is named yet."""
    return await _ask(tx, case, "verifying", inspector_id, step, from_above=from_above)


async def ask_to_check(tx: Tx, case: Case, inspector_id: UUID | None, step: Step, *, from_above: bool = False) -> Case:
    """After handling: is the fix real? Asked `from_above`, the case returns whence it came, whatever he says."""
    return await _ask(tx, case, "checking", inspector_id, step, from_above=from_above)


async def _ask(tx: Tx, case: Case, state: str, inspector_id: UUID | None, step: Step, *, from_above: bool) -> Case:
    facts = {"person_id": inspector_id, "above": from_above, **step.facts}

    def steps(each: Case) -> list[Step]:
        # Asked again while he is on his way: the case still goes back to where it was before the first time.
        before = each.state_before if each.state == state else each.state
        asked = {"state": state, "state_before": before, "inspector_id": inspector_id, "asked_above": from_above}
        return [msgspec.structs.replace(step, changes=asked | dict(step.changes), facts=facts)]

    return await move_each(tx, case, steps)
