"""What lies before the desks of a district: closures with photos, some doubtful, that wait to be looked at."""

import asyncio
import base64
from datetime import timedelta
from typing import Any

from moshao.evidence.cropping import seeded_crop
from moshao.kit import clock
from tests.browser.street import PHOTOS, Street

AT_ONCE = 4
# What it is, where, before, after. Drawn pairs fit each other; real ones show real streets.
SCENES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({
        "title": "暴露垃圾", "major": "06", "minor": "010", "address": "中州路 128 号门前",
        "description": "路口东北角堆放垃圾，散发异味，影响通行",
    }, "drawn_garbage_before", "drawn_garbage_after"),
    ({
        "title": "非机动车乱停放", "major": "09", "minor": "010", "address": "人民路与新华路交叉口公交站",
        "description": "共享单车占用盲道约 20 米",
    }, "drawn_shared_bikes_before", "drawn_shared_bikes_after"),
    ({
        "title": "非法小广告", "major": "07", "minor": "001", "address": "光武路 12 号临街墙面",
        "description": "墙面张贴小广告十余张",
    }, "drawn_small_ads_before", "drawn_small_ads_after"),
    ({
        "title": "占道经营", "major": "09", "minor": "005", "address": "仲景路菜市口",
        "description": "流动摊贩占用人行道经营，现场有油污",
    }, "drawn_stall_before", "drawn_stall_after"),
    ({
        "title": "道路破损", "major": "06", "minor": "013", "address": "工农路 86 号门前车行道",
        "description": "车行道坑槽约 1.5 平方米，雨天积水",
    }, "pothole_02", "sc_surface_asphalt"),
)  # fmt: skip
SPOTS = ((0, 0), (0.0034, 0.0012), (-0.0021, 0.0025), (0.0052, -0.0017), (-0.0046, -0.0009), (0.0011, -0.0031))


async def hand_in(street: Street, unit: str, count: int, *, before: bool = True) -> list[dict[str, Any]]:
    """Cases of a unit, closed on site with a photo each, no two photos alike: they wait for the unit to look."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> dict[str, Any]:
        async with gate:
            return await _handed_in(street, unit, number, before=before)

    # The first of each handler brings his phone, which must not be paired twice.
    first = [await one(number) for number in range(min(count, AT_ONCE))]
    return first + list(await asyncio.gather(*(one(number) for number in range(len(first), count))))


async def send_up(street: Street, unit: str, count: int, **how: bool) -> list[dict[str, Any]]:
    """The same, and passed by the unit: they wait for the centre."""
    handed_in = await hand_in(street, unit, count, **how)
    for case in handed_in:
        await street.let_pass(case)
    return handed_in


async def _handed_in(street: Street, unit: str, number: int, *, before: bool) -> dict[str, Any]:
    said, shown, fixed = SCENES[number % len(SCENES)]
    lon, lat = place(number)
    case = await street.dispatch(
        unit, **said, kind="matter",
        location={"type": "Point", "coordinates": (lon, lat)},
        deadline=(clock.now() + timedelta(minutes=30 + 17 * number)).isoformat(),
        photos=[{"content_base64": _text(_photo(shown, unit, number)), "usage": "before"}] if before else [],
    )  # fmt: skip
    accuracy = (8.0, 15.0, 32.0)[number % 3]
    here = {"type": "Point", "coordinates": (lon + 0.0002, lat + 0.0001)}
    place_said = {"location": here, "accuracy_m": accuracy, "fixed_at": clock.now().isoformat(), "datum": "wgs84"}
    note = {"note": "已清理干净"} if number % 4 == 0 else {}
    await street.close(case, _photo(fixed, unit, number), place=place_said, **note)
    return case


def place(number: int) -> tuple[float, float]:
    east, north = SPOTS[number % len(SPOTS)]
    return 112.5414 + east + 0.0003 * (number // 6), 32.9986 + north + 0.0002 * (number // 6)


def _text(photo: bytes) -> str:
    return base64.b64encode(photo).decode()


def _photo(name: str, *seed: object) -> bytes:
    return seeded_crop((PHOTOS / f"{name}.jpg").read_bytes(), f"{name} {seed}")
