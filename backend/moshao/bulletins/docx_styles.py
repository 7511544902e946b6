"""How our own letterhead looks: paper, margins and fonts as offices are used to (GB/T 9704), with open fall-backs."""

from typing import Any

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from moshao.bulletins.wording import PAGE_OF

BODY, H1, CAPTION = "Normal", "Heading 1", "Caption"
TITLE, HEAD, NOTE, SMALL = "通报标题", "通报版头", "通报说明", "通报表格"
RED = "C8102E"
# Fonts by name, and what stands in where a machine has not bought them: Word and WPS read both from the font table.
SONG, FANG, HEI, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
FALL_BACKS = {
    SONG: "Noto Serif CJK SC,思源宋体,宋体,SimSun",
    FANG: "FandolFang,仿宋,FangSong,Noto Serif CJK SC",
    HEI: "Noto Sans CJK SC,思源黑体,SimHei",
}
INDENT_SIGNS = 200  # two signs, in hundredths


def prepare(paper: Docx, *, own: bool) -> None:
    """The styles that a bulletin is written in: a letterhead's own stay as they are, missing ones are added."""
    _style(paper, BODY, FANG, 14, own, indent=True)
    _style(paper, H1, HEI, 15, own, keep=True, outline=0)
    _style(paper, CAPTION, HEI, 12, own, keep=True)
    _style(paper, TITLE, SONG, 20, True)
    _style(paper, HEAD, SONG, 28, True, centred=True)
    _style(paper, NOTE, FANG, 10.5, True)
    _style(paper, SMALL, FANG, 9.5, True)
    _name_fall_backs(paper)
    if "Table Grid" not in [style.name for style in paper.styles]:
        paper.styles.element.append(parse_xml(_GRID))


def lay_out(paper: Docx) -> None:
    """A4, and the number of the page."""
    for key, relation in list(paper.part.package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            # Of the empty paper that the library brings.
            del paper.part.package.rels[key]
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(30), Mm(25)
    section.left_margin, section.right_margin = Mm(26), Mm(24)
    footer = section.footer.paragraphs[0]
    footer.style = NOTE
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = PAGE_OF.split("{}")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        footer.add_run(words)
        if field:
            footer._p.append(_field(field))


def _style(
    paper: Docx, name: str, font: str, size: float, change: bool, *,
    indent: bool = False, keep: bool = False, centred: bool = False, outline: int | None = None,
) -> None:  # fmt: skip
    known = name in [style.name for style in paper.styles]
    style: Any = paper.styles[name] if known else paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if known and not change:
        return
    if name != BODY:
        style.base_style = None
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), font)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = (Pt(10), Pt(6)) if keep else (Pt(0), Pt(3))
    shape.keep_with_next = keep
    if centred:
        shape.alignment = WD_ALIGN_PARAGRAPH.CENTER
    properties = style.element.get_or_add_pPr()
    if name == SMALL:
        shape.space_before = shape.space_after = Pt(2)
    if name == BODY:
        # Without it, signs that Chinese of the mainland and of elsewhere share look as they do elsewhere.
        language = OxmlElement("w:lang")
        for which, value in (("val", "zh-CN"), ("eastAsia", "zh-CN")):
            language.set(qn(f"w:{which}"), value)
        style.element.get_or_add_rPr().append(language)
    if indent:
        shape.line_spacing = 1.4
        indented = OxmlElement("w:ind")
        indented.set(qn("w:firstLineChars"), str(INDENT_SIGNS))
        indented.set(qn("w:firstLine"), str(int(size * 2 * 20)))
        properties.insert_element_before(indented, "w:contextualSpacing", "w:jc", "w:outlineLvl")
    if outline is not None and properties.find(qn("w:outlineLvl")) is None:
        level = OxmlElement("w:outlineLvl")
        level.set(qn("w:val"), str(outline))
        properties.append(level)


def _name_fall_backs(paper: Docx) -> None:
    for relation in paper.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            part: Any = relation.target_part
            table: Any = parse_xml(part.blob)
            there = {font.get(qn("w:name")) for font in table}
            for name, others in FALL_BACKS.items():
                if name not in there:
                    alias = f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/></w:font>'
                    table.append(parse_xml(alias))
            part._blob = serialize_part_xml(table)


def _field(name: str) -> Any:
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')


_GRID = (
    f'<w:style {nsdecls("w")} w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>'
    + "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
              for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    + "</w:tblBorders></w:tblPr></w:style>"
)  # fmt: skip
