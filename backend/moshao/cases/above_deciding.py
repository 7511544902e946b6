"""Upstream's word on what was asked of it: more time, a pause, to take the case back."""

from datetime import datetime
from uuid import UUID

import msgspec

from moshao.cases.above import Said, saying
from moshao.cases.cancelling import cancel
from moshao.cases.case import Case
from moshao.cases.extending import extend
from moshao.cases.moving import Step, move
from moshao.cases.requests import Kind, decide
from moshao.cases.shelving import shelve
from moshao.cases.states import SHELVABLE
from moshao.kit.db import Reader, Row, Tx


async def extension_decided(
    tx: Tx, case: Case, step: Step, said: Said, *, granted: bool, request_id: UUID | None, until: datetime | None
) -> Case:
    """Granted also where nobody asked: upstream gives time as it likes."""
    decided_id = await _settle(tx, case, "extension", said, granted=granted, request_id=request_id)
    named = saying(step, "extension_decided", said)
    if granted:
        return await extend(tx, case, named, decided_id, said.at, until)
    return await _refused(tx, case, named, decided_id)


async def shelving_decided(
    tx: Tx, case: Case, step: Step, said: Said, *, granted: bool, request_id: UUID | None, until: datetime | None
) -> Case:
    """Paused until upstream's date, else until the one that was asked for."""
    pending = await _pending(tx, case, "shelving", request_id)
    decided_id = await _settle(tx, case, "shelving", said, granted=granted, request_id=request_id)
    date = until or (pending["until"] if pending else None)
    named = saying(step, "shelving_decided", said)
    if granted and date is not None and case.state in SHELVABLE:
        return await shelve(tx, case, named, decided_id, said.at, date)
    return await _refused(tx, case, named, decided_id)


async def handback_decided(
    tx: Tx, case: Case, step: Step, said: Said, *, granted: bool, request_id: UUID | None
) -> Case:
    """Granted: upstream has it again, so it is cancelled here. Refused: back to where it was."""
    decided_id = await _settle(tx, case, "upstream_handback", said, granted=granted, request_id=request_id)
    verdict = "grant" if granted else "refuse"
    facts = {**step.facts, "request_id": decided_id, "verdict": verdict}
    requests = (decided_id,) if decided_id else ()
    named = msgspec.structs.replace(saying(step, "return_decided", said), facts=facts, requests=requests)
    if granted:
        case = await move(tx, case, named)
        return await cancel(tx, case, msgspec.structs.replace(step, kind="cancelled"), said.at)
    back = {"state": case.state_before or "received", "state_before": None} if case.state == "returning" else {}
    return await move(tx, case, msgspec.structs.replace(named, changes=back))


async def _settle(tx: Tx, case: Case, kind: Kind, said: Said, *, granted: bool, request_id: UUID | None) -> UUID | None:
    """The request that this is the answer to: the one named, else the last that waits."""
    row = await _pending(tx, case, kind, request_id)
    if row is None:
        return None
    found: UUID = row["id"]
    await decide(tx, found, "granted" if granted else "refused", at=said.at, by=None, reason=said.words)
    return found


async def _pending(reader: Reader, case: Case, kind: Kind, request_id: UUID | None) -> Row | None:
    rows = await reader.all(
        "SELECT id, until FROM case_requests WHERE case_id = ? AND kind = ? AND state IN ('open', 'forwarded') "
        "ORDER BY asked_at DESC, id DESC",
        case.id, kind,
    )  # fmt: skip
    named = [row for row in rows if request_id in (None, row["id"])]
    return named[0] if named else None


async def _refused(tx: Tx, case: Case, step: Step, request_id: UUID | None) -> Case:
    facts = {**step.facts, "request_id": request_id, "verdict": "refuse"}
    requests = (request_id,) if request_id else ()
    return await move(tx, case, msgspec.structs.replace(step, facts=facts, requests=requests))
