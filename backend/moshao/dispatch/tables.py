"""Which unit answers for a place, a class and an hour."""

from piccolo.columns import UUID, Integer, Text
from piccolo.table import Table


class DispatchRule(Table, tablename="dispatch_rules"):
    """The rule with the smallest `priority` that fits wins.

    `grids` and `classes`: JSON lists as in `duties` (grid or street codes, `kind:major[minor]` prefixes, or `["*"]`).
    Minutes from midnight in the district's zone, half open; `until_minute` ≤ `from_minute` runs over midnight,
    0 to 1440 is the whole day.
    """

    id = UUID(primary_key=True, default=None)
    district_id = UUID(default=None)
    priority = Integer()
    unit_id = UUID(default=None)
    grids = Text()
    classes = Text()
    from_minute = Integer(default=0)
    until_minute = Integer(default=1440)


INDEXES = ["CREATE INDEX dispatch_rules_district ON dispatch_rules (district_id, priority)"]
