"""A bulletin's files read back as anybody would: tables of words and numbers, by their titles."""

from io import BytesIO
from typing import Any

import openpyxl
import pypdfium2
from docx import Document
from docx.text.paragraph import Paragraph

Tables = dict[str, list[list[str]]]


def tables_of_docx(content: bytes) -> Tables:
    """Each table with a caption above it; its first row are the names of the columns."""
    paper, title, found = Document(BytesIO(content)), "", Tables()
    for block in paper.iter_inner_content():
        if isinstance(block, Paragraph):
            title = block.text
        elif style_of(block) == "Table Grid":
            found[title] = [[cell.text for cell in row.cells] for row in block.rows]
    return found


def style_of(block: Any) -> str:
    return str(block.style.name)


def headings_of_docx(content: bytes) -> list[str]:
    paper = Document(BytesIO(content))
    return [one.text for one in paper.paragraphs if style_of(one) == "Heading 1"]


def words_of_docx(content: bytes) -> str:
    return "\n".join(one.text for one in Document(BytesIO(content)).paragraphs)


def pages_of_xlsx(content: bytes) -> dict[str, list[list[Any]]]:
    """Page → rows, numbers as numbers."""
    book = openpyxl.load_workbook(BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def words_of_pdf(content: bytes) -> str:
    """All words in the order in which they were set, without spaces."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()
    return "".join(text.split())
