"""Sheets as offices make them."""

from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl

HEAD = ["案件编号", "大类", "小类", "问题描述", "位置描述", "经度", "纬度", "派遣时间", "处置截止时间", "处置部门"]


def a_row(number: str, **changed: Any) -> list[Any]:
    cells = dict(
        zip(
            HEAD,
            [number, "06", "010", "暴露垃圾", "东关大街 12 号", "112.5414", "32.9986", "2026-11-20 08:00",
             "2099-11-20 18:00", "东关街道"],
            strict=True,
        )
    )  # fmt: skip
    return list((cells | {"问题类型": "事件"} | changed).values())


def csv_of(*rows: list[Any], encoding: str = "utf-8-sig", head: list[str] | None = None) -> bytes:
    lines = [head or [*HEAD, "问题类型"], *rows]
    return "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines).encode(encoding)


def book_of(*lines: list[Any], merged: str = "") -> bytes:
    book, file = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    if merged:
        book.active.merge_cells(merged)
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, datetime):
                cell.number_format = "yyyy/m/d h:mm"
    book.save(file)
    return file.getvalue()
