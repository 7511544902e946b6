"""Notes on a case: a voice, a photo, with a network or without; heard and seen where they stand on the timeline."""

import hashlib
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.handset import Handset
from tests.browser.street import PHOTOS, Street, done_to
from tests.browser.test_closing import all_sent

pytestmark = pytest.mark.asyncio(loop_scope="package")
PLAYS = """(audio) => new Promise((done) => {
    const look = () => audio.currentTime > 0.1 && done()
    audio.addEventListener('timeupdate', look)
    look()
})"""
SOUND = b"\x1a\x45\xdf\xa3", b"OggS"


async def test_a_voice_and_a_photo_said_with_no_network_arrive_as_they_were_sealed(
    street: Street, with_media: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(with_media, street.handler_of(case))
    page = phone.page
    await phone.sign_in()
    await phone.open(case["id"])
    await phone.ready_for_no_network()
    with phone.watch.server_away():
        await phone.context.set_offline(True)
        await note(phone)
        await record(page)
        await phone.photograph(PHOTOS / "drawn_stall_after.jpg", "附照片")
        await page.get_by_role("button", name="提交 · 补充说明").click()
        waiting = page.locator(".timeline li").first
        await expect(waiting).to_contain_text("补充说明 · 待上传")
        await heard(page)
        await phone.context.set_offline(False)
        await all_sent(phone)
    truth = await street.case(case["id"])
    noted = done_to(truth)[-1]
    assert (noted["kind"], truth["state"]) == ("noted", "assigned")
    mine = {photo["usage"]: photo for photo in truth["photos"] if photo["act_id"] == noted["act_id"]}
    assert sorted(mine) == ["scene", "voice"]
    sealed = {row["photo_id"]: row["sha256"] for row in await phone.kept("photos")}
    for photo in mine.values():
        content = await street.photo(photo["id"])
        assert hashlib.sha256(content).hexdigest() == sealed[photo["id"]]
    assert (await street.photo(mine["voice"]["id"])).startswith(SOUND)
    # A colleague's phone has it from the server.
    leader = await hand(with_media, street.leader_of(street.handler_of(case).unit_code))
    await leader.sign_in()
    await leader.open(case["id"])
    await heard(leader.page)
    await expect(leader.page.locator(".timeline .attached img")).to_be_visible()


async def test_a_recording_is_thrown_away_and_nothing_is_no_note(
    street: Street, with_media: Browser, hand: Any
) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(with_media, street.handler_of(case))
    await phone.sign_in()
    await phone.open(case["id"])
    await note(phone)
    await record(phone.page)
    await phone.page.get_by_role("button", name="删除录音").click()
    await phone.page.get_by_role("button", name="提交 · 补充说明").click()
    await expect(phone.page.get_by_role("alert")).to_have_text("请录音、拍照，或写一句话")
    assert await phone.kept("outbox") == []
    assert await phone.kept("photos") == []


async def note(phone: Handset) -> None:
    await phone.page.locator(".closing .others button").last.click()
    await phone.page.get_by_role("button", name="补充说明", exact=True).click()


async def record(page: Page) -> None:
    await page.get_by_role("button", name="录音").click()
    await expect(page.locator(".recorder")).to_contain_text("停止 · 1/")
    await page.locator(".recorder").click()
    await expect(page.get_by_role("button", name="听录音")).to_be_visible()


async def heard(page: Page) -> None:
    """It plays, and time goes on in it."""
    player = page.locator(".timeline .voice")
    await player.get_by_role("button").click()
    await player.locator("audio").evaluate(PLAYS)
