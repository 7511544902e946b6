"""What the rooms above lend to this one, through the door: evidence itself asks nobody about a case."""

from typing import Literal, Protocol
from uuid import UUID

from moshao.kit.db import Reader, Tx
from moshao.people.actor import Actor


class PhotoListener(Protocol):
    """Told inside the transaction that records the verdict on a photo, so that both happen or neither."""

    async def __call__(
        self, tx: Tx, photo_id: UUID, sha256: str, verdict: Literal["held", "refused"], code: str | None
    ) -> None: ...


class MaySee(Protocol):
    """Whether `actor` may see the case now."""

    async def __call__(self, reader: Reader, actor: Actor, case_id: UUID) -> bool: ...


async def nobody_listens(
    tx: Tx, photo_id: UUID, sha256: str, verdict: Literal["held", "refused"], code: str | None
) -> None:
    """Where no room above wants to know."""


async def nobody_sees(reader: Reader, actor: Actor, case_id: UUID) -> bool:
    """Where no room above knows cases: photos are their uploader's alone."""
    return False
