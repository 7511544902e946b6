"""Who looks at which case just now, and what was thought of the marks."""

from piccolo.columns import UUID, Boolean, Timestamptz, Varchar
from piccolo.table import Table


class ReviewClaim(Table, tablename="review_claims"):
    """A case lies on one desk (`desk_id`: a tab of `person_id`'s browser named itself so) and on no other `until` then.

    No lock: an act counts by the case's state, whoever does it. A claim only keeps two persons from looking at one
    case at a time.
    """

    id = UUID(primary_key=True, default=None)
    case_id = UUID(default=None)
    district_id = UUID(default=None)
    desk_id = UUID(default=None)
    person_id = UUID(default=None)
    until = Timestamptz(default=None)


class MarkJudgement(Table, tablename="mark_judgements"):
    """A mark on a photo of a case, as a supervisor saw it last: was there something to it?"""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    case_id = UUID(default=None)
    photo_id = UUID(default=None)
    mark = Varchar(length=20)
    is_right = Boolean(default=False)
    person_id = UUID(default=None)
    at = Timestamptz(default=None)


INDEXES = [
    "CREATE UNIQUE INDEX review_claims_case ON review_claims (case_id)",
    "CREATE INDEX review_claims_desk ON review_claims (desk_id)",
    "CREATE UNIQUE INDEX mark_judgements_one ON mark_judgements (case_id, photo_id, mark)",
    "CREATE INDEX mark_judgements_recent ON mark_judgements (district_id, mark, at)",
]
