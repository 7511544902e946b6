"""Every act × every state × every role, against docs/words.md §3 written down once more."""

import itertools

import pytest

from moshao.cases.case import Case
from moshao.cases.rules import ON_MERGED, WAYS, role_refusal, state_refusal
from moshao.cases.states import STATES
from moshao.kit import clock, ids
from moshao.people.actor import ROLES

OUT = "dispatched assigned in_progress"
OPEN = f"received {OUT} handled feedback checking"
SHELVABLE = f"received {OUT} handled feedback"
WORKING = f"received {OUT} handled"
ALL = " ".join(STATES)
NOT_ENDED = " ".join(state for state in STATES if state not in ("closed", "rejected", "cancelled"))

# act | role | how he stands to the case | from
WORDS = f"""
filings | supervisor | district | reported
verifications | inspector | inspector | verifying
dispatches | supervisor | district | received {OUT}
dispatches | crew_leader unit_operator | unit | {OUT}
rulings | supervisor | district | received {OUT}
signings | crew_leader unit_operator | unit | dispatched
assignments | crew_leader unit_operator | unit | {OUT}
transfers | crew_leader unit_operator | unit | {OUT}
revocations | crew_leader unit_operator | unit | assigned in_progress
revocations | supervisor | district | assigned in_progress
acceptances | handler crew_leader | handler | assigned
closures | handler crew_leader | handler | assigned in_progress
closures | handler crew_leader | helper | assigned in_progress
closures | crew_leader unit_operator | unit | assigned in_progress
handbacks | handler crew_leader | handler | assigned in_progress
handbacks | crew_leader unit_operator | unit | dispatched
upstream_handbacks | supervisor | district | received dispatched
unit_reviews | crew_leader unit_operator | unit | handled
reviews | supervisor | district | feedback
checks | inspector | inspector | checking
extensions | handler crew_leader | handler | assigned in_progress
extensions | crew_leader unit_operator | unit | {WORKING}
extensions | supervisor | district | {WORKING}
extension_decisions | crew_leader unit_operator | unit | {WORKING}
extension_decisions | supervisor | district | {WORKING}
shelvings | crew_leader unit_operator | unit | {SHELVABLE}
shelvings | supervisor | district | {SHELVABLE}
shelving_decisions | crew_leader unit_operator | unit | {SHELVABLE}
shelving_decisions | supervisor | district | {SHELVABLE}
urgings | supervisor | district | {OPEN}
supervisions | supervisor leader | district | {OPEN}
supervision_replies | crew_leader unit_operator | unit | {ALL}
supervision_replies | supervisor | district | {ALL}
cancellations | supervisor | district | {NOT_ENDED}
reopenings | supervisor | district | closed
merges | supervisor | district | {OPEN}
merges | unit_operator | unit | {OPEN}
unmerges | supervisor | district | {OPEN}
unmerges | unit_operator | unit | {OPEN}
notes | handler crew_leader | handler | {ALL}
notes | handler crew_leader | helper | {ALL}
notes | handler crew_leader | reporter | {ALL}
notes | inspector | inspector | {ALL}
notes | inspector | reporter | {ALL}
notes | crew_leader unit_operator | unit | {ALL}
notes | supervisor leader | district | {ALL}
contacts | handler crew_leader | handler | {ALL}
contacts | handler crew_leader | helper | {ALL}
contacts | handler crew_leader | reporter | {ALL}
contacts | inspector | inspector | {ALL}
contacts | inspector | reporter | {ALL}
contacts | crew_leader unit_operator | unit | {ALL}
contacts | supervisor | district | {ALL}
appeals | crew_leader unit_operator | unit | {ALL}
appeal_decisions | supervisor | district | {ALL}
undoings | supervisor | district | {ALL}
"""
RELATIONS = ("district", "unit", "handler", "helper", "inspector", "reporter")
MADE = {"reports", "registrations", "handovers", "suggestions"}


def _allowed() -> set[tuple[str, str, str, str]]:
    allowed = set()
    for line in WORDS.strip().splitlines():
        act, roles, relation, states = (part.strip() for part in line.split("|"))
        for role, state in itertools.product(roles.split(), states.split()):
            allowed.add((act, role, relation, state))
    return allowed


ALLOWED = _allowed()


def a_case(state: str, **columns: object) -> Case:
    return Case(
        id=ids.new_id(),
        district_id=ids.new_id(),
        case_no="1",
        state=state,
        created_at=clock.now(),
        **columns,  # type: ignore[arg-type]
    )


def test_the_table_names_every_act_of_the_product() -> None:
    assert {act for act, *_ in ALLOWED} | MADE == set(WAYS)


@pytest.mark.parametrize("act", sorted(set(WAYS) - MADE))
def test_each_state_role_and_relation_is_as_the_words_say(act: str) -> None:
    for state, role, relation in itertools.product(STATES, ROLES, RELATIONS):
        refused = state_refusal(act, a_case(state), role, frozenset({relation}))
        expected = (act, role, relation, state) in ALLOWED
        assert (refused is None) == expected, (act, state, role, relation)
        if refused is not None:
            assert (refused.kind.code, refused.kind.status, refused.kind.retry) == (f"case_{state}", 409, False)


@pytest.mark.parametrize("act", sorted(WAYS))
def test_a_role_without_a_way_is_told_so_before_anything_else(act: str) -> None:
    for role in ROLES:
        refused = role_refusal(act, role, report_roles=("handler", "inspector"))
        if act == "reports":
            expected = role in ("handler", "inspector")
        elif act == "registrations":
            expected = role in ("supervisor", "unit_operator", "crew_leader")
        elif act == "handovers":
            expected = role not in ("leader", "admin")
        elif act == "suggestions":
            expected = True
        else:
            expected = any(allowed[:2] == (act, role) for allowed in ALLOWED)
        assert (refused is None) == expected, (act, role)
        if refused is not None:
            assert refused.kind.status == 403


def test_who_reports_is_a_setting() -> None:
    assert role_refusal("reports", "crew_leader", report_roles=("crew_leader",)) is None
    assert role_refusal("reports", "handler", report_roles=("crew_leader",)) is not None
    assert role_refusal("reports", "supervisor", report_roles=("supervisor",)) is not None


def test_nobody_without_a_relation_may_do_anything() -> None:
    for act, state, role in itertools.product(sorted(set(WAYS) - MADE), STATES, ROLES):
        assert state_refusal(act, a_case(state), role, frozenset()) is not None


def test_the_work_on_a_merged_case_is_its_leads() -> None:
    for act, state, role in itertools.product(sorted(set(WAYS) - MADE), STATES, ROLES):
        merged = a_case(state, lead_case_id=ids.new_id())
        refused = state_refusal(act, merged, role, frozenset(RELATIONS))
        if act not in ON_MERGED:
            assert refused is not None
            assert refused.kind.code == "case_merged"
        else:
            alone = state_refusal(act, a_case(state), role, frozenset(RELATIONS))
            assert (refused is None) == (alone is None)
