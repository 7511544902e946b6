"""What operating the installation leaves behind."""

from piccolo.columns import UUID, Boolean, Text, Timestamptz, Varchar
from piccolo.table import Table


class BackupRun(Table, tablename="backup_runs"):
    """A backup, a restore or a drill, tried. `kind`: backup, restore, drill; `words`: how it went."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=10)
    snapshot = Varchar(length=20, null=True, default=None)
    began_at = Timestamptz(default=None)
    ended_at = Timestamptz(default=None)
    ok = Boolean(default=False)
    words = Text()


INDEXES = ["CREATE INDEX backup_runs_kind ON backup_runs (kind, ok, began_at)"]
