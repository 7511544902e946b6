"""The page of what long runs measured: a step that runs again replaces what it said, and nothing else."""

import subprocess
import sys
from pathlib import Path

from tests.commands import ROOT


def write(folder: Path, step: str, result: str, commit: str, *figures: str) -> str:
    gathered, page = folder / "gathered", folder / "results.md"
    gathered.write_text("".join(f"{line}\n" for line in figures))
    given = [step, result, "1234", gathered, commit, "2026-11-23", page]
    subprocess.run([sys.executable, ROOT / "bin" / "write_results.py", *map(str, given)], check=True)
    return page.read_text()


def test_a_step_replaces_its_own_section(tmp_path: Path) -> None:
    write(tmp_path, "long-sqlite", "FAILED", "aaaaaaa", "kills\tlost 1\tlost 0\tno")
    write(tmp_path, "bench", "ok", "bbbbbbb", "closures\t481/s\t≥ 300/s\tyes")
    page = write(tmp_path, "long-sqlite", "ok", "ccccccc", "kills\tlost 0\tlost 0\tyes")
    assert "aaaaaaa" not in page
    assert "lost 1" not in page
    assert "| closures | 481/s | ≥ 300/s | yes |" in page
    assert page.index("## bench") < page.index("## long-sqlite\nok, 1,234 s, commit ccccccc, 2026-11-23, ")
