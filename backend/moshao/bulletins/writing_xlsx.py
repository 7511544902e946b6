"""A bulletin as a workbook: its words on the first page, then a page for each table. Numbers are numbers."""

import re
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import Cell as BookCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from moshao.bulletins import wording
from moshao.bulletins.schemas import Cell, CellKind, Document, Sheet

# What a value is divided by to be what Excel takes it for, and how it shows it.
FORMATS: dict[CellKind, tuple[int, str]] = {
    "count": (1, "0"), "change": (1, "+0;-0;0"), "rate": (10_000, "0.00%"), "points": (10_000, "+0.00%;-0.00%;0.00%"),
    "score": (100, "0.00"), "hours": (3600, "0.0"), "hours_change": (3600, "+0.0;-0.0;0.0"),
}  # fmt: skip
NAME_MOST = 31
SIGNS_OF_A_SHARE = 5
LEAST_SIGNS = 10


def as_xlsx(document: Document) -> bytes:
    """Slow for large ones: call it in a thread."""
    book = Workbook()
    cover = book.active
    assert isinstance(cover, Worksheet)
    _cover(cover, document)
    for part in document.parts:
        for sheet in part.sheets:
            _sheet(book.create_sheet(_free_name(book, sheet.title)), sheet)
    notes = book.create_sheet(_free_name(book, wording.SHEET_NOTES))
    for at, words in enumerate(document.notes, 1):
        _say(notes.cell(at, 1), words)
    notes.column_dimensions["A"].width = 110
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _cover(cover: Worksheet, document: Document) -> None:
    cover.title = wording.SHEET_COVER
    cover.column_dimensions["A"].width = 110
    lines = [document.issuer, document.title, document.number, document.period, document.dated, ""]
    for part in document.parts:
        lines += [part.heading, *filter(None, part.words.split("\n"))]
        if part.section == "typical":
            lines += [f"{at}. {one.words}（{one.case_no}）" for at, one in enumerate(document.typical, 1)]
    heads = {document.title, *(part.heading for part in document.parts)}
    for at, words in enumerate(lines, 1):
        cell = cover.cell(at, 1)
        _say(cell, words)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=words in heads)


def _sheet(page: Worksheet, sheet: Sheet) -> None:
    for at, column in enumerate(sheet.columns, 1):
        _say(page.cell(1, at), column.name)
        page.cell(1, at).font = Font(bold=True)
        page.column_dimensions[get_column_letter(at)].width = max(LEAST_SIGNS, SIGNS_OF_A_SHARE * column.width)
    for row, cells in enumerate(sheet.rows, 2):
        for at, cell in enumerate(cells, 1):
            _write(page.cell(row, at), cell)
    page.freeze_panes = "A2"


def _write(place: BookCell, cell: Cell) -> None:
    if isinstance(cell.value, int):
        parts, shown = FORMATS[cell.kind]
        place.value = cell.value if parts == 1 else cell.value / parts
        place.number_format = shown
    elif cell.value is not None:
        _say(place, cell.value)


def _say(place: BookCell, words: str) -> None:
    """Words stay words, whatever they begin with."""
    place.value = words
    place.data_type = "s"


def _free_name(book: Workbook, title: str) -> str:
    name = re.sub(r"[\[\]:*?/\\']", "", title)[:NAME_MOST] or wording.SHEET_COVER
    number = 1
    while name in book.sheetnames:
        number += 1
        name = f"{name[: NAME_MOST - 3]} {number}"
    return name
