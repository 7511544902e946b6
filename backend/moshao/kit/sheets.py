"""Sheets that people hand in: CSV as Excel and WPS save it, or XLSX. Only the first sheet, only text."""

import csv
import zipfile
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from moshao.kit import errors

ROWS_MOST = 20_000
COLUMNS_MOST = 200
# An XLSX is a zip: a small one may unpack to anything.
UNPACKED_MOST = 64 * 1024 * 1024
XLSX = b"PK\x03\x04"
ENCODINGS = ("utf-8-sig", "gb18030")

bad_sheet = errors.refusal("bad_sheet", 422, "表格无法读取，请用 CSV 或 XLSX，第一行为列名")


def read_sheet(content: bytes) -> list[dict[str, str]]:
    """Rows by the names in the first line, cells trimmed, empty rows left out but counted: row 2 is at index 0.

    Raises `bad_sheet`. Slow for large sheets: call it in a thread.
    """
    lines = _xlsx(content) if content.startswith(XLSX) else _csv(content)
    if not lines or len(lines) > ROWS_MOST or max(map(len, lines)) > COLUMNS_MOST:
        raise bad_sheet(f"1-{ROWS_MOST} rows, at most {COLUMNS_MOST} columns")
    head, *rows = lines
    if not any(head) or len(set(filter(None, head))) < len(list(filter(None, head))):
        raise bad_sheet("each column has its own name")
    return [dict(zip(head, [*row, *[""] * len(head)], strict=False)) for row in rows]


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            return [_trimmed(row) for row in csv.reader(StringIO(text, newline=""), strict=True)]
        except csv.Error as fault:
            raise bad_sheet(str(fault)) from fault
    raise bad_sheet("neither UTF-8 nor GB18030")


def _xlsx(content: bytes) -> list[list[str]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_MOST:
                raise bad_sheet("unpacks to too much")
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as fault:
        raise bad_sheet("no XLSX") from fault
    try:
        rows: Iterable[Sequence[Any]] = book.worksheets[0].iter_rows(values_only=True, max_row=ROWS_MOST + 1)
        return [_trimmed(row) for row in rows]
    except Exception as fault:  # whatever a broken workbook makes the parser trip over
        raise bad_sheet("no XLSX") from fault
    finally:
        book.close()


def _trimmed(cells: Sequence[Any]) -> list[str]:
    return ["" if cell is None else _text(cell).strip() for cell in cells]


def _text(cell: Any) -> str:
    """A staff number that the sheet took for a number loses its `.0`."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
