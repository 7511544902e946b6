"""Sheets as people hand them in."""

import zipfile
from io import BytesIO

import openpyxl
import pytest

from moshao.kit.errors import Refused
from moshao.kit.sheets import read_sheet

TEXT = '工号,姓名\r\n001, 老张 \r\n,\r\n002,"刘, 二"\r\n'
ROWS = [{"工号": "001", "姓名": "老张"}, {"工号": "", "姓名": ""}, {"工号": "002", "姓名": "刘, 二"}]


def xlsx(*lines: list[object]) -> bytes:
    book, file = openpyxl.Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(encoding: str) -> None:
    assert read_sheet(TEXT.encode(encoding)) == ROWS


def test_xlsx() -> None:
    content = xlsx(["工号", "姓名"], ["001", " 老张 "], [None, None], [2.0, True])
    assert read_sheet(content) == [*ROWS[:2], {"工号": "2", "姓名": "True"}]


def test_short_and_long_rows() -> None:
    assert read_sheet(b"a,b\n1\n1,2,3\n") == [{"a": "1", "b": ""}, {"a": "1", "b": "2"}]


def bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 80_000_000)
    return file.getvalue()


BAD = {
    "empty": b"",
    "no head": b",,\n1,2,3\n",
    "a name twice": b"a,a\n1,2\n",
    "no text": b"\xff\xfe\xff",
    "an open quote": b'a,b\n"1,2\n',
    "no workbook": b"PK\x03\x04 and nothing more",
    "cut off": xlsx(["a"], ["1"])[:-40],
    "a bomb": bomb(),
    "too wide": ",".join(map(str, range(300))).encode(),
    "too long": b"a\n" + b"1\n" * 20_001,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD.keys())
def test_what_is_no_sheet(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_sheet(content)
    assert refused.value.kind.code == "bad_sheet"
