"""What the machinery itself remembers: work still to be done, which worker does what, versions of what is kept."""

from piccolo.columns import UUID, BigInt, Boolean, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Job(Table, tablename="jobs"):
    """Work asked for and not yet done; a finished job is no row. `payload` is JSON.

    `due_at` is when it may be taken; taking it moves `due_at` to the end of the lease, so that the job of a
    worker that died comes up again by itself. `asked` counts how often it was asked for, `tries` how often it
    was taken since it last went well.
    """

    id = UUID(primary_key=True, default=None)
    queue = Varchar(length=40)
    key = Varchar(length=200)
    payload = Text()
    asked = BigInt(default=1)
    tries = Integer(default=0)
    due_at = Timestamptz(default=None)
    lease = UUID(null=True, default=None)
    dead = Boolean(default=False)
    error = Text(null=True, default=None)
    made_at = Timestamptz(default=None)


class Lease(Table, tablename="leases"):
    """Which worker does a standing task, until when, and how it goes. `failures` in a row, `error` the last."""

    name = Varchar(length=40, primary_key=True)
    holder = UUID(null=True, default=None)
    until = Timestamptz(default=None)
    ran_at = Timestamptz(null=True, default=None)
    failures = Integer(default=0)
    error = Text(null=True, default=None)


class Version(Table, tablename="versions"):
    """Which content a kept value was read from (kept.py): a random token per subject and owner."""

    name = Varchar(length=80, primary_key=True)
    token = UUID(default=None)


INDEXES = [
    "CREATE UNIQUE INDEX jobs_key ON jobs (queue, key)",
    "CREATE INDEX jobs_due ON jobs (queue, dead, due_at)",
]
