"""Every kind of journal line about what people suggest. Their words stand in the room's own rows."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "suggestions",
    {
        "suggested": "somebody complained or suggested something (facts: suggestion_id, suggestion_kind)",
        "suggestion_answered": "an admin answered him (facts: suggestion_id, to_id)",
    },
)
