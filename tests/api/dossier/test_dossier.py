"""GET /api/cases/{case_id}/dossier, and `moshao verify FILE`: a stranger finds one changed byte."""

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from moshao.cli import main
from moshao.dossier import contents
from moshao.dossier.checking import NoDossier, check
from tests.stories.day import Day

Files = dict[str, bytes]


async def closed(day: Day) -> str:
    """A case that went twice round, with words that could be markup."""
    case_id = await day.dispatched(description="<script>alert(1)</script>")
    await day.act("leader_of_crew", case_id, "assignments", person_id=day.id_of("handler"))
    await day.act(
        "handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "before", "after"),
        note="清理完毕",
    )  # fmt: skip
    await day.act("leader_of_crew", case_id, "unit_reviews", verdict="back", reason="not_clean")
    await day.act(
        "handler", case_id, "closures", outcome="fixed", photos=await day.photos("handler", "before", "after")
    )
    return case_id


async def taken(day: Day, case_id: str, path: Path, who: str = "supervisor") -> Path:
    answer = await day.world.as_(who).get(f"/api/cases/{case_id}/dossier")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    path.write_bytes(answer.content)
    return path


def files_of(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


async def test_a_stranger_can_check_it(day: Day, tmp_path: Path) -> None:
    path = await taken(day, await closed(day), tmp_path / "case.zip")
    said = CliRunner().invoke(main, ["verify", str(path)])
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "clean"), said.output
    files = files_of(path)
    assert len([name for name in files if name.startswith("photos/")]) == 4
    page = files[contents.PAGE].decode()
    assert "清理完毕" in page
    assert "<script>" not in page


async def test_a_photo_whose_bytes_are_gone_stays_named(day: Day, tmp_path: Path) -> None:
    case_id = await closed(day)
    named = await day.world.db.all("SELECT id, sha256 FROM photos WHERE sha256 IS NOT NULL ORDER BY id")
    lost = named[0]["sha256"]
    originals = Path(day.world.settings.blobs_url.removeprefix("file://")) / "originals"
    (originals / lost[:2] / lost).unlink()
    path = await taken(day, case_id, tmp_path / "case.zip")
    said = CliRunner().invoke(main, ["verify", str(path)])
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, "clean"), said.output
    photos = json.loads(files_of(path)[contents.PHOTOS])
    assert [photo["sha256"] for photo in photos if photo["file"] is None] == [lost]


async def test_whose_seal_it_bears(day: Day, tmp_path: Path) -> None:
    path = await taken(day, await closed(day), tmp_path / "case.zip")
    keys = (await day.world.nobody.get("/.well-known/moshao-keys.json")).json()["keys"]
    manifest = json.loads(files_of(path)[contents.MANIFEST])
    assert manifest["key"] in keys
    thumbprint = check(path).thumbprint
    assert CliRunner().invoke(main, ["verify", "--key", thumbprint, str(path)]).exit_code == 0
    other = CliRunner().invoke(main, ["verify", "--key", "another", str(path)])
    assert (other.exit_code, "sealed by another key" in other.output) == (1, True)


def reseal(files: Files) -> Files:
    """What a forger without the key can do: make the digests fit again."""
    manifest = json.loads(files[contents.MANIFEST])
    manifest["files"] = {
        name: hashlib.sha256(content).hexdigest()
        for name, content in files.items()
        if name not in (contents.MANIFEST, contents.SEAL)
    }
    return files | {contents.MANIFEST: json.dumps(manifest).encode()}


def a_photo(files: Files) -> str:
    return next(name for name in files if name.startswith("photos/"))


CHANGES: dict[str, tuple[Callable[[Files], Files], str]] = {
    "a byte of a photo": (
        lambda files: files | {a_photo(files): files[a_photo(files)][:-1] + b"x"}, "has other bytes than when",
    ),
    "a photo, with its digest": (
        lambda files: reseal(files | {a_photo(files): files[a_photo(files)][:-1] + b"x"}), "the seal does not fit",
    ),
    "a photo left out": (
        lambda files: {name: content for name, content in files.items() if name != a_photo(files)}, "is missing",
    ),
    "a word of an act": (
        lambda files: reseal(files | {contents.ACTS: files[contents.ACTS].replace("清理".encode(), "没有".encode())}),
        "has another body than its digest",
    ),
    "who stands in the journal": (
        lambda files: reseal(
            files | {contents.JOURNAL: files[contents.JOURNAL].replace(b'"handled"', b'"closed"')}
        ),
        "does not fit its digest",
    ),
    "an act left out": (
        lambda files: reseal(files | {contents.ACTS: json.dumps(json.loads(files[contents.ACTS])[1:]).encode()}),
        "stands in the journal and not here",
    ),
    "a file more": (lambda files: files | {"more.txt": b"hello"}, "is not named by the manifest"),
    "another seal": (lambda files: files | {contents.SEAL: b"e30..AAAA"}, "the seal does not fit"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
async def test_one_change_is_found(day: Day, tmp_path: Path, what: str) -> None:
    change, why = CHANGES[what]
    path = await taken(day, await closed(day), tmp_path / "case.zip")
    changed = write(tmp_path / "changed.zip", change(files_of(path)))
    assert any(why in fault for fault in check(changed).faults), check(changed).faults
    assert CliRunner().invoke(main, ["verify", str(changed)]).exit_code == 1


async def test_the_reporter_stays_out(day: Day, tmp_path: Path) -> None:
    case_id = await day.makes(
        "supervisor", "registrations", description="路灯不亮",
        reporter={"name": "陈女士", "phone": "13800001234"},
    )  # fmt: skip
    path = await taken(day, case_id, tmp_path / "case.zip")
    for name, content in files_of(path).items():
        assert b"13800001234" not in content, name
        assert "陈女士".encode() not in content, name
    assert check(path).faults == []


async def test_that_it_was_taken_stands_in_the_journal(day: Day, tmp_path: Path) -> None:
    case_id = await closed(day)
    await taken(day, case_id, tmp_path / "case.zip")
    rows = await day.world.db.all("SELECT person_id, facts FROM journal_lines WHERE kind = 'dossier_made'")
    assert [(row["person_id"], json.loads(row["facts"])["case_id"]) for row in rows] == [
        (day.world.id_of("supervisor"), case_id)
    ]


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_case_file(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(NoDossier):
        check(tmp_path / "x.zip")
    said = CliRunner().invoke(main, ["verify", str(tmp_path / "x.zip")])
    assert (said.exit_code, "is no case file" in said.output) == (1, True)


def test_a_bomb(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(1001):
            archive.writestr(str(number), b"")
    with pytest.raises(NoDossier, match="larger"):
        check(tmp_path / "x.zip")
