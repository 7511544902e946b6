"""Years of ended cases, put on record by the database itself: act by act it would take days."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from moshao.cases.case import COLUMNS, lock_case
from moshao.cases.moving import Step, move
from moshao.kit import clock
from moshao.kit.db import Tx
from tests.bench.town import Town

LONG_AGO = timedelta(days=90)
A_DAY = 389  # cases, as Wancheng has
AT_ONCE = 100_000
# Rows of the journal, the cases and their three lists must not have each other's ids.
LINE, CASE, HANDED, UNIT, CENTRE = range(1, 6)

_NUMBERS = {
    "sqlite": "WITH RECURSIVE numbers(n) AS (SELECT {0} + 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {1})",
    "postgres": "WITH numbers AS (SELECT n FROM generate_series({0} + 1, {1}) AS n)",
}
_ID = {
    "sqlite": "printf('0000000{}-0000-7000-8000-%012x', n)",
    "postgres": "('0000000{}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
}


_BEFORE = {
    "sqlite": "(datetime('{0:%Y-%m-%d %H:%M:%S}', '-' || ({1}) || ' seconds') || '+00:00')",
    "postgres": "(TIMESTAMPTZ '{0:%Y-%m-%d %H:%M:%S+00}' - ({1}) * INTERVAL '1 second')",
}


async def add_days(town: Town, count: int) -> None:
    """So many cases that were closed, the newest yesterday, and before it 389 a day; one of 50 was late."""
    head = await town.db.value("SELECT seq FROM journal_heads WHERE district_id = ?", town.district_id)
    newest, ago = clock.now() - timedelta(days=1), f"(n - {head}) * 86400 / {A_DAY}"

    def before(more: str = "0") -> str:
        return _BEFORE[town.db.dialect].format(newest, f"{ago} + {more}")

    own = {
        "deadline": before(), "filed_at": before("86400"), "dispatched_at": before("86400"),
        "handled_at": before("600 * (n % 100) - 1200"), "ended_at": before("600 * (n % 100) - 1200"),
        "on_time": "(n % 50 <> 0)", "round": "1 + (CASE WHEN n % 20 = 0 THEN 1 ELSE 0 END)",
        "grid_code": "CAST(411302000000000 + n % 1500 AS TEXT)",
    }  # fmt: skip
    await add_history(town, count, own)


async def add_history(town: Town, count: int, columns: Mapping[str, str] = {}) -> None:
    """So many cases that the town's handlers did in turn and that were closed long ago, with lists and journal.

    Each is a copy of one that was really closed, under numbers of its own; `columns`: expressions of its number `n`.
    """
    ((pattern, _),) = await town.put(1, lambda _: town.handlers[0])
    await town.db.write(lambda tx: _close(tx, town, pattern.id))
    await town.db.write(lambda tx: _number_handlers(tx, town))
    head = await town.db.value("SELECT seq FROM journal_heads WHERE district_id = ?", town.district_id)
    for start in range(head, head + count, AT_ONCE):
        end = min(start + AT_ONCE, head + count)
        await town.db.write(lambda tx, start=start, end=end: _copy(tx, town, pattern.id, start, end, columns))  # type: ignore[misc]
    await town.db.write(lambda tx: tx.run("DROP TABLE doers"))
    if town.db.dialect == "postgres":
        await town.db.write(lambda tx: tx.run("ANALYZE"))  # as autovacuum does in its time


async def _close(tx: Tx, town: Town, case_id: UUID) -> None:
    case = await lock_case(tx, case_id)
    assert case is not None
    changes = {
        "state": "closed", "ended_at": clock.now() - LONG_AGO, "clock_state": "stopped", "next_at": None,
        "handled_by": town.handlers[0].person_id,
    }  # fmt: skip
    await move(tx, case, Step(kind="closed", changes=changes))


async def _number_handlers(tx: Tx, town: Town) -> None:
    await tx.run("CREATE TABLE doers (place BIGINT PRIMARY KEY, person_id UUID, unit_id UUID)")
    rows = [(place, handler.person_id, handler.unit_id) for place, handler in enumerate(town.handlers)]
    await tx.many("INSERT INTO doers VALUES (?, ?, ?)", rows)


async def _copy(tx: Tx, town: Town, pattern: UUID, start: int, end: int, columns: Mapping[str, str]) -> None:
    """Copies of the case `pattern` that changed last by the lines after `start` up to `end`."""
    numbers, made = _NUMBERS[tx.dialect].format(start, end), _ID[tx.dialect].format
    doers = f"JOIN doers ON place = n % {len(town.handlers)}"
    own = {
        "id": made(CASE), "case_no": "'h' || n", "changed_seq": "n", "handler_id": "doers.person_id",
        "handled_by": "doers.person_id", "unit_id": "doers.unit_id",
        **columns,
    }  # fmt: skip
    values = ", ".join(own.get(name, f"pattern.{name}") for name in COLUMNS.split(", "))
    await tx.run(
        f"INSERT INTO cases ({COLUMNS}) {numbers} SELECT {values} FROM numbers {doers} "
        "JOIN cases pattern ON pattern.id = ?",
        pattern,
    )
    await tx.run(
        "INSERT INTO journal_lines (id, district_id, seq, kind, at, case_id, round, state, facts, digest) "
        f"{numbers} SELECT {made(LINE)}, district_id, n, kind, at, {made(CASE)}, round, state, facts, digest "
        "FROM numbers JOIN journal_lines pattern ON pattern.case_id = ? AND pattern.kind = 'closed'",
        pattern,
    )
    centre = await tx.value("SELECT id FROM units WHERE district_id = ? AND kind = 'district'", town.district_id)
    for kind, scope, why in (
        (HANDED, "doers.person_id", "handed"),
        (UNIT, "doers.unit_id", "unit"),
        (CENTRE, f"'{centre}'", "unit"),
    ):
        scope_id = scope if tx.dialect == "sqlite" else f"{scope}::uuid"
        await tx.run(
            "INSERT INTO case_scopes (id, case_id, scope_id, why, current, given_at, ended_at, changed_seq) "
            f"{numbers} SELECT {made(kind)}, {made(CASE)}, {scope_id}, '{why}', true, dispatched_at, ended_at, n "
            f"FROM numbers {doers} JOIN cases pattern ON pattern.id = ?",
            pattern,
        )
    await tx.run("UPDATE journal_heads SET seq = ? WHERE district_id = ?", end, town.district_id)
