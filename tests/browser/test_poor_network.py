"""A cellar with three seconds of network in ten: photos arrive all the same, and hardly a byte twice."""

import asyncio
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from moshao.kit import clock
from tests.browser.handset import Handset
from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import photos_held
from tests.browser.wire import a_wire
from tests.results import keep

pytestmark = pytest.mark.asyncio(loop_scope="package")
UP_SECONDS, DOWN_SECONDS = 3.0, 7.0
BYTES_PER_SECOND = 400_000 / 8
FAR_SECONDS = 0.8
LARGEST_PHOTO = 200_000
WASTE_MOST = 1.25
LONGEST_SECONDS = 240
TAKEN = sorted(PHOTOS.glob("pothole_*.jpg"))[:10]


@pytest.mark.long
async def test_ten_photos_arrive_over_three_seconds_in_ten(street: Street, chromium: Browser, hand: Any) -> None:
    unit = street.unit()
    first = await street.dispatch(unit)
    member = street.handler_of(first)
    cases = [first]
    while len(cases) < len(TAKEN):
        case = await street.dispatch(unit)
        if street.handler_of(case) == member:
            cases.append(case)
    async with a_wire(urlsplit(street.demo.base_url).port or 0) as (wire, port):
        phone: Handset = await hand(chromium, member, base_url=f"http://127.0.0.1:{port}")
        await phone.sign_in()
        await expect(phone.card(first["id"])).to_be_visible()
        await phone.ready_for_no_network()
        with phone.watch.server_away():
            wire.go_down()
            for case, photo in zip(cases, TAKEN, strict=True):
                await phone.open(case["id"])
                await phone.photograph(photo)
                await phone.submit()
                await expect(phone.page.locator(".done-bar")).to_be_visible()
            sizes = [row["length"] for row in await phone.kept("photos")]
            assert len(sizes) == len(TAKEN)
            assert max(sizes) <= LARGEST_PHOTO
            wire.worsen(bytes_per_second=BYTES_PER_SECOND, far=FAR_SECONDS)
            before, began = wire.up_bytes, clock.monotonic()
            cycling = asyncio.create_task(wire.cycle(up=UP_SECONDS, down=DOWN_SECONDS))
            try:
                await phone.page.evaluate("location.hash = '#/outbox'")
                await expect(phone.page.get_by_role("heading", name="没有待传的东西")).to_be_visible(timeout=900_000)
                took, waste = clock.monotonic() - began, (wire.up_bytes - before) / sum(sizes)
            finally:
                cycling.cancel()
            keep(
                f"{len(sizes)} photos of {sum(sizes) // len(sizes) // 1000} KB, 3 s of network in 10",
                f"{took:.0f} s, {waste:.2f} × their bytes",
                wanted=f"≤ {LONGEST_SECONDS} s, ≤ {WASTE_MOST} ×",
            )
            assert waste <= WASTE_MOST
            assert took <= LONGEST_SECONDS
            for case in cases:
                await photos_held(street, phone, await street.case(case["id"]), 1)
