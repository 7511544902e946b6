"""A bulletin as DOCX: real headings and tables that an office goes on writing in, on the district's own letterhead."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from docx import Document as open_docx
from docx.document import Document as Docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from moshao.bulletins import wording
from moshao.bulletins.docx_styles import BODY, CAPTION, H1, HEAD, NOTE, RED, SMALL, TITLE, lay_out, prepare
from moshao.bulletins.schemas import Cell, Document, PhotoRef, Sheet, Typical

# What a letterhead may say where it wants something of the bulletin.
BODY_MARK = "{{正文}}"
FIELDS = {"{{标题}}": "title", "{{期号}}": "number", "{{单位}}": "issuer", "{{统计期}}": "period", "{{日期}}": "dated"}
_MARK = re.compile(r"\{\{[^{}]{1,20}\}\}")
NO_PICTURES: Mapping[UUID, bytes] = {}
MARGIN_MM = 1.0


def as_docx(document: Document, pictures: Mapping[UUID, bytes], template: bytes | None) -> bytes:
    """On `template`, where the district has one: its marks are filled in, and the sections stand where it says
    「{{正文}}」, else at its end. Slow for large ones: call it in a thread."""
    paper = open_docx(BytesIO(template)) if template else open_docx()
    own = template is None
    prepare(paper, own=own)
    if own:
        lay_out(paper)
    place = _fill_in(paper, document)
    before = len(paper.element.body)
    if own or not _has_title(template):
        _letterhead(paper, document)
    for part in document.parts:
        _paragraph(paper, part.heading, H1)
        for words in filter(str.strip, part.words.split("\n")):
            _paragraph(paper, words, BODY)
        for sheet in part.sheets:
            _sheet(paper, sheet)
        if part.section == "typical":
            for at, one in enumerate(document.typical, 1):
                _typical(paper, at, one, pictures)
    _ending(paper, document)
    if place is not None:
        _move(paper, before, place)
    paper.core_properties.title = f"{document.title}{document.number}"
    paper.core_properties.author = document.issuer
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def _has_title(template: bytes | None) -> bool:
    return any("{{标题}}" in one.text for one in _paragraphs(open_docx(BytesIO(template)))) if template else False


def _fill_in(paper: Docx, document: Document) -> Paragraph | None:
    """Puts words where the marks are; the paragraph that the sections are to take the place of."""
    place = None
    for paragraph in _paragraphs(paper):
        if BODY_MARK in paragraph.text:
            place = paragraph
        elif _MARK.search(paragraph.text):
            _replace(paragraph, document)
    return place


def _paragraphs(paper: Docx) -> Iterator[Paragraph]:
    """Of the body, headers and footers, and of tables in them."""
    parts: list[Any] = [paper]
    for section in paper.sections:
        parts += [section.header, section.footer, section.first_page_header, section.first_page_footer]
    for part in parts:
        yield from part.paragraphs
        for table in part.tables:
            for row in table.rows:
                for cell in row.cells:
                    yield from cell.paragraphs


def _replace(paragraph: Paragraph, document: Document) -> None:
    """A mark may be cut into several runs; what is filled in looks as the first of them."""
    words = _MARK.sub(lambda mark: _field(document, mark[0]), paragraph.text)
    first, *others = paragraph.runs
    first.text = words
    for run in others:
        run.text = ""


def _field(document: Document, mark: str) -> str:
    return str(getattr(document, FIELDS[mark])) if mark in FIELDS else mark


def _letterhead(paper: Docx, document: Document) -> None:
    head = _paragraph(paper, document.issuer, HEAD)
    head.runs[0].font.color.rgb = RGBColor.from_string(RED)
    number = _paragraph(paper, document.number, NOTE, WD_ALIGN_PARAGRAPH.CENTER)
    _ruled(number)
    _paragraph(paper, document.title, TITLE, WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(paper, "　".join(filter(None, (document.period, document.dated))), NOTE, WD_ALIGN_PARAGRAPH.CENTER)


def _ruled(paragraph: Paragraph) -> None:
    """A red line below it."""
    border, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", RED)):
        bottom.set(qn(f"w:{name}"), value)
    border.append(bottom)
    paragraph._p.get_or_add_pPr().insert_element_before(
        border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _paragraph(paper: Docx | _Cell, words: str, style: str, align: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    paragraph = paper.add_paragraph(words, style=style)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def _sheet(paper: Docx, sheet: Sheet) -> None:
    _paragraph(paper, sheet.title, CAPTION, WD_ALIGN_PARAGRAPH.CENTER)
    head, *rows = _table(paper, len(sheet.rows) + 1, [column.width for column in sheet.columns], "Table Grid")
    for place, column in zip(head.cells, sheet.columns, strict=True):
        _fill(place, column.name, WD_ALIGN_PARAGRAPH.CENTER)
    _set_flag(head._tr, "w:tblHeader")
    for row, cells in zip(rows, sheet.rows, strict=True):
        for place, cell in zip(row.cells, cells, strict=True):
            _fill(place, cell.text, _side(cell))


def _side(cell: Cell) -> WD_ALIGN_PARAGRAPH:
    return WD_ALIGN_PARAGRAPH.LEFT if cell.kind == "text" else WD_ALIGN_PARAGRAPH.RIGHT


def _table(paper: Docx, rows: int, shares: list[int], style: str | None) -> list[_Row]:
    """A new one's rows, none of which goes on on the next page."""
    table: Table = paper.add_table(rows, len(shares), style=style)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    widths = [Emu(_width(paper) * share // sum(shares)) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    made = list(table.rows)
    for row in made:
        _set_flag(row._tr, "w:cantSplit")
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    return made


def _width(paper: Docx) -> int:
    """Between the margins, in EMU; of an odd letterhead, that of A4."""
    section = paper.sections[-1]
    page, left, right = section.page_width, section.left_margin, section.right_margin
    return int(page - left - right) if page and left is not None and right is not None else int(Mm(156))


def _set_flag(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def _fill(cell: _Cell, words: str, align: WD_ALIGN_PARAGRAPH) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = SMALL, align
    paragraph.add_run(words)


def _typical(paper: Docx, at: int, one: Typical, pictures: Mapping[UUID, bytes]) -> None:
    words = _paragraph(paper, f"{at}. {one.words}（{one.case_no}）", BODY)
    words.paragraph_format.keep_with_next = True
    above, below = _table(paper, 2, [1, 1], None)
    sides = ((one.before, wording.BEFORE_PHOTO), (one.after, wording.AFTER_PHOTO))
    for place, under, (photo, label) in zip(above.cells, below.cells, sides, strict=True):
        _photo(place, photo, label, pictures)
        _fill(under, label, WD_ALIGN_PARAGRAPH.CENTER)


def _photo(cell: _Cell, photo: PhotoRef, label: str, pictures: Mapping[UUID, bytes]) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style, paragraph.alignment = SMALL, WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    content = pictures.get(photo.photo_id)
    if content is None:
        paragraph.add_run(wording.NO_PHOTO)
        return
    picture = paragraph.add_run().add_picture(BytesIO(content))
    _fit(picture, Length(int((cell.width or Mm(70)) - Mm(2 * MARGIN_MM + 3))), Mm(60))
    picture._inline.docPr.set("descr", label)


def _fit(picture: Any, width: Length, height: Length) -> None:
    share = min(width / picture.width, height / picture.height)
    picture.width, picture.height = Emu(int(picture.width * share)), Emu(int(picture.height * share))


def _ending(paper: Docx, document: Document) -> None:
    for words in filter(None, (document.issuer, document.dated)):
        _paragraph(paper, words, BODY, WD_ALIGN_PARAGRAPH.RIGHT)
    for words in document.notes:
        note = _paragraph(paper, words, NOTE)
        note.paragraph_format.space_after = Pt(0)


def _move(paper: Docx, before: int, place: Paragraph) -> None:
    """What was written at the end goes where the mark is."""
    body = paper.element.body
    written = [one for one in list(body)[before - 1 :] if one.tag != qn("w:sectPr")]
    for one in written:
        place._p.addprevious(one)
    place._p.getparent().remove(place._p)
