"""Sheets that people hand in and get: CSV as Excel and WPS save it, or XLSX. Only the first sheet."""

import csv
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from typing import Any

import openpyxl

from moshao.kit import errors

ROWS_MOST = 20_000
COLUMNS_MOST = 200
# An XLSX is a zip: a small one may unpack to anything.
UNPACKED_MOST = 64 * 1024 * 1024
XLSX = b"PK\x03\x04"
# A workbook of before 2007, which no library of ours reads.
XLS = b"\xd0\xcf\x11\xe0"
ENCODINGS = ("utf-8-sig", "gb18030")
# Excel's "Unicode text" is UTF-16 with tabs.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
DELIMITERS = "\t;"
# A cell holds 15 digits; what a longer number ends in is lost.
DIGITS_MOST = 15
# What a broken formula shows.
CELL_FAULTS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# What no cell of a workbook can hold.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

# Text; or what the workbook says is a moment, a day where its format shows no hours.
SheetCell = str | datetime | date

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


def read_cells(content: bytes, most: int = ROWS_MOST) -> list[list[SheetCell]]:
    """The lines as they stand there, heads included, cells trimmed; of formulas what they last showed.

    A number with more digits than a cell can hold comes as `1.23E+17`, so that nobody takes it for whole.
    Raises `bad_sheet`. Slow for large sheets: call it in a thread.
    """
    lines: list[list[SheetCell]]
    if content.startswith(XLS):
        raise bad_sheet("旧版 .xls，请另存为 .xlsx")
    if content.startswith(XLSX):
        lines = _cells(content, most)
    else:
        lines = [[_shown(cell) for cell in row] for row in _csv(content)]
    if len(lines) > most or max(map(len, lines), default=0) > COLUMNS_MOST:
        raise bad_sheet(f"1-{most} rows, at most {COLUMNS_MOST} columns")
    return lines


def write_csv(lines: Iterable[Sequence[str]]) -> bytes:
    """A CSV that Excel and WPS open as it is. What a sheet would take for a formula stays text."""
    written = StringIO(newline="")
    csv.writer(written).writerows([harmless(cell) for cell in line] for line in lines)
    return written.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """The text as a cell that computes nothing."""
    text = UNPRINTABLE.sub("", text)
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_SIGNS) or text.startswith(FORMULA_SIGNS) else text


def _csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-16",) if content.startswith(UTF_16) else ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            lines = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
            return [_trimmed(row) for row in lines]
        except csv.Error as fault:
            raise bad_sheet(str(fault)) from fault
    raise bad_sheet("neither UTF-8 nor GB18030")


def _delimiter(text: str) -> str:
    """A comma, unless the first lines have none and as many of another."""
    first = text[:2000]
    return next((sign for sign in DELIMITERS if sign in first and "," not in first), ",")


def _xlsx(content: bytes) -> list[list[str]]:
    return [_trimmed(row) for row in _rows(content, ROWS_MOST, values_only=True)]


def _cells(content: bytes, most: int) -> list[list[SheetCell]]:
    return [[_cell(cell) for cell in row] for row in _rows(content, most, values_only=False)]


def _rows(content: bytes, most: int, *, values_only: bool) -> list[Sequence[Any]]:
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > UNPACKED_MOST:
                raise bad_sheet("unpacks to too much")
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError) as fault:
        raise bad_sheet("no XLSX") from fault
    try:
        # A single cell far to the right would make every row as wide.
        rows = book.worksheets[0].iter_rows(values_only=values_only, max_row=most + 1, max_col=COLUMNS_MOST + 1)
        return [_without_tail(row, values_only=values_only) for row in rows]
    except Exception as fault:  # whatever a broken workbook makes the parser trip over
        raise bad_sheet("no XLSX") from fault
    finally:
        book.close()


def _without_tail(row: Sequence[Any], *, values_only: bool) -> Sequence[Any]:
    width = len(row)
    while width and (row[width - 1] if values_only else row[width - 1].value) is None:
        width -= 1
    return row[:width]


def _trimmed(cells: Sequence[Any]) -> list[str]:
    return ["" if cell is None else _text(cell).strip() for cell in cells]


def _text(cell: Any) -> str:
    """A staff number that the sheet took for a number loses its `.0`."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _cell(cell: Any) -> SheetCell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        is_day = value.time() == time() and "h" not in str(cell.number_format).lower()
        return value.date() if is_day else value
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value)
    return _shown(str(value).strip())


def _number(value: float) -> str:
    if not float(value).is_integer():
        return repr(value)
    if len(str(abs(int(value)))) > DIGITS_MOST:
        return f"{value:.{DIGITS_MOST - 1}E}"
    return str(int(value))


def _shown(text: str) -> str:
    return "" if text in CELL_FAULTS else text
