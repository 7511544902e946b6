"""Every figure as one plain question over all cases of a period, written apart from what is tested."""

from datetime import datetime, timedelta
from typing import Any

from tests.world import World

DAY = timedelta(days=1)
REWORKED = "(SELECT DISTINCT case_id FROM journal_lines WHERE kind = 'reworked')"
DUE = (
    "c.deadline >= :start AND c.deadline < :end AND c.state NOT IN ('cancelled', 'rejected', 'shelved') "
    "AND c.flags NOT LIKE '% exempt %'"
)
DONE = "(c.handled_at IS NOT NULL OR c.state = 'closed')"
PLAIN = {
    "due": f"SELECT count(*) FROM cases c WHERE {DUE}",
    "closed": f"SELECT count(*) FROM cases c WHERE {DUE} AND c.state = 'closed'",
    "closed_on_time": f"SELECT count(*) FROM cases c WHERE {DUE} AND c.state = 'closed' AND c.on_time = :yes",
    "handled": f"SELECT count(*) FROM cases c WHERE {DUE} AND {DONE}",
    "handled_on_time": f"SELECT count(*) FROM cases c WHERE {DUE} AND {DONE} AND NOT c.handled_at > c.deadline",
    "worked_on": f"SELECT count(*) FROM cases c LEFT JOIN {REWORKED} r ON r.case_id = c.id "
    f"WHERE {DUE} AND ({DONE} OR r.case_id IS NOT NULL)",
    "reworked": f"SELECT count(*) FROM cases c JOIN {REWORKED} r ON r.case_id = c.id WHERE {DUE}",
    "received": "SELECT count(*) FROM cases c WHERE c.filed_at >= :start AND c.filed_at < :end",
    "extended": "SELECT count(*) FROM cases c WHERE c.filed_at >= :start AND c.filed_at < :end AND c.extensions >= 1",
    "handbacks": "SELECT coalesce(sum(c.handbacks), 0) FROM cases c WHERE c.filed_at >= :start AND c.filed_at < :end",
    "overdue_left": "SELECT count(*) FROM cases c WHERE c.deadline < :now AND c.clock_state = 'running' "
    "AND c.ended_at IS NULL AND c.state <> 'shelved' AND c.flags NOT LIKE '% exempt %'",
}


async def plainly(world: World, figure: str, days: tuple[str, str], now: datetime, more: str = "", *args: Any) -> int:
    zone = "+08:00"
    start = datetime.fromisoformat(f"{days[0]}T00:00:00{zone}")
    end = datetime.fromisoformat(f"{days[1]}T00:00:00{zone}") + DAY
    values: list[Any] = []
    words = PLAIN[figure].split(" ")
    for at, word in enumerate(words):
        for name, value in (("start", start), ("end", end), ("now", now), ("yes", True)):
            if word == f":{name}":
                words[at] = "?"
                values.append(value)
    number: int = await world.db.value(
        " ".join(words) + " AND c.district_id = ?" + more, *values, world.cast.district_id, *args
    )
    return number
