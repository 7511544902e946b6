import pytest

from moshao.catalogue.rules import ClassLimit
from moshao.catalogue.sheets import ClassLine, limits_of, read_classes, rows_of

HEAD = "kind,major,minor,name_zh,maps_to,component,self_handling,limits,remark\n"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("event,06,010,垃圾", "kind"),
        ("matter,6,010,垃圾", "major"),
        ("matter,06,10a,垃圾", "minor"),
        ("matter,06,0100,垃圾", "minor"),
        ("matter,０６,010,垃圾", "major"),
        ("matter,06,010,", "name_zh"),
        ("matter,06,010", "name_zh"),
        ("matter,06,010,垃圾,06010", "maps_to"),
        ("matter,06,010,垃圾,,x", "component"),
        ("matter,06,010,垃圾,,,yes", "self_handling"),
        ("matter,06,010,垃圾,,,,2h", "limits"),
        ("matter,06,010,垃圾,,,,0uh", "limits"),
        ("matter,06,010,垃圾,,,,10000uh", "limits"),
        ("matter,06,001,垃圾", "minor"),  # named twice
    ],
)
def test_faults_are_named_by_row_and_column_and_the_rest_is_read(row: str, column: str) -> None:
    lines, faults = read_classes(rows_of(HEAD + "matter,06,001,私搭乱建\n" + row + "\n"))
    assert [(fault.line, fault.column) for fault in faults] == [(3, column)]
    assert faults[0].detail
    assert [line.key for line in lines] == [("matter", "06001")]


def test_sound_row_with_everything() -> None:
    text = "\ufeff" + HEAD + " matter , 06,010,暴露垃圾,matter:06010,01001,1, 2uh  4wh 1ud 9999wd ,备注,more\n"
    [line], faults = read_classes(rows_of(text))
    assert not faults
    assert line == ClassLine(
        kind="matter",
        major="06",
        minor="010",
        name_zh="暴露垃圾",
        maps_to="matter:06010",
        component="01001",
        self_handling=True,
        limits=(
            ClassLimit(2, "urgent_hour"),
            ClassLimit(4, "work_hour"),
            ClassLimit(1, "urgent_day"),
            ClassLimit(9999, "work_day"),
        ),
    )


def test_no_limits_is_no_fault() -> None:
    assert limits_of("") == ()


@pytest.mark.parametrize("text", ["", "kind,major\n", "一\n二\n"])
def test_sheet_without_rows_that_make_sense(text: str) -> None:
    lines, _ = read_classes(rows_of(text))
    assert not lines
