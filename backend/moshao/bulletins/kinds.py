"""Every kind of journal line about bulletins."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "bulletins",
    {
        "bulletin_drafted": "the numbers of a period were counted for a bulletin (facts: bulletin_id, period, first)",
        "bulletin_recounted": "a draft was counted anew (facts: bulletin_id, revision)",
        "bulletin_worded": "a draft's words or photos were changed (facts: bulletin_id, revision)",
        "bulletin_published": "it got its number and changes no more (facts: bulletin_id, revision, year, number)",
        "bulletin_dropped": "a draft was thrown away (facts: bulletin_id)",
        "bulletin_template_changed": "the district's letterhead was replaced or taken back (facts: digest)",
    },
)
