"""QR codes (ISO/IEC 18004). The only file that talks to segno."""

import io

import msgspec
import segno


class Qr(msgspec.Struct, frozen=True):
    """`path`: an SVG path over `size` × `size` modules, to be stroked one module wide; the quiet zone is the
    drawer's."""

    size: int
    path: str


def qr_of(text: str) -> Qr:
    """What a camera reads as `text`; up to 15 % of it may be dirt (error correction M)."""
    code = segno.make_qr(text, error="m")
    size = int(code.symbol_size(border=0)[0])
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=0, xmldecl=False, svgns=False, omitsize=True)
    drawn = drawing.getvalue().decode()
    return Qr(size=size, path=drawn.split(' d="', 1)[1].split('"', 1)[0])
