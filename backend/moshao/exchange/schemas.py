"""What becomes of a sheet, line by line."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

RowStatus = Literal["new", "changed", "same", "ended", "refused"]


class ReportedRow(msgspec.Struct, kw_only=True):
    """`line` as the sheet counts. `warnings`: flags of the case; `doubts`: columns that could not be used."""

    line: int
    key: str
    status: RowStatus
    case_id: UUID | None = None
    code: str = ""
    detail: str = ""
    warnings: list[str] = []
    doubts: list[str] = []


class SheetReport(msgspec.Struct, kw_only=True):
    """`file_id`: the sheet on record. `seen_before`: the same bytes came already, and this is what was answered."""

    file_id: UUID | None = None
    name: str
    new: int
    changed: int
    same: int
    ended: int
    refused: int
    rows: list[ReportedRow]
    seen_before: bool = False


class ExchangeFileView(msgspec.Struct, kw_only=True):
    """A sheet that came, without its rows. `state` taken · refused; `code`: why it could not be read."""

    id: UUID
    upstream: str
    name: str
    sha256: str
    origin: str
    state: str
    code: str | None
    new: int
    changed: int
    same: int
    ended: int
    refused: int
    heard_at: datetime


class ExchangeFileList(msgspec.Struct):
    files: list[ExchangeFileView]
