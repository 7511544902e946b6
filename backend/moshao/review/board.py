"""The board: every open case that somebody at a desk may see, and what ended within the last day, a line each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moshao.cases.case import COLUMNS, Case, case_of
from moshao.cases.clocks import DutyTime
from moshao.cases.district import duty_time
from moshao.cases.schemas_shown import Named
from moshao.cases.showing_clock import shown_clock
from moshao.cases.showing_document import point_of
from moshao.cases.visibility import DISTRICT_ROLES
from moshao.catalogue.queries import catalogue_of
from moshao.catalogue.rules import Catalogue
from moshao.journal.queries import head_of
from moshao.kit.db import Reader, marks
from moshao.people.actor import Actor
from moshao.people.naming import crews_of, names_of, units_of
from moshao.review.schemas import Board, BoardRow

PAGE_ROWS = 500
SHOWN_AFTER_END = timedelta(hours=24)
DESCRIPTION_MOST = 120

_OPEN = f"SELECT {COLUMNS} FROM cases WHERE {{whose}} AND changed_seq > ? AND ended_at IS NULL"
# The sum keeps a database from walking all changes in order instead of the few cases that ended lately.
_ENDED = f"SELECT {COLUMNS} FROM cases WHERE {{whose}} AND changed_seq + 0 > ? AND ended_at > ?"
_PART = "SELECT * FROM ({select} ORDER BY changed_seq LIMIT ?) AS part"
_OF_DISTRICT = "district_id = ?"
_OF_UNIT = "id IN (SELECT case_id FROM case_scopes WHERE scope_id = ? AND current AND {open})"
_ASKED = "SELECT case_id, kind FROM case_requests WHERE state IN ('open', 'forwarded') AND case_id IN ({ids})"


async def read_board(reader: Reader, actor: Actor, after: int, now: datetime) -> Board:
    """The page after journal number `after` of what `actor`, who works at a desk, has before him."""
    head = await head_of(reader, actor.district_id)
    cases = await _cases(reader, actor, after, now)
    page = cases[:PAGE_ROWS]
    return Board(
        epoch=head.epoch,
        seq=head.seq,
        roster=actor.roster,
        rows=await _rows(reader, actor, page, now),
        more=len(cases) > PAGE_ROWS,
        next=page[-1].changed_seq if page else head.seq,
    )


async def _cases(reader: Reader, actor: Actor, after: int, now: datetime) -> list[Case]:
    """In journal order, one more than a page holds where there are more."""
    if actor.role in DISTRICT_ROLES:
        still, ended, whose = _OF_DISTRICT, _OF_DISTRICT, actor.district_id
    else:
        still, ended = _OF_UNIT.format(open="ended_at IS NULL"), _OF_UNIT.format(open="ended_at IS NOT NULL")
        whose = actor.unit_id
    parts = (_OPEN.format(whose=still), _ENDED.format(whose=ended))
    sql = " UNION ALL ".join(_PART.format(select=part) for part in parts)
    most = PAGE_ROWS + 1
    rows = await reader.all(
        f"SELECT * FROM ({sql}) AS found ORDER BY changed_seq LIMIT ?",
        whose, after, most, whose, after, now - SHOWN_AFTER_END, most, most,
    )  # fmt: skip
    return [case_of(row) for row in rows]


async def _rows(reader: Reader, actor: Actor, cases: Sequence[Case], now: datetime) -> list[BoardRow]:
    if not cases:
        return []
    names = Names(reader)
    await names.read(cases)
    duty, catalogue = await duty_time(reader, actor.district_id), await catalogue_of(reader, actor.district_id)
    return [_row(case, names, now, duty, catalogue) for case in cases]


class Names:
    """What the ids of some cases are called, and what is asked for of each."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.people: dict[UUID, str] = {}
        self.units: dict[UUID, str] = {}
        self.crews: dict[UUID, str] = {}
        self.asked: dict[UUID, list[str]] = defaultdict(list)

    async def read(self, cases: Sequence[Case]) -> None:
        reader = self._reader
        self.people = await names_of(reader, _ids(cases, "handler_id", "inspector_id"))
        units = await units_of(reader, _ids(cases, "unit_id", "turn_unit_id"))
        self.units = {unit_id: unit.name for unit_id, unit in units.items()}
        self.crews = await crews_of(reader, _ids(cases, "crew_id"))
        for row in await reader.all(_ASKED.format(ids=marks(len(cases))), *(case.id for case in cases)):
            self.asked[row["case_id"]].append(row["kind"])


def _ids(cases: Sequence[Case], *columns: str) -> set[UUID]:
    found: set[Any] = {getattr(case, column) for case in cases for column in columns}
    return found - {None}


def _row(case: Case, names: Names, now: datetime, duty: DutyTime, catalogue: Catalogue) -> BoardRow:
    found = catalogue.find(case.code_set, case.kind, case.major, case.minor)
    return BoardRow(
        id=case.id,
        seq=case.changed_seq,
        case_no=case.case_no,
        external_case_id=case.external_case_id,
        source_name=case.source_name,
        state=case.state,
        round=case.round,
        flags=case.flags.split(),
        urgency=case.urgency,
        kind=case.kind,
        major=case.major,
        minor=case.minor,
        major_name=found.major_zh if found else None,
        minor_name=found.name_zh if found else None,
        title=case.title,
        description=(case.description or "")[:DESCRIPTION_MOST] or None,
        address=case.address,
        location=point_of(case.lon, case.lat),
        grid_code=case.grid_code,
        deadline=case.deadline,
        clock=shown_clock(case, now, duty),
        unit=_named(case.unit_id, names.units),
        turn_unit=_named(case.turn_unit_id, names.units),
        handler=_named(case.handler_id, names.people),
        crew=_named(case.crew_id, names.crews),
        inspector=_named(case.inspector_id, names.people),
        lead_case_id=case.lead_case_id,
        asked=sorted(names.asked.get(case.id, ())),
        dispatched_at=case.dispatched_at,
        handled_at=case.handled_at,
        ended_at=case.ended_at,
    )


def _named(found: UUID | None, names: dict[UUID, str]) -> Named | None:
    return Named(found, names.get(found, "")) if found else None
