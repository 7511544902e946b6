"""Bulletins as they were drafted and published, and the letterhead of a district."""

from piccolo.columns import UUID, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table


class Bulletin(Table, tablename="bulletins"):
    """`period` day · week · month · quarter, from the day `first` to the day `last` (2026-11-16). `state` draft ·
    published · dropped (a draft nobody wanted: the worker makes no other). `revision` rises with each change.

    `contents`: JSON of `schemas.Contents`, all numbers as counted at `counted_at`. `words`: JSON, section → what
    somebody wrote instead of the drafted words. `typical`: JSON list of `schemas.Typical`. A published one has the
    `number` of its `year`, and in `files` (JSON, format → SHA-256) the bytes it was published as.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    period = Varchar(length=8)
    first = Varchar(length=10)
    last = Varchar(length=10)
    state = Varchar(length=10, default="draft")
    revision = Integer(default=1)
    contents = Text()
    words = Text(default="{}")
    typical = Text(default="[]")
    year = Integer(null=True, default=None)
    number = Integer(null=True, default=None)
    files = Text(default="{}")
    counted_at = Timestamptz(default=None)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    changed_at = Timestamptz(default=None)
    changed_by = UUID(null=True, default=None)
    published_at = Timestamptz(null=True, default=None)
    published_by = UUID(null=True, default=None)


class BulletinTemplate(Table, tablename="bulletin_templates"):
    """The DOCX into which a district's bulletins are written, by its SHA-256 in the store."""

    district_id = UUID(primary_key=True, default=None)
    sha256 = Varchar(length=64)
    put_at = Timestamptz(default=None)
    put_by = UUID(default=None)


INDEXES = [
    "CREATE UNIQUE INDEX bulletins_period ON bulletins (district_id, period, first)",
    "CREATE UNIQUE INDEX bulletins_number ON bulletins (district_id, period, year, number)",
]
