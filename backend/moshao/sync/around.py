"""Open cases around a reporter. What changed in a district lately is read once and kept, not read again for every phone
that follows: of a busy hour all of them ask for the same lines.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

import msgspec

from moshao.cases.neighbourhood import Neighbour, answers_for, changed, neighbours, stands_in
from moshao.cases.showing_document import point_of
from moshao.kit.db import Reader
from moshao.sync.rules import Range
from moshao.sync.schemas import Nearby

# Who was away for longer asks the database himself.
LINES_MOST = 2000
# So that somebody a little behind the others still finds what he needs.
LINES_KEPT = 2 * LINES_MOST
DISTRICTS_MOST = 16


class Near(msgspec.Struct, frozen=True):
    """A case by its last change; `shown`: as it goes over the wire, nothing where it has ended."""

    seq: int
    id: UUID
    grid_code: str | None
    shown: msgspec.Raw | None


class _Lately:
    """The cases of a district that changed after `floor`, up to `upto`, in order of their last change."""

    def __init__(self, floor: int) -> None:
        self.floor = self.upto = floor
        self._near: list[Near] = []
        self._last: dict[UUID, int] = {}

    async def reach(self, reader: Reader, district_id: UUID, upto: int) -> None:
        while self.upto < upto:
            since = self.upto
            rows = await changed(reader, district_id, since, upto)
            if self.upto == since:  # else somebody else was first meanwhile
                self._add(near_of(rows), upto)

    def _add(self, more: Sequence[Near], upto: int) -> None:
        self._near += more
        self._last |= {each.id: each.seq for each in more}
        self.upto = upto
        if upto - self.floor > LINES_KEPT + LINES_MOST:
            self.floor = upto - LINES_KEPT
            self._near = [each for each in self._near if each.seq > self.floor and self._last[each.id] == each.seq]
            self._last = {each.id: each.seq for each in self._near}

    def between(self, after: int, upto: int) -> Iterable[Near]:
        """A case that has changed since stands at its later change alone."""
        seq = _seq_of
        part = self._near[bisect_right(self._near, after, key=seq) : bisect_right(self._near, upto, key=seq)]
        return (each for each in part if self._last[each.id] == each.seq)


# By district and the epoch of its journal.
_kept: OrderedDict[tuple[UUID, str], _Lately] = OrderedDict()


async def around(
    reader: Reader,
    district_id: UUID,
    epoch: str,
    grids: Collection[str],
    scope_ids: Sequence[UUID],
    asked: Range,
    most: int,
) -> list[Near]:
    """Cases of these grids that changed in this range and stand in none of the lists `scope_ids`, in order."""
    if not grids:
        return []
    if asked.filling or asked.upto - asked.after > LINES_MOST:
        return near_of(
            await neighbours(
                reader, district_id, grids, scope_ids, asked.after, asked.upto, most, open_only=asked.filling
            )
        )
    lately = await _lately(reader, district_id, epoch, asked)
    found = [each for each in lately.between(asked.after, asked.upto) if answers_for(grids, each.grid_code)]
    if not found:
        return []
    own = await stands_in(reader, scope_ids, asked.after)
    return [each for each in found if each.id not in own][:most]


async def _lately(reader: Reader, district_id: UUID, epoch: str, asked: Range) -> _Lately:
    key = district_id, epoch
    lately = _kept.get(key)
    if lately is None or asked.after < lately.floor:
        lately = _kept[key] = _Lately(asked.after)
    _kept.move_to_end(key)
    while len(_kept) > DISTRICTS_MOST:
        _kept.popitem(last=False)
    await lately.reach(reader, district_id, asked.upto)
    return lately


def near_of(rows: Iterable[Neighbour]) -> list[Near]:
    return [
        Near(row.seq, row.id, row.grid_code, None if row.ended_at is not None else msgspec.Raw(_encoded(row)))
        for row in rows
    ]


def _seq_of(near: Near) -> int:
    return near.seq


def _encoded(case: Neighbour) -> bytes:
    return msgspec.json.encode(
        Nearby(
            id=case.id,
            kind=case.kind,
            major=case.major,
            minor=case.minor,
            location=point_of(case.lon, case.lat),
            state=case.state,
        )
    )
