"""demo.json: what a demo district tells whoever plays with it (contracts §1)."""

from pathlib import Path
from uuid import UUID

import msgspec


class Member(msgspec.Struct, frozen=True):
    """Somebody of the demo."""

    person_id: UUID
    name: str
    role: str
    unit_id: UUID
    unit: str
    unit_code: str
    staff_no: str
    password: str
    pairing_codes: list[str]


class DemoUpstream(msgspec.Struct, frozen=True):
    name: str
    secret: str
    events_url: str


class DemoFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """`other`: the second district, where the demo was asked for two."""

    base_url: str
    district: str
    district_id: UUID
    upstream: DemoUpstream
    people: list[Member]
    other: "DemoFile | None" = None


def read_demo(data: Path) -> DemoFile:
    """Raises OSError and msgspec.MsgspecError."""
    return msgspec.json.decode((data / "demo.json").read_bytes(), type=DemoFile)


def write_private(path: Path, content: bytes) -> None:
    """Whole or not at all, readable by its owner alone."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(content)
    part.replace(path)
