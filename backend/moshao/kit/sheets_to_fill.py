"""Workbooks that people are given to fill in and hand in again (`kit.sheets` reads them)."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

import openpyxl
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from moshao.kit.sheets import ROWS_MOST


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
