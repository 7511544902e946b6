"""Every kind of journal line about dispatch rules."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "dispatch",
    {
        "dispatch_rule_changed": "a rule was made or changed (facts: rule_id)",
        "dispatch_rule_dropped": "a rule is no more (facts: rule_id)",
    },
)
