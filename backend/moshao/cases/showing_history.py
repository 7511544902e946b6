"""What happened to cases, for many at once: their last journal lines with what was written, and why they came back."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from moshao.cases.schemas_shown import Named, ShownLine, ShownReason
from moshao.kit.db import Reader, Row, as_id, marks

# Lines whose words say why the case came (back) to whoever has it now, or why nobody has it any more.
RETURNS = frozenset(
    {"handed_back", "reworked", "revoked", "reopened", "dispatched", "return_decided", "rejected", "cancelled"}
)

_LINES = """
SELECT * FROM (
    SELECT case_id, seq, kind, at, done_at, act_id, person_id, round, facts,
           row_number() OVER (PARTITION BY case_id ORDER BY seq DESC) AS back
    FROM journal_lines WHERE case_id IN ({ids})
) AS numbered WHERE back <= ? ORDER BY case_id, seq
"""
_WORDS = """
SELECT case_id, act_id, kind, round, person_id, said_by, code, words, at
FROM case_words WHERE case_id IN ({ids}) ORDER BY at DESC
"""
_BODIES = "SELECT id, body FROM acts WHERE case_id IN ({ids})"
EVERY_LINE = 1_000_000


class History(msgspec.Struct, frozen=True):
    """Rows by case: journal lines oldest first, words newest first; and what was noted by act."""

    lines: Mapping[UUID, list[Row]]
    words: Mapping[UUID, list[Row]]
    notes: Mapping[UUID, str]

    def person_ids(self) -> set[UUID]:
        """Everybody who is named."""
        rows = [row for rows in (*self.lines.values(), *self.words.values()) for row in rows]
        named = {row["person_id"] for row in rows if row["person_id"] is not None}
        return named | {to for row in rows if (to := row.get("to_person")) is not None}

    def unit_ids(self) -> set[UUID]:
        rows = [row for rows in self.lines.values() for row in rows]
        return {to for row in rows if (to := row.get("to_unit")) is not None}


class _Noted(msgspec.Struct):
    note: str | None = None


async def read_history(reader: Reader, case_ids: Sequence[UUID], lines: int | None) -> History:
    """The last `lines` of each case (None: all of them)."""
    ids = marks(len(case_ids))
    by_case: dict[UUID, list[Row]] = defaultdict(list)
    for row in await reader.all(_LINES.format(ids=ids), *case_ids, lines or EVERY_LINE):
        by_case[row["case_id"]].append(_with_facts(row))
    words: dict[UUID, list[Row]] = defaultdict(list)
    for row in await reader.all(_WORDS.format(ids=ids), *case_ids):
        words[row["case_id"]].append(row)
    notes = {}
    for row in await reader.all(_BODIES.format(ids=ids), *case_ids):
        if row["body"] and (note := msgspec.json.decode(row["body"], type=_Noted).note):
            notes[row["id"]] = note
    return History(by_case, words, notes)


def shown_lines(
    case_id: UUID, history: History, people: Mapping[UUID, str], units: Mapping[UUID, str]
) -> list[ShownLine]:
    """The lines of a case. Words of the act, else its note, stand at the line of the act."""
    words = _words_by_line(case_id, history)
    shown = []
    for row in history.lines.get(case_id, ()):
        said = words.get(row["seq"])
        shown.append(
            ShownLine(
                seq=row["seq"],
                kind=row["kind"],
                at=row["at"],
                done_at=row["done_at"],
                by=_by(row["person_id"], said["said_by"] if said else None, people),
                round=row["round"],
                note=said["words"] if said and said["words"] else _note(row, history),
                code=said["code"] if said and said["code"] else UNSET,
                to=_to(row, people, units),
                facts=row["facts"] or UNSET,
                act_id=row["act_id"] if row["kind"] == "noted" and row["facts"].get("photos") else UNSET,
            )
        )
    return shown


def _words_by_line(case_id: UUID, history: History) -> dict[int, Row]:
    """Words by line number: those of the same act and kind; without an act (upstream) the newest to the newest."""
    waiting: dict[Any, list[Row]] = defaultdict(list)
    for row in history.words.get(case_id, ()):
        waiting[row["act_id"], row["kind"], row["round"]].append(row)
    found = {}
    for line in reversed(history.lines.get(case_id, [])):
        if words := waiting.get((line["act_id"], line["kind"], line["round"])):
            found[line["seq"]] = words.pop(0)
    return found


def _note(line: Row, history: History) -> str | None:
    """What was noted with the act, at the line that tells of the act and not at those that follow by rule."""
    return None if line["facts"].get("auto") else history.notes.get(line["act_id"])


def shown_reasons(
    case_id: UUID, history: History, people: Mapping[UUID, str], photos: Sequence[Row]
) -> list[ShownReason]:
    """Why the case came back, newest first, each with the photos of the act that sent it."""
    return [
        ShownReason(
            kind=row["kind"],
            round=row["round"],
            code=row["code"],
            words=row["words"],
            by=_by(row["person_id"], row["said_by"], people),
            at=row["at"],
            photos=[photo["photo_id"] for photo in photos if row["act_id"] and photo["act_id"] == row["act_id"]],
        )
        for row in history.words.get(case_id, ())
        if row["kind"] in RETURNS
    ]


def named(person_id: UUID | None, people: Mapping[UUID, str]) -> Named | None:
    """A person by name; one who was erased has an empty one."""
    return Named(person_id, people.get(person_id, "")) if person_id else None


def _with_facts(row: Row) -> Row:
    facts: dict[str, Any] = msgspec.json.decode(row["facts"])
    return {
        **row,
        "facts": facts,
        "to_person": as_id(facts["person_id"]) if facts.get("person_id") else None,
        "to_unit": as_id(facts["unit_id"]) if facts.get("unit_id") else None,
    }


def _by(person_id: UUID | None, said_by: str | None, people: Mapping[UUID, str]) -> Named | None:
    if person_id is not None:
        return named(person_id, people)
    return Named(None, said_by) if said_by else None


def _to(row: Row, people: Mapping[UUID, str], units: Mapping[UUID, str]) -> Named | msgspec.UnsetType:
    if row["to_person"] is not None:
        return Named(row["to_person"], people.get(row["to_person"], ""))
    if row["to_unit"] is not None:
        return Named(row["to_unit"], units.get(row["to_unit"], ""))
    return UNSET
