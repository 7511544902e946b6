"""Printed pages and pictures as a person with a camera sees them: drawn by pdfium, read by zxing, both others' code."""

import io

import pypdfium2
import zxingcpp
from PIL import Image, ImageDraw

from moshao.kit.qr import Qr

DOTS_PER_INCH = 150
MODULE_PX = 6
QUIET_MODULES = 4


def drawn_pages(pdf: bytes) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=DOTS_PER_INCH / 72).to_pil() for page in document]


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def codes_on(picture: Image.Image) -> list[str]:
    """What the QR codes on it say."""
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


def drawn(qr: Qr) -> Image.Image:
    """The code on white paper, from its path."""
    side = (qr.size + 2 * QUIET_MODULES) * MODULE_PX
    paper = Image.new("L", (side, side), 255)
    pen, x, y = ImageDraw.Draw(paper), 0.0, 0.0
    for command, numbers in _steps(qr.path):
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            left, top = ((at + QUIET_MODULES) * MODULE_PX for at in (x, y - 0.5))
            pen.rectangle((left, top, left + numbers[0] * MODULE_PX - 1, top + MODULE_PX - 1), fill=0)
            x += numbers[0]
    return paper


def _steps(path: str) -> list[tuple[str, list[float]]]:
    marked = path.replace("M", "|M").replace("m", "|m").replace("h", "|h")
    return [(step[0], [float(number) for number in step[1:].split()]) for step in marked.split("|") if step]


def as_png(picture: Image.Image) -> bytes:
    octets = io.BytesIO()
    picture.save(octets, "PNG")
    return octets.getvalue()
