"""A case's columns as they were before a supervisor's act, so that the act can be taken back."""

from typing import Any

import msgspec

from moshao.cases.case import Case, has_flag

NEVER_BACK = frozenset({"changed_seq"})


def as_it_was(before: Case, after: Case) -> dict[str, Any] | None:
    """The columns that the act changed, with the values they had. None for the lead of merged cases, where the act
    changed other cases too: that is not taken back by setting one of them back."""
    if before.lead_case_id is None and has_flag(before, "merged"):
        return None
    was, now = msgspec.structs.asdict(before), msgspec.structs.asdict(after)
    return {name: value for name, value in was.items() if now[name] != value and name not in NEVER_BACK}
