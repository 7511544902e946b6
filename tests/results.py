"""Figures worth keeping: what a long test or a benchmark measured, for docs/results.md."""

import os
import sys
from pathlib import Path

HEAD = ("figure", "value", "wanted", "reached")

_missed: list[str] = []


def keep(name: str, value: str, *, wanted: str = "", reached: bool | None = None) -> None:
    """Print `name` and `value` (with its unit), and keep them where `bin/bench` and `bin/check --long` gather figures.

    `wanted`: what it was to be; `reached`: whether it is.
    """
    verdict = {None: "", True: "yes", False: "no"}[reached]
    said = f" (wanted {wanted}: {verdict})" if wanted else ""
    print(f"{name}: {value}{said}", flush=True)  # noqa: T201 - this is what the run is for
    if reached is False:
        _missed.append(name)
    if gathered := os.environ.get("RESULTS"):
        with Path(gathered).open("a") as file:
            file.write(f"{name}\t{value}\t{wanted}\t{verdict}\n")


def settle() -> None:
    """The end of a benchmark: it fails where a figure was not reached."""
    if _missed:
        raise SystemExit(f"not reached: {'; '.join(_missed)}")


def table(rows: list[tuple[str, ...]]) -> str:
    """The figures one below the other, in columns."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEAD))]
    return "\n".join("  ".join(f"{part:{width}}" for part, width in zip(row, widths, strict=True)) for row in rows)


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text().splitlines()
    print(table([HEAD, *(tuple(line.split("\t")) for line in lines)]))  # noqa: T201 - asked for
