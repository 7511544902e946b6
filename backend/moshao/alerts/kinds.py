"""Every kind of journal line about the bell: what people did with it. What rang whom stands in its own tables."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "alerts",
    {
        "broadcast": "words went to many (facts: broadcast_id, unit_id, role, emergency)",
        "gateway_changed": "a gateway of the bell was made or changed (facts: gateway_id, gateway, members)",
        "gateway_dropped": "a gateway of the bell is no more (facts: gateway_id)",
    },
)
