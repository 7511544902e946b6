"""The folder of a platform: whole sheets in, reports and results out, nothing lost and nothing doubled."""

import csv
import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from moshao.exchange.folder import SHEET_MOST, Folders
from moshao.kit import clock
from moshao.upstream.making import change_settings
from moshao.upstream.settings import UpstreamSettings
from tests.api.evidence.pictures import jpeg
from tests.api.exchange.sheets import a_row, book_of, csv_of
from tests.api.upstream.ear import a_day
from tests.api.upstream.platform import Platform
from tests.world import the_app


class Office:
    """The platform's office: it puts sheets into its folder; `look` is what the worker does every few seconds."""

    def __init__(self, city: Platform, root: Path) -> None:
        self.city = city
        self.root = root / "city"
        self.settings = msgspec.structs.replace(city.world.settings, exchange=root)
        self.started_anew()

    def started_anew(self) -> None:
        self.folders = Folders(the_app().state.evidence, self.settings)

    async def look(self, times: int = 2) -> None:
        for _ in range(times):
            await self.folders.look()

    def put(self, name: str, content: bytes) -> Path:
        path = self.root / "in" / name
        path.write_bytes(content)
        return path

    def names(self, drawer: str) -> list[str]:
        return sorted(path.name for path in (self.root / drawer).iterdir())

    def out(self, start: str) -> list[list[str]]:
        """The lines of the sheets whose names begin so, heads left out."""
        lines: list[list[str]] = []
        for path in sorted((self.root / "out").glob(f"{start}*.csv")):
            lines += list(csv.reader(path.read_text("utf-8-sig").splitlines()))[1:]
        return lines

    async def agree(self, **settings: object) -> None:
        agreed = UpstreamSettings(folder=True, **settings)  # type: ignore[arg-type]
        await self.city.world.db.write(lambda tx: change_settings(tx, "city", agreed))

    async def cases(self) -> int:
        return int(await self.city.world.db.value("SELECT count(*) FROM cases WHERE external_case_id LIKE 'S-%'"))


@pytest.fixture
async def office(city: Platform, tmp_path: Path) -> Office:
    made = Office(city, tmp_path / "exchange")
    await made.agree()
    await made.look(1)
    return made


async def test_a_sheet_in_a_report_out(office: Office) -> None:
    office.put("派遣单.csv", csv_of(a_row("S-1"), a_row(""), encoding="gb18030"))
    await office.look()
    assert office.names("in") == office.names("bad") == []
    assert len(office.names("done")) == 1
    assert [(line[0], line[1], line[2]) for line in office.out("派遣单")] == [
        ("2", "S-1", "已接收"),
        ("3", "", "未接收"),
    ]
    assert await office.cases() == 1


async def test_the_same_sheet_again_doubles_nothing(office: Office) -> None:
    for name in ("a.csv", "b.csv", "a.csv"):
        office.put(name, csv_of(a_row("S-1")))
        await office.look()
    assert await office.cases() == 1
    assert len(office.names("done")) == 3
    assert [line[2] for line in office.out("b.csv")] == ["已接收"]


async def test_a_file_that_still_grows_is_left_alone(office: Office) -> None:
    whole = csv_of(a_row("S-1"), a_row("S-2"))
    office.put("a.csv", whole[:200])
    await office.look(1)
    office.put("a.csv", whole[:300])
    await office.look(1)
    assert (await office.cases(), office.names("in")) == (0, ["a.csv"])
    office.put("a.csv", whole)
    await office.look(2)
    assert (await office.cases(), office.names("in")) == (2, [])


async def test_names_of_unfinished_files_are_not_read(office: Office) -> None:
    for name in ("a.csv.part", "~$a.xlsx", ".a.csv", "a.tmp", "读我.docx"):
        office.put(name, csv_of(a_row("S-1")))
    (office.root / "in" / "link.csv").symlink_to(office.put("real.txt", b"x").with_name("a.tmp"))
    (office.root / "in" / "folder.csv").mkdir()
    (office.root / "in" / "real.txt").unlink()
    await office.look(3)
    assert (await office.cases(), len(office.names("in"))) == (0, 7)
    (office.root / "in" / "a.csv.part").rename(office.root / "in" / "a.csv")
    await office.look()
    assert await office.cases() == 1


async def test_what_cannot_be_read_is_put_aside_with_the_reason(office: Office) -> None:
    broken = book_of(["案件编号"], ["S-1"])[:-40]
    path = office.put("坏表.xlsx", broken)
    office.put("旧.xls", b"\xd0\xcf\x11\xe0 old")
    office.put("好表.csv", csv_of(a_row("S-1")))
    with (office.root / "in" / "大.csv").open("wb") as file:
        file.truncate(SHEET_MOST + 1)
    await office.look(1)
    for name in office.names("in"):
        os.utime(office.root / "in" / name, (0, 0))
    await office.look(1)
    # Found wrong once: some programs give a file its size before its content.
    assert path.exists()
    await office.look(2)
    assert office.names("in") == []
    bad = office.names("bad")
    assert len(bad) == 6
    said = "".join((office.root / "bad" / name).read_text("utf-8") for name in bad if name.endswith(".txt"))
    for words in ("坏表.xlsx", "旧.xls", "另存为 .xlsx", "最多 20 MB"):
        assert words in said
    assert await office.cases() == 1


async def test_killed_before_the_sheet_was_put_away(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put("a.csv", csv_of(a_row("S-1")))

    def killed(*_: object) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr("moshao.exchange.drawers.Drawers.write", killed)
        with pytest.raises(OSError, match="no space"):
            await office.look()
    office.started_anew()
    await office.look()
    assert ([line[2] for line in office.out("a.csv")], await office.cases()) == (["已接收"], 1)


async def test_results_come_once_with_photos(office: Office) -> None:
    case = await a_day(office.city)
    open_case = await office.city.dispatched()
    await office.look()
    (line,) = office.out("results")
    assert (line[0], line[2], line[3], line[4]) == (case["external_case_id"], "已结案", "已处置", "东关街道")
    assert (line[10], line[11], line[12]) == ("按期", "0", "已清运")
    link = line[13].split()[0]
    answer = await office.city.world.nobody.get(link.removeprefix("http://127.0.0.1:8000"))
    assert answer.content == jpeg(1)
    with clock.moved(timedelta(hours=2)):
        office.started_anew()
        await office.look()
        assert len(office.out("results")) == 1
        await office.city.world.as_("supervisor").act(open_case["id"], "cancellations", reason="重复")
        await office.look()
    assert [line[2] for line in office.out("results")] == ["已结案", "已作废"]


async def test_photos_lie_beside_the_results_where_bytes_go_along(office: Office) -> None:
    await office.agree(media="inline_base64")
    case = await a_day(office.city)
    await office.look()
    (line,) = office.out("results")
    name = line[13]
    assert name.startswith(f"photos/{case['id']}/1-after-")
    assert (office.root / "out" / name).read_bytes() == jpeg(1)


async def test_upstreams_own_word_is_not_told_back(office: Office) -> None:
    case = await office.city.dispatched()
    await office.city.told("closed", case)
    await office.look()
    assert office.out("results") == []
