"""Which lines of the journal upstream is told of, and under which name. Pure."""

from collections.abc import Mapping
from typing import Any

import msgspec

TYPES: Mapping[str, str] = {
    "signed": "signed",
    "assigned": "assigned",
    "transferred": "assigned",
    "accepted": "accepted",
    "handled": "handled",
    "return_requested": "handed_back",
    "shelving_requested": "shelving_requested",
    "checked": "checked",
    "verified": "verified",
    "reworked": "reworked",
    "cancelled": "cancelled",
    "reported_up": "reported_up",
    "closed": "closed",
    "reopened": "reopened",
    "extension_decided": "extension_decided",
    "shelving_decided": "shelving_decided",
    "appeal_decided": "appeal_decided",
    "merged": "merged",
    "rejected": "rejected",
}
# Upstream need not hear its own word again.
ITS_OWN = frozenset(
    {"cancelled", "closed", "reopened", "reworked", "merged", "extension_decided", "shelving_decided", "rejected"}
)
# Taken back by `undone`, upstream has to hear that the case is open again.
ENDINGS = frozenset({"closed", "reported_up", "cancelled"})
# What is told of a case that no upstream has taken yet.
OF_REPORTS: Mapping[str, str] = {"reported": "reported", "self_handled": "reported", "rejected": "rejected"}


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the journal. `is_upstreams`: its case came from an upstream, or was taken by one."""

    kind: str
    facts: dict[str, Any]
    is_upstreams: bool
    decides_above: bool


def type_of(line: Heard) -> str | None:
    """The name of the event without its prefix; None: it is nobody's business up there."""
    if not line.is_upstreams:
        return OF_REPORTS.get(line.kind)
    if line.kind in ITS_OWN and "upstream_id" in line.facts:
        return None
    if line.kind in ("extension_requested", "extension_forwarded"):
        return "extension_requested" if _asks_upstream(line) else None
    if line.kind == "undone":
        return "reopened" if ENDINGS.intersection(line.facts.get("kinds", ())) else None
    if line.kind == "merged" and "member_case_id" in line.facts:
        return None
    return TYPES.get(line.kind)


def _asks_upstream(line: Heard) -> bool:
    """Where upstream decides, it is asked once the unit has passed the request on; else it is told of the asking."""
    asked = line.kind == "extension_requested"
    if not line.decides_above:
        return asked
    return not asked or line.facts.get("state") == "forwarded"
