"""Sheets that came, how far results were written, and the books compared with the platforms' own."""

from piccolo.columns import UUID, BigInt, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class ExchangeFile(Table, tablename="exchange_files"):
    """A sheet of cases that came. `origin` folder · desk · command; `state` taken · refused (unreadable, `code` why).

    `report`: JSON of `exchange.schemas.SheetReport`, as it was first answered. `by_id`: the person at the desk.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    upstream_id = UUID(default=None)
    name = Varchar(length=255)
    sha256 = Varchar(length=64)
    origin = Varchar(length=8)
    state = Varchar(length=8)
    code = Varchar(length=40, null=True, default=None)
    report = Text()
    by_id = UUID(null=True, default=None)
    heard_at = Timestamptz(default=None)


class ResultsWritten(Table, tablename="results_written"):
    """Up to which line of the journal the results of an upstream's cases lie in its folder."""

    id = UUID(primary_key=True, default=None)
    upstream_id = UUID(default=None)
    seq = BigInt()
    written_at = Timestamptz(default=None)


class Reconciliation(Table, tablename="reconciliations"):
    """Our book of one period beside an upstream's. `origin` sheet · query.

    The period is [from_at, until_at) by dispatch; without one nothing can be missing there. `theirs`, `ours`, `agree`:
    how many cases.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    upstream_id = UUID(default=None)
    origin = Varchar(length=8)
    name = Varchar(length=255)
    from_at = Timestamptz(null=True, default=None)
    until_at = Timestamptz(null=True, default=None)
    theirs = Integer()
    ours = Integer()
    agree = Integer()
    by_id = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)


class ReconciledLine(Table, tablename="reconciled_lines"):
    """A difference. `kind` missing_here · missing_there · other_state · other_deadline · other_on_time.

    `ours`, `theirs`: JSON, what each says; `said`: their line whole. `settled` resend · take · note.
    """

    id = UUID(primary_key=True, default=None)
    reconciliation_id = UUID(default=None)
    kind = Varchar(length=16)
    external_case_id = Varchar(length=200)
    case_id = UUID(null=True, default=None)
    ours = Text(null=True, default=None)
    theirs = Text(null=True, default=None)
    said = Text()
    settled = Varchar(length=8, null=True, default=None)
    words = Text(null=True, default=None)
    settled_by = UUID(null=True, default=None)
    settled_at = Timestamptz(null=True, default=None)


INDEXES = [
    "CREATE UNIQUE INDEX exchange_files_once ON exchange_files (upstream_id, sha256)",
    "CREATE INDEX exchange_files_heard ON exchange_files (district_id, heard_at)",
    "CREATE UNIQUE INDEX results_written_once ON results_written (upstream_id)",
    "CREATE INDEX reconciliations_made ON reconciliations (district_id, made_at)",
    "CREATE UNIQUE INDEX reconciled_lines_once ON reconciled_lines (reconciliation_id, kind, external_case_id)",
]
