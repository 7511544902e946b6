"""Units in order: what a unit scores, who is before whom, who is compared with whom. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from moshao.bulletins.schemas import RankGroup, RankLine
from moshao.figures.schemas import FigureRow
from moshao.figures.sight import Unit
from moshao.people.settings import ScoreWeights, UnitGroup

WHOLE = 10_000  # a rate of one
HUNDREDTHS = 100


def score_of(row: FigureRow, weights: ScoreWeights) -> int | None:
    """In hundredths of a point, half of one upwards; None where nothing was due. No rework at all counts as none."""
    if row.closed_rate is None or row.closed_on_time_rate is None:
        return None
    points = (
        weights.closed * row.closed_rate
        + weights.on_time * row.closed_on_time_rate
        + weights.no_rework * (WHOLE - (row.rework_rate or 0))
        + weights.no_extension * (WHOLE - (row.extension_rate or 0))
    )
    return (points * HUNDREDTHS + WHOLE // 2) // WHOLE


def rank_all(
    units: Sequence[Unit],
    rows: Iterable[FigureRow],
    before: Iterable[FigureRow],
    weights: ScoreWeights,
    groups: Sequence[UnitGroup],
    names: Mapping[str, str],
) -> list[RankGroup]:
    """The third-tier units of each group; without `groups`, of each kind of unit, called as `names` says."""
    third = [unit for unit in units if len(unit.path) == 2]
    grouped = [(group.name, [unit for unit in third if unit.code in group.units]) for group in groups] or [
        (name, [unit for unit in third if unit.kind == kind]) for kind, name in names.items()
    ]
    now, then = ({row.id: row for row in one} for one in (rows, before))
    ranked = [(name, _ranked(members, now, then, weights)) for name, members in grouped]
    return [RankGroup(name=name, lines=lines) for name, lines in ranked if lines]


def _ranked(
    members: Sequence[Unit], now: Mapping[str, FigureRow], then: Mapping[str, FigureRow], weights: ScoreWeights
) -> list[RankLine]:
    ranks_before = ranks({unit.id: score_of(then[str(unit.id)], weights) for unit in members if str(unit.id) in then})
    counted = [unit for unit in members if str(unit.id) in now]
    found = ranks({unit.id: score_of(now[str(unit.id)], weights) for unit in counted})
    lines = [_line(unit, now[str(unit.id)], found.get(unit.id), ranks_before.get(unit.id), weights) for unit in counted]
    return sorted(lines, key=lambda line: (line.rank is None, line.rank, -line.due, line.unit))


def ranks(scores: Mapping[UUID, int | None]) -> dict[UUID, int]:
    """The best is 1; who scores the same shares a place, and the next place stays empty."""
    good = sorted((score for score in scores.values() if score is not None), reverse=True)
    return {key: good.index(score) + 1 for key, score in scores.items() if score is not None}


def _line(unit: Unit, row: FigureRow, rank: int | None, before: int | None, weights: ScoreWeights) -> RankLine:
    return RankLine(
        unit_id=unit.id, unit=unit.name, rank=rank, rank_before=before, score=score_of(row, weights),
        received=row.received, due=row.due, closed=row.closed, closed_on_time=row.closed_on_time,
        reworked=row.reworked, extended=row.extended, overdue_left=row.overdue_left, closed_rate=row.closed_rate,
        closed_on_time_rate=row.closed_on_time_rate, rework_rate=row.rework_rate, extension_rate=row.extension_rate,
        median_s=row.median_s,
    )  # fmt: skip
