"""What the server remembers of who follows the journal."""

from piccolo.columns import UUID, BigInt, Timestamptz, Varchar
from piccolo.table import Table


class SyncCursor(Table, tablename="sync_cursors"):
    """Under what a client (a device, else a browser's session) and person began to follow.

    `epoch` and `roster` as they were then: where one differs now, the client starts again. `until`: the journal's
    end when it began; up to there it is being filled, and what left a list before needs no mention.
    """

    id = UUID(primary_key=True, default=None)
    client_id = UUID(default=None)
    person_id = UUID(default=None)
    epoch = Varchar(length=36)
    roster = BigInt()
    until = BigInt()
    made_at = Timestamptz(default=None)


INDEXES = [
    "CREATE UNIQUE INDEX sync_cursors_client ON sync_cursors (client_id, person_id)",
    "CREATE INDEX sync_cursors_made ON sync_cursors (made_at)",
]
