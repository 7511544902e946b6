"""What this room writes into the journal."""

from moshao.journal.kinds import Kinds

KINDS = Kinds(
    "review",
    {
        "mark_judged": "a mark on a photo was judged (facts: case_id, photo_id, mark, is_right: null: taken back)",
        "mark_quieted": "a mark was wrong too often and is shown no more (facts: mark, judged, right)",
        "mark_woken": "a mark that was quiet is shown again (facts: mark)",
    },
)
