"""Reads about sheets that came."""

from uuid import UUID

import msgspec

from moshao.exchange.schemas import ExchangeFileView, SheetReport
from moshao.kit import errors
from moshao.kit.db import Database, Reader
from moshao.upstream.queries import Upstream, find_upstream

FILES_MOST = 200


async def upstream_of(reader: Reader | Database, district_id: UUID, name: str) -> Upstream:
    """The upstream, if it is the district's. Raises `not_found`."""
    found = await find_upstream(reader, name)
    if found is None or found.district_id != district_id:
        raise errors.not_found()
    return found


async def list_files(reader: Reader | Database, district_id: UUID) -> list[ExchangeFileView]:
    rows = await reader.all(
        "SELECT f.id, u.name AS upstream, f.name, f.sha256, f.origin, f.state, f.code, f.report, f.heard_at "
        "FROM exchange_files f JOIN upstreams u ON u.id = f.upstream_id "
        "WHERE f.district_id = ? ORDER BY f.heard_at DESC, f.id DESC LIMIT ?",
        district_id, FILES_MOST,
    )  # fmt: skip
    views = []
    for row in rows:
        report = msgspec.json.decode(row.pop("report"), type=_Counts)
        views.append(msgspec.convert({**row, **msgspec.structs.asdict(report)}, ExchangeFileView))
    return views


async def find_report(reader: Reader | Database, district_id: UUID, file_id: UUID) -> SheetReport:
    """Raises `not_found`."""
    text = await reader.value(
        "SELECT report FROM exchange_files WHERE id = ? AND district_id = ?", file_id, district_id
    )
    if text is None:
        raise errors.not_found()
    return msgspec.json.decode(text, type=SheetReport)


class _Counts(msgspec.Struct):
    """Of a report, without its rows."""

    new: int
    changed: int
    same: int
    ended: int
    refused: int
