"""Days of a district as they were counted, and how far its cases were followed."""

from piccolo.columns import UUID, BigInt, Text, Varchar
from piccolo.table import Table


class FigureHead(Table, tablename="figure_heads"):
    """Every change of a case up to the journal's `seq` is known here. `zone`: where the days began and ended."""

    district_id = UUID(primary_key=True, default=None)
    seq = BigInt(default=0)
    zone = Varchar(length=60)


class FigureDay(Table, tablename="figure_days"):
    """What was counted of the cases of one day (2026-11-16), by each way of cutting: JSON of `kept.Line`s. Null:
    a case of it has changed since, and it waits to be counted again."""

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    day = Varchar(length=10)
    by_unit = Text(null=True, default=None)
    by_class = Text(null=True, default=None)
    by_grid = Text(null=True, default=None)
    by_post = Text(null=True, default=None)
    by_source = Text(null=True, default=None)


class FigureCase(Table, tablename="figure_cases"):
    """On which days a case stood when it was last followed: whoever moves it changes these, too."""

    case_id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    due_day = Varchar(length=10, null=True, default=None)
    filed_day = Varchar(length=10, null=True, default=None)


INDEXES = [
    "CREATE UNIQUE INDEX figure_days_day ON figure_days (district_id, day)",
    "CREATE INDEX figure_days_waiting ON figure_days (district_id, day) WHERE by_unit IS NULL",
    "CREATE INDEX figure_cases_district ON figure_cases (district_id)",
]
