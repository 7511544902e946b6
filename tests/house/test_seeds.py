"""The data we ship is whole, names its origin, and fits together."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from PIL import ImageFont

SEEDS = Path(str(files("moshao") / "seeds"))
README = (SEEDS / "README.md").read_text("utf-8")


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as sheet:
        return list(csv.DictReader(sheet))


def shipped() -> Iterator[str]:
    for path in sorted(SEEDS.rglob("*")):
        if path.is_file() and path.name != "README.md":
            yield path.relative_to(SEEDS).as_posix()


@pytest.mark.parametrize("name", [name for name in shipped() if not name.startswith("photos/")])
def test_each_file_stands_in_the_readme(name: str) -> None:
    folder, _, file = name.rpartition("/")
    assert f"`{name}`" in README or (f"`{folder}/" in README and f"`{file}`" in README)


def test_manifest_names_each_photo_with_its_bytes_and_licence() -> None:
    licences = (SEEDS / "photos" / "LICENCES.md").read_text("utf-8")
    named = rows("photos/MANIFEST.csv")
    assert {f"photos/{row['file']}" for row in named} == {name for name in shipped() if name.endswith(".jpg")}
    for row in named:
        content = (SEEDS / "photos" / row["file"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (int(row["bytes"]), row["sha256"])
        assert row["author"]
        assert row["obtained_from"]
        words = row["licence"].replace(" ", "-").split("-")
        assert row["licence"] in licences or all(word in licences for word in words)


def test_eighteen_third_tier_units_each_with_a_parent_and_a_street_that_exist() -> None:
    units = rows("wancheng/units.csv")
    streets = json.loads((SEEDS / "wancheng" / "streets_SYNTHETIC.geojson").read_text("utf-8"))["features"]
    codes = [unit["code"] for unit in units]
    assert len(set(codes)) == len(codes)
    assert sum(unit["tier"] == "3" for unit in units) == 18
    assert {unit["street_code"] for unit in units if unit["street_code"]} == {
        street["properties"]["code"] for street in streets
    }
    for place, unit in enumerate(units):
        assert bool(unit["parent"]) == (unit["tier"] == "4")
        assert not unit["parent"] or unit["parent"] in codes[:place]


def test_everything_made_up_on_the_map_says_so() -> None:
    for name in ("streets_SYNTHETIC.geojson", "unit_grids_SYNTHETIC.geojson"):
        document = json.loads((SEEDS / "wancheng" / name).read_text("utf-8"))
        assert "SYNTHETIC" in document["note"]
        assert all(feature["properties"]["synthetic"] for feature in document["features"])


def test_week_of_requests_is_small_and_whole() -> None:
    path = SEEDS / "load" / "boston311_2018-01-08_week.csv.gz"
    assert path.stat().st_size < 150_000
    with gzip.open(path, "rt", encoding="utf-8") as text:
        requests = list(csv.DictReader(text))
    assert len(requests) == 4684
    assert {row["opened"][:10] for row in requests} == {f"2018-01-{day:02}" for day in range(8, 15)}


def test_shares_of_the_day_add_up() -> None:
    profile = json.loads((SEEDS / "load" / "day_profile.json").read_text("utf-8"))
    assert sum(profile["hour_share"]) == pytest.approx(1, abs=0.001)


def test_font_draws_every_word_we_ship() -> None:
    with as_file(files("moshao") / "seeds" / "fonts" / "NotoSansSC-Regular-subset.otf") as path:
        font = ImageFont.truetype(str(path), 24)

    @lru_cache
    def drawn(sign: str) -> bytes:
        mask = font.getmask(sign)
        return bytes(mask) + bytes(mask.size)

    words = "".join(path.read_text("utf-8") for path in SEEDS.rglob("*.csv")) + "宛城区数字化城市管理中心 · ①℃喆堃"
    signs = {sign for sign in words if sign.isprintable() and not sign.isspace()}
    assert drawn("\U0001f6b3") == drawn("\U0001f6b2")  # what a sign that is missing looks like
    missing = {sign for sign in signs if drawn(sign) == drawn("\U0001f6b2")}
    assert not missing
