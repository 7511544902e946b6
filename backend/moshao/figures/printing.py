"""The figures as a sheet: XLSX with the definitions on a page of their own, or CSV as Excel and WPS open it."""

import csv
from io import BytesIO, StringIO
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.styles import Font

from moshao.figures.measures import MEASURES, RATES
from moshao.figures.schemas import FigureRow, FiguresAnswer
from moshao.figures.wording import (
    DEFINITION_COLUMNS,
    FIRST_COLUMN,
    HOURS,
    PERIOD,
    SAYINGS,
    SHEET_DEFINITIONS,
    SHEET_FIGURES,
)

Cell = str | int | float | None
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def as_xlsx(answer: FiguresAnswer, zone: str) -> bytes:
    """Numbers are numbers, rates are fractions shown in per cent. Slow for large ones: call it in a thread."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET_FIGURES
    sheet.append([_period(answer, zone)])
    sheet.append(_head(answer))
    for line in (answer.total, *answer.rows):
        sheet.append(_row(line))
    for row in sheet.iter_rows(min_row=3, min_col=2 + len(MEASURES)):
        for cell in row:
            cell.number_format = "0.00%"
    for (cell,) in sheet.iter_rows(min_row=3, min_col=2 + len(MEASURES) + len(RATES)):
        cell.number_format = "0.0"
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet.column_dimensions["A"].width = 32
    sheet.freeze_panes = "B3"
    says = book.create_sheet(SHEET_DEFINITIONS)
    says.append(DEFINITION_COLUMNS)
    for saying in SAYINGS.values():
        says.append((saying.zh, saying.says_zh))
    says.column_dimensions["A"].width, says.column_dimensions["B"].width = 16, 90
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def as_csv(answer: FiguresAnswer) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    written = StringIO()
    sheet = csv.writer(written)
    sheet.writerow(_head(answer))
    sheet.writerows(_row(line) for line in (answer.total, *answer.rows))
    return written.getvalue().encode("utf-8-sig")


def _period(answer: FiguresAnswer, zone: str) -> str:
    as_of = answer.as_of.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
    return PERIOD.format(first=answer.from_, last=answer.to, as_of=as_of)


def _head(answer: FiguresAnswer) -> list[str]:
    return [
        FIRST_COLUMN[answer.by],
        *(SAYINGS[name].zh for name in (*MEASURES, *RATES)),
        f"{SAYINGS['median_s'].zh}{HOURS}",
    ]


def _row(line: FigureRow) -> list[Cell]:
    counts: list[Cell] = [getattr(line, name) for name in MEASURES]
    rates = [getattr(line, name) for name in RATES]
    return [_text(line), *counts, *(None if one is None else one / 10_000 for one in rates), _hours(line.median_s)]


def _hours(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / 3600


def _text(line: FigureRow) -> str:
    """Indented as the tree; a name that a sheet would take for a formula stays a name."""
    name = "　" * line.depth + line.name
    return f"'{name}" if name.startswith(_FORMULA_SIGNS) else name
