"""What the doctor says of settings alone."""

from pathlib import Path

import pytest

from moshao.kit.config import load
from moshao.operate.examining_machine import data_found, secure_context, settings_found


@pytest.mark.parametrize(
    ("base_url", "level"),
    [
        ("https://cg.example.cn", "ok"),
        ("http://127.0.0.1:8000", "warn"),
        ("http://[::1]:8000", "warn"),
        ("http://localhost:8000", "warn"),
        ("http://10.0.0.5", "bad"),
        ("http://cg.example.cn", "bad"),
    ],
)
def test_what_phones_need(base_url: str, level: str) -> None:
    assert secure_context(base_url).level == level


@pytest.mark.parametrize(
    ("environ", "about"),
    [
        ({"MOSHAO_BASE_URL": "https://cg.example.cn"}, "proxy"),
        ({"MOSHAO_TEST_CONNECT": "city.example=127.0.0.1:9"}, "test setting"),
        ({"MOSHAO_BACKUP_TO": "/mnt/backup"}, "backup"),
    ],
)
def test_settings_that_let_somebody_down(environ: dict[str, str], about: str) -> None:
    assert [found.about for found in settings_found(load(environ)) if found.level != "ok" and found.cure][-1] == about


def test_a_data_directory_that_is_not_there(tmp_path: Path) -> None:
    (found,) = data_found(load({"MOSHAO_DATA": str(tmp_path / "none")}))
    assert found.level == "bad"


def test_a_data_directory_that_others_read(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert "chmod 750" in next(found.cure for found in data_found(load({"MOSHAO_DATA": str(tmp_path)})))
    tmp_path.chmod(0o750)
    assert {found.level for found in data_found(load({"MOSHAO_DATA": str(tmp_path)})) if found.about == "data"} == set()
