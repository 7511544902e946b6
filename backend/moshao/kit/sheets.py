"""Sheets that people hand in: CSV as Excel and WPS save it, or XLSX. Only the first sheet, only text.

And those that they are given to fill in and hand in again.
"""

import csv
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from typing import Any

import openpyxl
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

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


def write_sheet(
    name: str, head: Sequence[str], rows: Iterable[Sequence[str]], lists_name: str, lists: Mapping[str, Sequence[str]]
) -> bytes:
    """An XLSX of texts, that `read_sheet` reads as it was. `lists` stand on a second page; where one is named like a
    column, its cells offer it to choose from. Slow for large sheets: call it in a thread."""
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = name
    second = book.create_sheet(lists_name)
    _fill(page, [head, *rows])
    longest = max((len(entries) for entries in lists.values()), default=0)
    columns = [[*entries, *[""] * (longest - len(entries))] for entries in lists.values()]
    _fill(second, [list(lists), *(list(line) for line in zip(*columns, strict=True))])
    for at, (column, entries) in enumerate(lists.items(), start=1):
        if column in head and entries:
            letter = second.cell(1, at).column_letter
            choice = DataValidation("list", formula1=f"'{lists_name}'!${letter}$2:${letter}${len(entries) + 1}")
            choice.showErrorMessage = False
            page.add_data_validation(choice)
            letter = page.cell(1, head.index(column) + 1).column_letter
            choice.add(f"{letter}2:{letter}{ROWS_MOST}")
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(page: Worksheet, lines: Iterable[Sequence[str]]) -> None:
    """Every cell is text, also one that looks like a number or a formula."""
    for number, line in enumerate(lines, start=1):
        for at, text in enumerate(line, start=1):
            if text:
                cell = page.cell(number, at)
                cell.value = text
                cell.data_type, cell.number_format = "s", "@"
                if number == 1:
                    cell.font = Font(bold=True)
    for column in page.iter_cols(min_row=1, max_row=1):
        page.column_dimensions[column[0].column_letter].width = 18
    page.freeze_panes = "A2"


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
