"""Write what a long step of bin/check measured into docs/results.md, in place of what it said there before.

    python bin/write_results.py STEP RESULT SECONDS FIGURES COMMIT DATE [PAGE]

`FIGURES`: the file that tests/results.py gathered, a line each: figure, value, wanted, reached, by tabs.
"""

import os
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "results.md"
HEAD = """# Results of the last long runs
Each section is written by its step of `bin/check --long`, or of `bin/check STEP`, when that ends.
"""


def main(step: str, result: str, seconds: str, figures: str, commit: str, date: str, page: str = "") -> None:
    path = Path(page) if page else PAGE
    said = path.read_text() if path.exists() else HEAD
    head, *sections = re.split(r"^(?=## )", said, flags=re.MULTILINE)
    others = [section for section in sections if section.splitlines()[0] != f"## {step}"]
    run = f"{result}, {int(seconds):,} s, commit {commit}, {date}, {os.cpu_count()} cores."
    lines = [f"## {step}", run, *_table(Path(figures).read_text().splitlines())]
    ordered = sorted([*(section.strip() for section in others), "\n".join(lines)])
    path.write_text("\n\n".join([head.strip(), *ordered]) + "\n")


def _table(figures: list[str]) -> list[str]:
    if not figures:
        return []
    rows = [line.split("\t") for line in figures]
    return ["", *(f"| {' | '.join(row)} |" for row in [["figure", "value", "wanted", "reached"], ["---"] * 4, *rows])]


if __name__ == "__main__":
    main(*sys.argv[1:])
