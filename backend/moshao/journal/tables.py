"""What happened, append-only. Timeline, bell, phone sync, upstream feedback and figures all read this."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class JournalHead(Table, tablename="journal_heads"):
    """The last number and digest of a district; locking its row is what makes the numbers gapless."""

    district_id = UUID(primary_key=True, default=None)
    seq = BigInt(default=0)
    digest = Varchar(length=64)
    epoch = Varchar(length=36)


class JournalLine(Table, tablename="journal_lines"):
    """One fact. `facts` is JSON of ids, codes, numbers and times only: never free text, names, phones, places.

    `content` is the SHA-256 (`sha256:…`) of the act or event that made the line; `digest` chains the lines. `seals`:
    JSON of the salted digests of the rows that the line leaves behind, by id; null: the row is gone.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    seq = BigInt()
    kind = Varchar(length=40)
    at = Timestamptz(default=None)
    done_at = Timestamptz(null=True, default=None)
    case_id = UUID(null=True, default=None)
    act_id = UUID(null=True, default=None)
    person_id = UUID(null=True, default=None)
    unit_id = UUID(null=True, default=None)
    round = Integer(default=0)
    state = Varchar(length=16, null=True, default=None)
    facts = Text()
    content = Varchar(length=80, null=True, default=None)
    seals = Text(null=True, default=None)
    digest = Varchar(length=64)


INDEXES = [
    "CREATE UNIQUE INDEX journal_lines_seq ON journal_lines (district_id, seq)",
    "CREATE INDEX journal_lines_case ON journal_lines (case_id, seq)",
]
