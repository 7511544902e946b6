"""The house keeps its own rules: what exists is explained, nothing grows too large, nothing waits by the clock."""

import ast
import importlib
import os
import pkgutil
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder
from litestar.routes import HTTPRoute

import moshao
from moshao.cases.acting import ActKind
from moshao.cases.kinds import KINDS
from moshao.cases.rules import WAYS
from moshao.cases.states import STATES
from moshao.journal.kinds import ROOMS
from moshao.kit.config import SETTINGS
from moshao.kit.errors import REFUSALS
from moshao.kit.openapi import document
from moshao.suggestions.kinds import KINDS as SUGGESTED
from tests.world import the_app

ROOT = Path(__file__).resolve().parents[2]
LINES_MOST = 300
WRITTEN_BY_PROGRAMS = ("migrations/", "pwa/src/api/schema.d.ts", "pwa/package-lock.json")
# One entry a line: what they hold is a list, and a list may be long.
LISTS = ("pwa/src/words/",)
PROGRAMS = (".py", ".ts", ".vue", ".js", ".mjs", ".css", ".sh")

# Folders of .gitignore.
MADE_HERE = frozenset({"__pycache__", "node_modules", "dist", "dev-dist", "data", "demo-data"})


def sources() -> list[str]:
    """The programs of this checkout that people wrote. A machine that only runs the tests need not have git."""
    found = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if not name.startswith(".") and name not in MADE_HERE]
        found += [(Path(folder) / name).relative_to(ROOT).as_posix() for name in names if name.endswith(PROGRAMS)]
    return [name for name in found if not name.startswith(WRITTEN_BY_PROGRAMS)]


def first_column(page: str) -> set[str]:
    """The words in backquotes that begin the rows of a page's tables."""
    rows = [line for line in (ROOT / "docs" / page).read_text("utf-8").splitlines() if line.startswith("| `")]
    return {line.split("`")[1] for line in rows}


def everything_imported() -> None:
    for module in pkgutil.walk_packages(moshao.__path__, "moshao."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def test_no_file_is_too_long() -> None:
    long = {name: (ROOT / name).read_text("utf-8").count("\n") for name in sources() if not name.startswith(LISTS)}
    assert {name: lines for name, lines in long.items() if lines > LINES_MOST} == {}


def test_no_test_waits_by_the_clock_or_is_skipped() -> None:
    faults = []
    for name in sources():
        if name.startswith("tests/") and name.endswith(".py"):
            faults += [f"{name}:{line}" for line in _waits(ast.parse((ROOT / name).read_text("utf-8")))]
    assert faults == []


def _waits(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("time.sleep", "pytest.skip", "pytest.mark.xfail"):
            yield node.lineno


def test_imports_only_look_down() -> None:
    checked = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_every_setting_refusal_and_journal_kind_is_documented() -> None:
    everything_imported()
    assert first_column("settings.md") == {f"MOSHAO_{setting.name}" for setting in SETTINGS}
    assert first_column("errors.md") == set(REFUSALS)
    assert first_column("journal.md") == {kind for kinds in ROOMS.values() for kind in kinds}


def test_every_refusal_has_a_sentence_in_chinese() -> None:
    everything_imported()
    assert [code for code, refusal in REFUSALS.items() if not re.search(r"[一-鿿]", refusal.title)] == []


def test_every_act_in_words_has_a_route_and_every_route_its_words() -> None:
    acts = {
        handler.opt["act"]
        for route in the_app().routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if "act" in handler.opt
    }
    rows = [line.split("|") for line in _part("words.md", "## Acts") if line.startswith("| ")][1:]
    assert {word for row in rows for word in row[3].split() if word != "·"} == acts == set(WAYS)
    assert {word for row in rows for word in row[4].split() if word != "·"} <= {*KINDS, *SUGGESTED}


def test_every_state_is_documented_as_it_is_shown() -> None:
    rows = [line.split("|") for line in _part("words.md", "## States") if line.startswith("| ")][1:]
    shown = {row[1].strip(): row[2].strip() for row in rows}
    assert {state: words.replace(" ", "") for state, words in shown.items()} == {
        state: words.replace(" ", "") for state, words in STATES.items()
    }


def test_operations_have_names_of_their_own() -> None:
    names = Counter(
        operation["operationId"] for methods in document(the_app())["paths"].values() for operation in methods.values()
    )
    assert [name for name, count in names.items() if count > 1] == []
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*", name)] == []


def test_no_two_acts_share_a_word() -> None:
    everything_imported()
    kinds = {
        id(value): value.word
        for name, module in list(sys.modules.items())
        if name.startswith("moshao.")
        for value in vars(module).values()
        if isinstance(value, ActKind)
    }
    assert [word for word, count in Counter(kinds.values()).items() if count > 1] == []


@pytest.mark.timeout(120)
def test_the_wheel_holds_migrations_phone_app_and_seeds(tmp_path: Path) -> None:
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        names = set(wheel.namelist())
    wanted = {f"moshao/{path.relative_to(ROOT)}" for path in (ROOT / "migrations").glob("*.py")}
    wanted |= {f"moshao/web/{path.relative_to(ROOT / 'pwa/dist')}" for path in (ROOT / "pwa/dist").rglob("*.*")}
    seeds = ROOT / "backend" / "moshao" / "seeds"
    wanted |= {f"moshao/seeds/{path.relative_to(seeds)}" for path in seeds.rglob("*.*")}
    assert wanted - names == set()
    assert {"moshao/web/index.html", "moshao/py.typed"} <= names
    assert [name for name in names if not name.startswith(("moshao/", "moshao-"))] == []


def _part(page: str, heading: str) -> list[str]:
    """The lines of a page from a heading to the next."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    return text[text.index(heading) + len(heading) :].split("\n## ")[0].splitlines()
