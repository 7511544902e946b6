"""The report of a sheet as a sheet."""

from collections.abc import Iterable

from moshao.exchange.schemas import ReportedRow, SheetReport
from moshao.exchange.wording import FLAGS, REPORT_HEAD, STATUS, UNUSED
from moshao.kit.sheets import write_csv


def as_csv(report: SheetReport) -> bytes:
    """Row by row: taken, there already, refused with why."""
    return write_csv([REPORT_HEAD, *map(_line, report.rows)])


def in_words(report: SheetReport) -> str:
    """One line for whoever sits at the terminal."""
    counts = {status: getattr(report, status) for status in STATUS}
    return "，".join(f"{STATUS[status]} {count}" for status, count in counts.items())


def _line(row: ReportedRow) -> list[str]:
    return [
        str(row.line),
        row.key,
        STATUS[row.status],
        str(row.case_id or ""),
        row.detail,
        "；".join(_hints(row)),
    ]


def _hints(row: ReportedRow) -> Iterable[str]:
    yield from (FLAGS.get(flag, flag) for flag in row.warnings)
    if row.doubts:
        yield f"{UNUSED}：{'、'.join(row.doubts)}"
