"""Reads about reconciliations."""

from uuid import UUID

import msgspec

from moshao.exchange.book_schemas import ReconciledLineView, ReconciliationAnswer, ReconciliationView
from moshao.kit import errors
from moshao.kit.db import Database, Reader, Row

LISTED_MOST = 200
_SQL = """
SELECT r.*, u.name AS upstream,
       (SELECT count(*) FROM reconciled_lines l WHERE l.reconciliation_id = r.id) AS differences,
       (SELECT count(*) FROM reconciled_lines l WHERE l.reconciliation_id = r.id AND l.settled IS NULL) AS open
FROM reconciliations r JOIN upstreams u ON u.id = r.upstream_id WHERE r.district_id = ?
"""


async def list_books(reader: Reader | Database, district_id: UUID) -> list[ReconciliationView]:
    """The latest first."""
    rows = await reader.all(f"SELECT * FROM ({_SQL}) AS book ORDER BY made_at DESC LIMIT ?", district_id, LISTED_MOST)
    return [_view(row) for row in rows]


async def find_book(reader: Reader | Database, district_id: UUID, reconciliation_id: UUID) -> ReconciliationAnswer:
    """Raises `not_found`."""
    row = await reader.one(f"{_SQL} AND r.id = ?", district_id, reconciliation_id)
    if row is None:
        raise errors.not_found()
    lines = await reader.all(
        "SELECT id, kind, external_case_id, case_id, ours, theirs, settled, words, settled_at FROM reconciled_lines "
        "WHERE reconciliation_id = ? ORDER BY settled_at IS NOT NULL, kind, external_case_id",
        reconciliation_id,
    )
    shown = [msgspec.convert(line, ReconciledLineView) for line in lines]
    return ReconciliationAnswer(reconciliation=_view(row), lines=shown)


def _view(row: Row) -> ReconciliationView:
    return msgspec.convert({member: row[member] for member in ReconciliationView.__struct_fields__}, ReconciliationView)
