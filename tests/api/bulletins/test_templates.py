"""A district's own letterhead: filled in where it says so, refused where it would do harm."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from tests.api.bulletins.reading import tables_of_docx, words_of_docx
from tests.api.bulletins.test_week import file_of, made
from tests.api.cases.making import Cases
from tests.world import World

ATTACHED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"


def letterhead(change: Callable[[Any], Any] = lambda paper: None) -> bytes:
    paper = Document()
    paper.add_paragraph("卧龙岗文件〔{{期号}}〕")
    paper.add_paragraph("{{标题}}")
    cut = paper.add_paragraph("{{统")
    cut.add_run("计期}}")
    paper.add_paragraph("{{正文}}")
    paper.add_paragraph("抄送：各单位 {{没有}}")
    change(paper)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


async def put(world: World, content: bytes, who: str = "supervisor") -> Any:
    return await world.as_(who).client.put("/api/bulletin_template", content=content)


async def test_it_is_written_on_the_districts_own_paper(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    told = await put(world, letterhead())
    assert (told.status_code, told.json()["put_by"]) == (200, "周督查")
    docx = await file_of(world, bulletin, "docx")
    words = words_of_docx(docx).split("\n")
    assert words[:4] == [
        "卧龙岗文件〔草稿〕", "宛城区数字化城市管理周通报", bulletin["document"]["period"], "一、总体情况",
    ]  # fmt: skip
    assert words[-1] == "抄送：各单位 {{没有}}"
    assert "总体情况" in tables_of_docx(docx)
    kept = await world.as_("admin").get("/api/bulletin_template.docx")
    assert "卧龙岗文件〔{{期号}}〕" in words_of_docx(kept.content)
    assert (await world.as_("admin").client.delete("/api/bulletin_template")).status_code == 204
    assert "卧龙岗" not in words_of_docx(await file_of(world, bulletin, "docx"))
    assert (await world.as_("admin").get("/api/bulletin_template")).json()["sha256"] is None


async def test_a_letterhead_without_a_place_for_the_text_has_it_at_its_end(cases: Cases) -> None:
    world, bulletin = cases.world, await made(cases.world)
    paper, written = Document(), BytesIO()
    paper.add_paragraph("红头")
    paper.save(written)
    assert (await put(world, written.getvalue())).status_code == 200
    words = words_of_docx(await file_of(world, bulletin, "docx")).split("\n")
    assert words[0] == "红头"
    assert words.index("宛城区数字化城市管理周通报") < words.index("一、总体情况")


def _bomb() -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"0" * (33 * 1024 * 1024))
    return written.getvalue()


def _outside(paper: Any) -> None:
    paper.part.relate_to("http://192.0.2.1/t.dotm", ATTACHED, is_external=True)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 nonsense", b"%PDF-1.7", _bomb(), letterhead(_outside)],
    ids=["nothing", "broken", "another kind", "bomb", "outside"],
)
async def test_what_is_none_is_refused(cases: Cases, content: bytes) -> None:
    refused = await put(cases.world, content)
    assert (refused.status_code, refused.json()["code"]) == (422, "bad_template")
    assert (await cases.world.as_("supervisor").get("/api/bulletin_template.docx")).status_code == 404


async def test_only_who_keeps_it_changes_it(cases: Cases) -> None:
    for who in ("leader", "operator", "handler"):
        assert (await put(cases.world, letterhead(), who)).status_code == 403
    assert (await put(cases.world, letterhead(), "neighbour")).status_code == 200
    assert (await cases.world.as_("supervisor").get("/api/bulletin_template")).json()["sha256"] is None
