"""What a simulation says at its end."""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from moshao.operate.recounting import Recount
from moshao.operate.simulating import Played


def table(cases: Sequence[Played], latencies: Mapping[str, Sequence[float]], seconds: float, found: Recount) -> str:
    """The table by words: cases by state, rates, photos, latencies in milliseconds, lost, doubled."""
    states = Counter(played.state for played in cases)
    photos = sum(len(played.photos) for played in cases)
    closed, on_time = states["closed"], sum(played.on_time is True for played in cases)
    lines = ["", "cases by state"]
    lines += [f"  {state:<14} {count:>7}" for state, count in states.most_common()]
    lines += [
        "",
        f"closed     {closed:>7}   {closed / len(cases):>8.2%}",
        f"on time    {on_time:>7}   {on_time / len(cases):>8.2%}",
        f"cases      {len(cases):>7}   {len(cases) / seconds:>8.1f} /s",
        f"photos     {photos:>7}   {photos / seconds:>8.1f} /s",
        f"seconds    {seconds:>7.1f}",
        "",
        f"{'latency, ms':<24} {'count':>7} {'median':>8} {'p95':>8} {'max':>8}",
    ]
    lines += [_latency(name, latencies[name]) for name in sorted(latencies)]
    lines += ["", f"lost {found.lost}", f"doubled {found.doubled}"]
    return "\n".join(lines)


def _latency(name: str, seconds: Sequence[float]) -> str:
    ordered = sorted(second * 1000 for second in seconds)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    return f"{name[:24]:<24} {len(ordered):>7} {statistics.median(ordered):>8.1f} {p95:>8.1f} {ordered[-1]:>8.1f}"
