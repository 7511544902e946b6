"""Who is to know of which line of the journal, and until when it matters. Pure: no I/O, no clock."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from moshao.cases.case import Case
from moshao.cases.states import ENDED, EVERY

# Who has to act next: in these states the handler (or his crew), his unit's leader, the inspector, the desk.
Turn = Literal["handler", "unit", "inspector", "desk", "nobody"]
Ladder = Literal["case", "person", "none"]
TURNS: Mapping[str, Turn] = {
    "reported": "desk", "verifying": "inspector", "received": "desk", "dispatched": "unit", "assigned": "handler",
    "in_progress": "handler", "handled": "unit", "feedback": "desk", "checking": "inspector", "returning": "nobody",
    "reported_up": "nobody", "closed": "nobody", "shelved": "nobody", "cancelled": "nobody", "rejected": "nobody",
}  # fmt: skip
GIVEN = frozenset({"assigned", "in_progress"})
ON_THE_STREET = frozenset({"dispatched", "assigned", "in_progress", "verifying", "checking"})


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the journal, as far as the bell cares. `person_id`: who did it."""

    seq: int
    kind: str
    at: datetime
    case_id: UUID | None
    person_id: UUID | None
    facts: Mapping[str, Any]

    @property
    def by_person(self) -> UUID | None:
        """Who did it himself; what a rule did beside his act is nobody's."""
        return None if self.facts.get("auto") else self.person_id


class Rule(msgspec.Struct, frozen=True):
    """`to`: whom, `turn` being who has to act next. Only while the case is in one of `states`. `ladder`: how it climbs
    where nobody hears it; `none` is told by Web Push alone, to who asked for that."""

    to: frozenset[str]
    states: frozenset[str]
    ladder: Ladder
    urgent: bool = False


def _rule(to: str, states: Collection[str], ladder: Ladder, *, urgent: bool = False) -> Rule:
    return Rule(frozenset(to.split()), frozenset(states), ladder, urgent)


RULES: Mapping[str, Rule] = {
    "reported": _rule("turn", {"reported"}, "none"),
    "received": _rule("turn", {"received"}, "none"),
    "dispatched": _rule("turn", {"dispatched"}, "case"),
    "reopened": _rule("turn", {"dispatched"}, "case"),
    "revoked": _rule("turn", {"dispatched"}, "case"),
    "handed_back": _rule("turn", {"dispatched", "received"}, "case"),
    "unshelved": _rule("turn", ON_THE_STREET, "case"),
    "assigned": _rule("turn", GIVEN, "case"),
    "transferred": _rule("turn", GIVEN, "case"),
    "reworked": _rule("turn", {"in_progress", "assigned", "dispatched"}, "case"),
    "verify_asked": _rule("turn", {"verifying"}, "case"),
    "check_asked": _rule("turn", {"checking"}, "case"),
    "urged": _rule("turn", EVERY - ENDED, "case"),
    "supervised": _rule("turn unit", EVERY - ENDED, "case", urgent=True),
    "due_soon": _rule("turn", ON_THE_STREET, "case"),
    "overdue": _rule("turn unit", ON_THE_STREET, "none"),
    "handled": _rule("turn", {"handled"}, "none"),
    "amended": _rule("handler", GIVEN, "none"),
    "photo_refused": _rule("handler", GIVEN, "none"),
    "extension_requested": _rule("unit", EVERY - ENDED, "none"),
    "shelving_requested": _rule("unit", EVERY - ENDED, "none"),
    "extension_decided": _rule("handler", GIVEN, "none"),
    "shelving_decided": _rule("handler unit", EVERY, "none"),
    "cancelled": _rule("handler", {"cancelled"}, "none"),
}
# Whoever got the cases of another hears of all at once, by a line of no case.
HANDED_OVER = "handed_over"
# Whoever complained or suggested something hears that he was answered.
ANSWERED = "suggestion_answered"
# A step of an act that brings it about shows that its person has seen the case.
CONFIRMS = frozenset({"signed", "accepted"})


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """An alert that still climbs, and the persons it was rung for."""

    kind: str
    seq: int
    round: int
    unit_id: UUID | None
    person_id: UUID | None
    rung: frozenset[UUID]


def tells_of_case(line: Line) -> bool:
    """Whether the line is one to ring for by itself."""
    return line.case_id is not None and line.kind in RULES and not line.facts.get("handover")


def turns_for(kind: str, case: Case) -> frozenset[Turn]:
    """Whose attention a line asks for, the case being as it is now; nobody's where it no longer matters."""
    rule = RULES.get(kind)
    if rule is None or case.state not in rule.states or case.lead_case_id is not None:
        return frozenset()
    named = {TURNS[case.state] if word == "turn" else word for word in rule.to}
    return frozenset(named - {"nobody"})  # type: ignore[arg-type]


def holder_of(case: Case) -> UUID | None:
    """The one person who has to act, where it is one."""
    return {"handler": case.handler_id, "inspector": case.inspector_id}.get(TURNS[case.state])


def is_urgent(kind: str, case: Case) -> bool:
    """Urgent ones ring by themselves however many come, and climb faster."""
    return RULES[kind].urgent or case.urgency == "urgent"


def is_over(known: Known, case: Case | None) -> bool:
    """Whether there is nothing left to know: the case has gone on, or to others."""
    if case is None or case.state not in RULES[known.kind].states or case.round != known.round:
        return True
    if TURNS[case.state] == "unit" and known.unit_id != (case.turn_unit_id or case.unit_id):
        return True
    return known.person_id is not None and known.person_id != holder_of(case)


def has_acted(known: Known, lines: Collection[Line]) -> bool:
    """Whether somebody who was rung has done something with the case since: then he has heard."""
    return any(
        line.seq > known.seq
        and line.by_person is not None
        and (line.by_person in known.rung or line.by_person == known.person_id or line.kind in CONFIRMS)
        for line in lines
    )
