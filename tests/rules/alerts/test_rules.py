"""Who is to know of which line, and until when it matters."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from moshao.alerts.rules import RULES, TURNS, Known, Line, has_acted, is_over, is_urgent, tells_of_case, turns_for
from moshao.alerts.wording import TITLES
from moshao.cases.case import Case
from moshao.cases.kinds import KINDS
from moshao.cases.states import STATES
from moshao.kit.ids import new_id

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
ZHANG, WANG, UNIT, OTHER = (new_id() for _ in range(4))
CASE = Case(
    id=new_id(), district_id=new_id(), case_no="1", state="assigned", unit_id=UNIT, handler_id=ZHANG, created_at=NOW
)


def case(**columns: Any) -> Case:
    return msgspec.structs.replace(CASE, **columns)


def line(kind: str, seq: int = 2, person_id: UUID | None = None, **facts: Any) -> Line:
    return Line(seq=seq, kind=kind, at=NOW, case_id=CASE.id, person_id=person_id, facts=facts)


def known(kind: str = "assigned", **columns: Any) -> Known:
    about: dict[str, Any] = {"seq": 1, "round": 1, "unit_id": UNIT, "person_id": ZHANG, "rung": frozenset({ZHANG})}
    return Known(kind=kind, **about | columns)


def test_every_rule_is_about_a_kind_and_states_there_are_and_has_words() -> None:
    assert RULES.keys() <= KINDS.meanings.keys()
    assert RULES.keys() <= TITLES.keys()
    assert set(TURNS) == set(STATES)
    for rule in RULES.values():
        assert rule.states <= set(STATES)


@pytest.mark.parametrize(
    ("kind", "state", "turns"),
    [
        ("dispatched", "dispatched", {"unit"}),
        ("dispatched", "assigned", set()),
        ("assigned", "assigned", {"handler"}),
        ("assigned", "handled", set()),
        ("reworked", "in_progress", {"handler"}),
        ("handed_back", "received", {"desk"}),
        ("handed_back", "dispatched", {"unit"}),
        ("verify_asked", "verifying", {"inspector"}),
        ("check_asked", "checking", {"inspector"}),
        ("urged", "in_progress", {"handler"}),
        ("urged", "handled", {"unit"}),
        ("urged", "feedback", {"desk"}),
        ("supervised", "in_progress", {"handler", "unit"}),
        ("due_soon", "dispatched", {"unit"}),
        ("due_soon", "handled", set()),
        ("urged", "shelved", set()),
        ("accepted", "in_progress", set()),
        ("noted", "in_progress", set()),
    ],
)
def test_who_has_to_act_is_told(kind: str, state: str, turns: set[str]) -> None:
    assert turns_for(kind, case(state=state)) == turns


def test_a_merged_case_rings_by_its_lead() -> None:
    assert turns_for("urged", case(lead_case_id=new_id())) == frozenset()


def test_what_goes_over_in_a_handover_is_told_at_once() -> None:
    assert tells_of_case(line("transferred"))
    assert not tells_of_case(line("transferred", handover=True))
    assert not tells_of_case(line("noted"))


def test_urgent_is_the_case_or_the_order() -> None:
    assert not is_urgent("assigned", CASE)
    assert is_urgent("assigned", case(urgency="urgent"))
    assert is_urgent("supervised", CASE)


@pytest.mark.parametrize(
    "after",
    [
        case(state="handled"), case(state="cancelled"), case(handler_id=WANG), case(handler_id=None),
        case(state="in_progress", round=2), None,
    ],
)  # fmt: skip
def test_it_is_over_when_the_case_went_on(after: Case | None) -> None:
    assert is_over(known(), after)


def test_it_is_not_over_while_he_has_it() -> None:
    assert not is_over(known(), CASE)
    assert not is_over(known(), case(state="in_progress"))
    for_unit = known("dispatched", person_id=None)
    assert not is_over(for_unit, case(state="dispatched", handler_id=None))
    assert is_over(for_unit, case(state="dispatched", handler_id=None, unit_id=OTHER))


@pytest.mark.parametrize(
    ("later", "heard"),
    [
        (line("accepted", person_id=ZHANG), True),
        (line("noted", person_id=ZHANG), True),
        (line("noted", person_id=WANG), False),
        (line("signed", person_id=WANG), True),
        (line("accepted", person_id=ZHANG, auto=True), False),
        (line("noted", seq=1, person_id=ZHANG), False),
        (line("due_soon"), False),
    ],
)
def test_who_does_something_has_heard(later: Line, heard: bool) -> None:
    assert has_acted(known(), [later]) is heard
