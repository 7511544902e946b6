"""Documents as PDF. The only file that talks to typst."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import typst

FONTS = Path(__file__).parents[1] / "seeds" / "fonts"


async def typeset(template: Path, said: Any) -> bytes:
    """A PDF of `template`, which reads `said` by `json(bytes(sys.inputs.said))`. It sees no file but those beside
    it, no network, and no fonts but ours, so that it looks the same on every machine."""
    text = msgspec.json.encode(said).decode()
    return await asyncio.to_thread(_compiled, template, text)


def _compiled(template: Path, text: str) -> bytes:
    pdf: bytes = typst.compile(
        template, root=template.parent, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"said": text}
    )
    return pdf
