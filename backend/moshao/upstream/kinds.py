"""Every kind of journal line about the platforms above; what they say of cases are lines about cases."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "upstream",
    {
        "upstream_made": "a platform became known (facts: upstream_id)",
        "upstream_changed": "what was agreed with it changed (facts: upstream_id)",
        "upstream_switched": "it was switched on or off (facts: upstream_id)",
        "upstream_secret_rotated": "it got a new secret (facts: upstream_id)",
        "upstream_secrets_dropped": "its earlier secrets are no longer good (facts: upstream_id)",
    },
)
