"""What people suggested, and the answers."""

from piccolo.columns import UUID, Text, Timestamptz, Varchar
from piccolo.table import Table


class Suggestion(Table, tablename="suggestions"):
    """`id` is the act's, and what its photos are filed under. `app`: JSON of `AppState`, null where he did not want to
    tell. `answered_at` is null as long as it is open; `seen_at`: when he had the answer before him."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    person_id = UUID(default=None)
    kind = Varchar(length=20)
    words = Text(null=True, default=None)
    photos = Text(default="[]")
    app = Text(null=True, default=None)
    made_at = Timestamptz(default=None)
    heard_at = Timestamptz(default=None)
    answer = Text(null=True, default=None)
    answered_by = UUID(null=True, default=None)
    answered_at = Timestamptz(null=True, default=None)
    seen_at = Timestamptz(null=True, default=None)


INDEXES = [
    "CREATE INDEX suggestions_open ON suggestions (district_id, id) WHERE answered_at IS NULL",
    "CREATE INDEX suggestions_district ON suggestions (district_id, id)",
    "CREATE INDEX suggestions_person ON suggestions (person_id, id)",
]
