"""A wrong setting stops the start and names itself."""

from pathlib import Path

import pytest

from moshao.kit.config import SETTINGS, BadSetting, load


def test_nothing_set_is_enough(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load({})
    assert settings.database_url == f"sqlite:///{tmp_path}/data/moshao.db"
    assert settings.blobs_url == f"file://{tmp_path}/data/blobs"
    assert settings.base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "70000"),
        ("DATABASE_URL", "mysql://x"),
        ("BLOBS_URL", "/var/photos"),
        ("BASE_URL", "moshao.example"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("PIXEL_CHILDREN", "0"),
        ("WORKERS", "none"),
        ("TEST_CONNECT", "fcm.googleapis.com=8.8.8.8:443"),
    ],
)
def test_a_bad_value_names_itself(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"MOSHAO_{name}"):
        load({f"MOSHAO_{name}": value})


def test_an_unknown_setting_is_no_typo_to_guess_at() -> None:
    with pytest.raises(BadSetting, match="MOSHAO_PROT"):
        load({"MOSHAO_PROT": "8000"})


def test_several_web_processes_need_postgres() -> None:
    with pytest.raises(BadSetting, match="MOSHAO_WORKERS"):
        load({"MOSHAO_WORKERS": "2"})
    assert load({"MOSHAO_WORKERS": "2", "MOSHAO_DATABASE_URL": "postgres://h/d"}).workers == 2


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("geheim\n")
    assert load({"MOSHAO_METRICS_TOKEN_FILE": str(tmp_path / "token")}).metrics_token == "geheim"
    with pytest.raises(BadSetting, match="both set"):
        load({"MOSHAO_METRICS_TOKEN_FILE": str(tmp_path / "token"), "MOSHAO_METRICS_TOKEN": "x"})
    with pytest.raises(BadSetting, match="MOSHAO_METRICS_TOKEN_FILE"):
        load({"MOSHAO_METRICS_TOKEN_FILE": str(tmp_path / "absent")})


def test_every_setting_stands_in_the_docs() -> None:
    text = Path("docs/settings.md").read_text()
    missing = [setting.name for setting in SETTINGS if f"`MOSHAO_{setting.name}`" not in text]
    assert not missing
