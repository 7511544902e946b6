"""What is installed is what was chosen: pinned, hashed, from nowhere in particular."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.txt"))
PIN = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", re.MULTILINE)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text()))


def chosen(requirements: list[str]) -> dict[str, str]:
    return {name.partition("[")[0]: version for name, _, version in (each.partition("==") for each in requirements)}


def test_every_direct_dependency_is_pinned() -> None:
    extras = PROJECT["optional-dependencies"]
    for requirement in [*PROJECT["dependencies"], *extras["test"], *extras["dev"], *extras["node"]]:
        assert re.fullmatch(r"[a-z0-9-]+(\[[a-z]+\])?==[0-9.]+", requirement), requirement


def test_locks_hold_what_pyproject_says() -> None:
    extras = PROJECT["optional-dependencies"]
    run = chosen(PROJECT["dependencies"])
    assert run.items() <= pins("requirements.txt").items()
    assert (run | chosen(extras["test"]) | chosen(extras["dev"])).items() <= pins("requirements-test.txt").items()
    assert chosen(extras["node"]).items() <= pins("requirements-node.txt").items()


def test_locks_agree_on_every_version() -> None:
    widest = pins("requirements-test.txt")
    for lock in ("requirements.txt", "requirements-build.txt"):
        assert pins(lock).items() <= widest.items(), lock


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_has_hashes_and_no_addresses(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    for entry in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_phone_apps_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads((ROOT / "pwa" / "package-lock.json").read_text())["packages"]
    del packages[""]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []
