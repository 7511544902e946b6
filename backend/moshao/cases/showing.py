"""Cases as they go over the wire, many at a time: a few statements for all of them, whatever their number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from moshao.cases.case import Case
from moshao.cases.district import duty_time
from moshao.cases.schemas_shown import CaseDocument
from moshao.cases.scopes import helpers_of
from moshao.cases.showing_document import Around, document
from moshao.cases.showing_history import read_history
from moshao.catalogue.rules import Catalogue
from moshao.evidence.queries import marks_in
from moshao.kit.db import Reader, Row, marks
from moshao.people.actor import Actor
from moshao.people.naming import crews_of, names_of, units_of

LINES_SHOWN = 30
# Marks are for who judges the evidence; whoever took the photo is not told off by a machine.
REVIEWERS = frozenset({"crew_leader", "unit_operator", "supervisor", "leader"})

_PHOTOS = """
SELECT case_id, photo_id, act_id, sha256, usage, round, state, code
FROM case_photos WHERE case_id IN ({ids}) ORDER BY added_at, id
"""
_REQUESTS = """
SELECT id, case_id, kind, state, person_id, detail, reason, until, reply_by, asked_at, decided_at, decided_by,
       decision_reason
FROM case_requests WHERE case_id IN ({ids}) ORDER BY asked_at
"""
_MERGED = "SELECT lead_case_id, id, case_no, state, deadline FROM cases WHERE lead_case_id IN ({ids}) ORDER BY case_no"


async def show(
    reader: Reader,
    cases: Sequence[Case],
    viewer: Actor,
    now: datetime,
    catalogue: Catalogue,
    *,
    lines: int | None = LINES_SHOWN,
) -> list[CaseDocument]:
    """The documents of `cases` (all of the viewer's district), in order; `lines` None: the journal whole."""
    if not cases:
        return []
    duty = await duty_time(reader, viewer.district_id)
    around = await _read(reader, cases, viewer, lines)
    unit_names = around.unit_names()
    return [document(case, around, unit_names, now, duty, catalogue) for case in cases]


async def _read(reader: Reader, cases: Sequence[Case], viewer: Actor, lines: int | None) -> Around:
    case_ids = [case.id for case in cases]
    history = await read_history(reader, case_ids, lines)
    requests = await _by_case(reader, _REQUESTS, case_ids)
    return Around(
        history=history,
        photos=await _by_case(reader, _PHOTOS, case_ids),
        requests=requests,
        merged=await _by_case(reader, _MERGED, case_ids, "lead_case_id"),
        marks=await marks_in(reader, case_ids) if viewer.role in REVIEWERS else {},
        people=await names_of(reader, _person_ids(cases, requests) | history.person_ids()),
        units=await units_of(reader, _unit_ids(cases) | history.unit_ids()),
        crews=await crews_of(reader, {case.crew_id for case in cases if case.crew_id}),
    )


async def _by_case(reader: Reader, sql: str, case_ids: Sequence[UUID], key: str = "case_id") -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in await reader.all(sql.format(ids=marks(len(case_ids))), *case_ids):
        found[row[key]].append(row)
    return found


def _person_ids(cases: Sequence[Case], requests: Mapping[UUID, list[Row]]) -> set[UUID]:
    wanted = {person for case in cases for person in (case.handler_id, case.inspector_id, *helpers_of(case))}
    wanted |= {row[name] for rows in requests.values() for row in rows for name in ("person_id", "decided_by")}
    return {person for person in wanted if person is not None}


def _unit_ids(cases: Sequence[Case]) -> set[UUID]:
    return {unit for case in cases for unit in (case.unit_id, case.turn_unit_id) if unit is not None}
