"""Documents as PDF. The only file that talks to typst."""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import typst

NO_PICTURES: Mapping[str, bytes] = {}
FONTS = Path(__file__).parents[1] / "seeds" / "fonts"


async def typeset(template: Path, said: Any, pictures: Mapping[str, bytes] = NO_PICTURES) -> bytes:
    """A PDF of `template`, which reads `said` by `json(bytes(sys.inputs.said))` and `pictures` as files beside it. It
    sees nothing else, no network, and no fonts but ours, so that it looks the same on every machine."""
    text = msgspec.json.encode(said).decode()
    return await asyncio.to_thread(_compiled, template, text, pictures)


def _compiled(template: Path, text: str, pictures: Mapping[str, bytes]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, content in pictures.items():
            (root / name).write_bytes(content)
        own = root / template.name
        own.write_bytes(template.read_bytes())
        pdf: bytes = typst.compile(
            own, root=root, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"said": text}
        )
        return pdf
