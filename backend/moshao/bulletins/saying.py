"""The words of each section as drafted from the numbers. Pure; whoever edits a bulletin may write others."""

from collections.abc import Mapping

from moshao.bulletins import cells, wording
from moshao.bulletins.repeating import DAYS, RADIUS_M, TIMES_LEAST
from moshao.bulletins.schemas import Contents, PeriodKind, RankGroup, RankLine, Section, TotalLine
from moshao.figures.measures import rate

BEST = 3
FREQUENT = 3


def drafted(kind: PeriodKind, contents: Contents, typical: int) -> dict[Section, str]:
    """`typical`: how many cases were chosen."""
    now, before = wording.CALLED[kind]
    said = {"now": now, "before": before}
    return {
        "overview": _overview(contents, said),
        "ranking": _ranking(contents, said),
        "overdue": _overdue(contents),
        "classes": _classes(contents, said),
        "days": "",
        "repeats": _repeats(contents),
        "typical": (wording.TYPICAL if typical else wording.NO_TYPICAL).format(**said),
        "supervised": _supervised(contents, said),
        "demands": wording.DEMANDS[kind],
    }


def _overview(contents: Contents, said: Mapping[str, str]) -> str:
    lines: dict[str, TotalLine] = {line.figure: line for line in contents.totals}
    shown = {
        name: cells.rate(line.now).text if name.endswith("_rate") else line.now or 0 for name, line in lines.items()
    }
    received = lines["received"]
    more = (received.now or 0) - (received.before or 0)
    words = wording.MORE if more > 0 else wording.FEWER if more < 0 else wording.SAME
    return wording.OVERVIEW.format(**said, **shown, compared_received=words.format(**said, count=abs(more)))


def _ranking(contents: Contents, said: Mapping[str, str]) -> str:
    ranked = [words for group in contents.groups if (words := _group(group))]
    return "".join(ranked) or wording.NOBODY_DUE.format(**said)


def _group(group: RankGroup) -> str:
    lines = [line for line in group.lines if line.rank is not None]
    best = wording.JOIN.join(map(_ranked, lines[:BEST]))
    if len(lines) <= BEST:
        return wording.ONE_BEST.format(group=group.name, best=best) if lines else ""
    return wording.BEST.format(group=group.name, best=best, last=_ranked(lines[-1]))


def _ranked(line: RankLine) -> str:
    return wording.RANKED.format(unit=line.unit, score=cells.score(line.score).text)


def _overdue(contents: Contents) -> str:
    cases = sum(line.cases for line in contents.overdue)
    return wording.OVERDUE.format(cases=cases, units=len(contents.overdue)) if cases else wording.NO_OVERDUE


def _classes(contents: Contents, said: Mapping[str, str]) -> str:
    most = contents.classes[:FREQUENT]
    if not most:
        return wording.NO_CLASSES.format(**said)
    received = next(line.now for line in contents.totals if line.figure == "received")
    share = cells.rate(rate(sum(line.received for line in most), received or 0)).text
    return wording.CLASSES.format(**said, names=wording.JOIN.join(line.name for line in most), share=share)


def _repeats(contents: Contents) -> str:
    words = wording.REPEATS if contents.repeats else wording.NO_REPEATS
    return words.format(days=DAYS, radius=int(RADIUS_M), times=TIMES_LEAST, count=len(contents.repeats))


def _supervised(contents: Contents, said: Mapping[str, str]) -> str:
    late = sum(line.reply == "late" for line in contents.supervised)
    words = wording.SUPERVISED if contents.supervised else wording.NO_SUPERVISED
    return words.format(**said, count=len(contents.supervised), late=late)
