"""The docs name what exists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
RECORD_LINES = 40


@pytest.mark.parametrize("doc", DOCS, ids=lambda doc: str(doc.relative_to(ROOT)))
def test_links_lead_somewhere(doc: Path) -> None:
    targets = [target.partition("#")[0] for target in LINK.findall(doc.read_text())]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (doc.parent / target).exists()] == []


def test_decision_records_fit_on_a_screen_and_are_numbered_without_gaps() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(record.name[:4]) for record in records] == list(range(1, len(records) + 1))
    assert [record.name for record in records if len(record.read_text().splitlines()) > RECORD_LINES] == []


def test_pages_of_settings_and_errors_are_fresh() -> None:
    done = subprocess.run([sys.executable, "bin/write_docs.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = (ROOT / "README.md").read_text(), (ROOT / "README.zh.md").read_text()
    for mark in ("\n## ", "\n```\n", "\n- **"):
        assert english.count(mark) == chinese.count(mark), mark
    # Pictures show the app in the page's own language.
    shown = {link.replace("-en.", ".") for link in LINK.findall(english)}
    assert shown - {"README.zh.md"} == set(LINK.findall(chinese)) - {"README.md"}
