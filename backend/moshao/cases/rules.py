"""Who may do what from which state: docs/words.md as data. Pure: no I/O, no clock."""

from collections.abc import Collection, Iterable

import msgspec

from moshao.cases.case import Case
from moshao.cases.states import DOES_NOT_FIT, ENDED, EVERY, OPEN, SHELVABLE, WORKING, case_merged
from moshao.kit import errors
from moshao.kit.errors import Refused
from moshao.people.actor import ROLES

not_your_act = errors.refusal("not_your_act", 403, "您的岗位不能做这个操作")

HANDLERS = frozenset({"handler", "crew_leader"})
UNIT = frozenset({"crew_leader", "unit_operator"})
OPERATOR = frozenset({"unit_operator"})
INSPECTOR = frozenset({"inspector"})
SUPERVISOR = frozenset({"supervisor"})
DISTRICT = frozenset({"supervisor", "leader"})

OUT = frozenset({"dispatched", "assigned", "in_progress"})
GIVEN = frozenset({"assigned", "in_progress"})


class Way(msgspec.Struct, frozen=True):
    """One way into an act: these roles, standing so to the case, from these states."""

    roles: frozenset[str]
    relations: frozenset[str]
    states: frozenset[str]


def _way(roles: Iterable[str], relations: str, states: Iterable[str]) -> Way:
    return Way(frozenset(roles), frozenset(relations.split()), frozenset(states))


WAYS: dict[str, tuple[Way, ...]] = {
    "filings": (_way(SUPERVISOR, "district", {"reported"}),),
    "verifications": (_way(INSPECTOR, "inspector", {"verifying"}),),
    "dispatches": (_way(SUPERVISOR, "district", {"received", *OUT}), _way(UNIT, "unit", OUT)),
    "rulings": (_way(SUPERVISOR, "district", {"received", *OUT}),),
    "signings": (_way(UNIT, "unit", {"dispatched"}),),
    "assignments": (_way(UNIT, "unit", OUT),),
    "transfers": (_way(UNIT, "unit", OUT),),
    "revocations": (_way(UNIT, "unit", GIVEN), _way(SUPERVISOR, "district", GIVEN)),
    "acceptances": (_way(HANDLERS, "handler", {"assigned"}),),
    "closures": (_way(HANDLERS, "handler helper", GIVEN), _way(UNIT, "unit", GIVEN)),
    "handbacks": (_way(HANDLERS, "handler", GIVEN), _way(UNIT, "unit", {"dispatched"})),
    "upstream_handbacks": (_way(SUPERVISOR, "district", {"received", "dispatched"}),),
    "unit_reviews": (_way(UNIT, "unit", {"handled"}),),
    "reviews": (_way(SUPERVISOR, "district", {"feedback"}),),
    "checks": (_way(INSPECTOR, "inspector", {"checking"}),),
    "extensions": (
        _way(HANDLERS, "handler", GIVEN),
        _way(UNIT, "unit", WORKING),
        _way(SUPERVISOR, "district", WORKING),
    ),
    "extension_decisions": (_way(UNIT, "unit", WORKING), _way(SUPERVISOR, "district", WORKING)),
    "shelvings": (_way(UNIT, "unit", SHELVABLE), _way(SUPERVISOR, "district", SHELVABLE)),
    "shelving_decisions": (_way(UNIT, "unit", SHELVABLE), _way(SUPERVISOR, "district", SHELVABLE)),
    "urgings": (_way(SUPERVISOR, "district", OPEN),),
    "supervisions": (_way(DISTRICT, "district", OPEN),),
    "supervision_replies": (_way(UNIT, "unit", EVERY), _way(SUPERVISOR, "district", EVERY)),
    "cancellations": (_way(SUPERVISOR, "district", EVERY - ENDED),),
    "reopenings": (_way(SUPERVISOR, "district", {"closed"}),),
    "merges": (_way(SUPERVISOR, "district", OPEN), _way(OPERATOR, "unit", OPEN)),
    "unmerges": (_way(SUPERVISOR, "district", OPEN), _way(OPERATOR, "unit", OPEN)),
    "notes": (
        _way(HANDLERS, "handler helper reporter", EVERY),
        _way(INSPECTOR, "inspector reporter", EVERY),
        _way(UNIT, "unit", EVERY),
        _way(DISTRICT, "district", EVERY),
    ),
    "contacts": (
        _way(HANDLERS, "handler helper reporter", EVERY),
        _way(INSPECTOR, "inspector reporter", EVERY),
        _way(UNIT, "unit", EVERY),
        _way(SUPERVISOR, "district", EVERY),
    ),
    "appeals": (_way(UNIT, "unit", EVERY),),
    "appeal_decisions": (_way(SUPERVISOR, "district", EVERY),),
    "undoings": (_way(SUPERVISOR, "district", EVERY),),
    # A case that is not there yet has no state: only the role is asked.
    "reports": (_way(HANDLERS | INSPECTOR, "", ()),),
    "registrations": (_way(UNIT | SUPERVISOR, "", ()),),
    # Many cases at once, each in the state it has.
    "handovers": (_way(HANDLERS | INSPECTOR | UNIT | SUPERVISOR, "", ()),),
    # About no case at all.
    "suggestions": (_way(ROLES, "", ()),),
}
# What may still be said about a case whose work goes on under its lead.
ON_MERGED = frozenset({"unmerges", "notes", "contacts", "cancellations", "appeals", "appeal_decisions", "undoings"})


def role_refusal(act: str, role: str, report_roles: Collection[str]) -> Refused | None:
    """403 where no way into this act is open to this role. Who reports is the district's setting `report_roles`."""
    if act == "reports" and role not in report_roles:
        return not_your_act()
    return None if any(role in way.roles for way in WAYS[act]) else not_your_act()


def state_refusal(act: str, case: Case, role: str, relations: frozenset[str]) -> Refused | None:
    """409 naming the state, where nobody of this role and relation may do this to the case as it stands."""
    if case.lead_case_id is not None and act not in ON_MERGED:
        return case_merged()
    ways = [way for way in WAYS[act] if role in way.roles]
    if any(case.state in way.states and relations & way.relations for way in ways):
        return None
    if any(relations & way.relations for way in ways):
        return DOES_NOT_FIT[case.state]()
    return DOES_NOT_FIT[case.state]("这个案件现在不归您办")
