"""Read every case back with what was said and asked about it: each row is what its last journal line sealed."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from uuid import UUID

import msgspec

from moshao.cases.case import COLUMNS, case_of
from moshao.cases.sealed_rows import seal_of_case, seal_of_request, seal_of_verbatim, seal_of_words, verbatim_of
from moshao.kit.db import Database, Row, marks
from moshao.operate.verifying import FIRST, Fault

PAGE = 200
CASES = f"SELECT {COLUMNS}, verbatim FROM cases WHERE district_id = ? AND id > ? ORDER BY id LIMIT ?"
LINES = "SELECT case_id, seq, state, round, seals FROM journal_lines WHERE case_id IN ({ids}) ORDER BY seq"

GONE = """
    SELECT DISTINCT l.case_id FROM journal_lines l
    WHERE l.district_id = ? AND l.case_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = l.case_id AND c.district_id = ?)
"""


class Sealed(msgspec.Struct):
    """What the journal says of a case: its last line, and the last digest of each row, None where it is gone."""

    last: Row | None = None
    digests: dict[str, str | None] = {}


async def verify_cases(db: Database, district_id: UUID) -> AsyncIterator[Fault]:
    """Each case stands where its last journal line left it, byte for byte, with its words and requests."""
    last = FIRST
    while rows := await db.all(CASES, district_id, last, PAGE):
        last = rows[-1]["id"]
        sealed = await _read_journal(db, rows)
        beside: dict[UUID, dict[str, tuple[str, str]]] = defaultdict(dict)
        for row in await _of_cases(db, "case_words", rows):
            beside[row["case_id"]][str(row["id"])] = ("words", seal_of_words(row))
        for row in await _of_cases(db, "case_requests", rows):
            beside[row["case_id"]][str(row["id"])] = ("request", seal_of_request(row))
        for row in rows:
            for fault in (*_case_faults(row, sealed[row["id"]]), *_row_faults(row, sealed[row["id"]], beside)):
                yield fault

    for row in await db.all(GONE, district_id, district_id):
        yield Fault("case", str(row["case_id"]), "stands in the journal and is gone")


async def _read_journal(db: Database, rows: list[Row]) -> dict[UUID, Sealed]:
    found: dict[UUID, Sealed] = defaultdict(Sealed)
    for line in await db.all(LINES.format(ids=marks(len(rows))), *(row["id"] for row in rows)):
        sealed = found[line["case_id"]]
        sealed.last = line
        sealed.digests |= msgspec.json.decode(line["seals"] or "{}")
    return found


async def _of_cases(db: Database, table: str, rows: list[Row]) -> list[Row]:
    return await db.all(
        f"SELECT * FROM {table} WHERE case_id IN ({marks(len(rows))})", *(row["id"] for row in rows)
    )  # fmt: skip


def _case_faults(row: Row, sealed: Sealed) -> Iterable[Fault]:
    name, line, verbatim = row["case_no"], sealed.last, row.pop("verbatim")
    if line is None:
        yield Fault("case", name, "stands in no journal line")
        return
    if (line["state"], line["round"]) != (row["state"], row["round"]):
        yield Fault("case", name, f"is {row['state']}, the journal says {line['state']}")
    if line["seq"] != row["changed_seq"]:
        yield Fault("case", name, f"says line {row['changed_seq']}, the journal {line['seq']}")
    if sealed.digests.pop(str(row["id"]), None) != seal_of_case(case_of(row)):
        yield Fault("case", name, "has a row that does not have the digest that the journal sealed")
    digest = None if verbatim is None else seal_of_verbatim(row["id"], row["salt"], verbatim)
    if sealed.digests.pop(verbatim_of(row["id"]), None) != digest:
        yield Fault("case", name, "does not hold what upstream sent")


def _row_faults(row: Row, sealed: Sealed, beside: dict[UUID, dict[str, tuple[str, str]]]) -> Iterable[Fault]:
    """Words and requests: each is what its line sealed, and none is gone."""
    name, there = row["case_no"], beside[row["id"]]
    for row_id, (what, digest) in there.items():
        if sealed.digests.get(row_id) != digest:
            yield Fault(what, row_id, f"of {name} does not have the digest that the journal sealed")
    for row_id, expected in sealed.digests.items():
        if expected is not None and row_id not in there:
            yield Fault("row", row_id, f"of {name} is gone")
