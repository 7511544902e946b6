"""The review queue: fifty cases by keyboard, nobody's twice, everything taken back in time, nothing of others."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser import centre
from tests.browser.desks import Desk
from tests.browser.street import Street, a_street

pytestmark = pytest.mark.asyncio(loop_scope="package")
KEYS_EACH = 2


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    """A district of its own: a supervisor has before him whatever any unit sends up."""
    async with a_street(tmp_path_factory.mktemp("district")) as made:
        yield made


async def number_at(desk: Desk) -> str:
    """The number of the case that is shown."""
    return await desk.page.locator(".facts header .soft").inner_text()


async def settled(desk: Desk, count: int) -> None:
    """Everything that was decided here has been sent: so many acts in all."""

    def done() -> int:
        return len([line for line in desk.watch.written if line.endswith(" 201")])

    # Not by the tray alone: what was decided this moment does not lie in it yet.
    while done() < count:
        await desk.context.wait_for_event("response", timeout=60_000)
    await expect(desk.page.locator(".tray")).to_have_count(0, timeout=60_000)
    assert done() == count, desk.watch.written


async def emptied(desk: Desk) -> None:
    await expect(desk.page.get_by_text("没有待复核的案件")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.long)])
async def test_a_case_takes_at_most_two_keys(street: Street, chromium: Browser, seat: Any, count: int) -> None:
    sent_up = await centre.send_up(street, street.unit(), count)
    desk = await seat(chromium, street.one("supervisor"))
    await desk.sign_in("queue")
    await expect(desk.page.get_by_role("status").filter(has_text="待复核")).to_have_text(f"待复核 {count} 件")
    before = await desk.pressed()
    seen: list[str] = []
    for number in range(count):
        await expect(desk.page.locator(".facts header .soft")).not_to_have_text(seen[-1] if seen else "")
        seen.append(await number_at(desk))
        await desk.press(*(("r", "1") if number % 5 == 4 else ("c", "1") if number % 5 == 3 else ("p",)))
    await emptied(desk)
    assert await desk.pressed() - before <= KEYS_EACH * count
    await settled(desk, count)
    assert sorted(seen) == sorted(case["case_no"] for case in sent_up)
    states = [(await street.case(case["id"]))["state"] for case in sent_up]
    assert {state: states.count(state) for state in set(states)} == {
        "closed": count * 3 // 5, "checking": count // 5, "in_progress": count // 5,
    }  # fmt: skip


async def test_two_supervisors_never_have_the_same_case(street: Street, chromium: Browser, seat: Any) -> None:
    sent_up = await centre.send_up(street, street.unit(), 16)
    desks = [await seat(chromium, street.one("supervisor", number=number)) for number in (0, 1)]
    for desk in desks:
        await desk.sign_in("queue")
        await expect(desk.page.locator(".facts")).to_be_visible()

    async def clear(desk: Desk) -> list[str]:
        seen: list[str] = []
        shown = desk.page.locator(".facts header .soft, .queue > .empty strong")
        while (words := await shown.first.inner_text()) != "没有待复核的案件":
            if words != "正在更新…":
                seen.append(words)
                await desk.press("p")
            await expect(shown.first).not_to_have_text(words)
        return seen

    found = await asyncio.gather(*map(clear, desks))
    assert sorted(found[0] + found[1]) == sorted(case["case_no"] for case in sent_up)
    assert all(found)
    for desk, seen in zip(desks, found, strict=True):
        await settled(desk, len(seen))
    assert {(await street.case(case["id"]))["state"] for case in sent_up} == {"closed"}


async def test_what_was_decided_can_be_taken_back_even_after_a_reload(
    street: Street, browser: Browser, seat: Any
) -> None:
    (case,) = await centre.send_up(street, street.unit(), 1)
    desk = await seat(browser, street.one("supervisor"))
    await desk.sign_in("queue")
    await expect(desk.page.locator(".facts")).to_contain_text(case["case_no"])
    await desk.press("p")
    await emptied(desk)
    await expect(desk.page.locator(".tray")).to_contain_text("通过结案")
    await desk.press("z")
    await expect(desk.page.locator(".facts")).to_contain_text(case["case_no"])
    await desk.press("r", "2")
    await emptied(desk)
    await expect(desk.page.locator(".tray")).to_contain_text("返工")
    await desk.page.reload()
    await expect(desk.page.locator(".tray")).to_contain_text("返工")
    await desk.press("z")
    await expect(desk.page.locator(".facts")).to_contain_text(case["case_no"])
    assert (await street.case(case["id"]))["state"] == "feedback"
    assert not [line for line in desk.watch.written if "reviews" in line]
    await desk.press("p")
    await settled(desk, 1)
    assert (await street.case(case["id"]))["state"] == "closed"


async def test_what_nothing_is_marked_on_passes_in_one_go(street: Street, chromium: Browser, seat: Any) -> None:
    unit = street.unit()
    plain = await centre.send_up(street, unit, 5)
    doubtful = await street.dispatch(unit)
    await street.handle(doubtful)
    await street.let_pass(doubtful)
    await street.handle(again := await street.dispatch(unit))
    await street.let_pass(again)
    desk = await seat(chromium, street.one("supervisor"))
    await desk.sign_in("queue")
    await expect(desk.page.locator(".facts")).to_be_visible()
    await desk.press("u")
    dialog = desk.page.get_by_role("dialog", name="批量通过")
    shown = dialog.get_by_role("checkbox")
    await expect(shown).to_have_count(6)
    await expect(dialog).not_to_contain_text(again["case_no"])
    await desk.press("x", "Enter")
    await expect(desk.page.locator(".tray")).to_contain_text("5 件")
    await settled(desk, 5)
    states = [(await street.case(case["id"]))["state"] for case in (*plain, doubtful)]
    assert sorted(states) == ["closed"] * 5 + ["feedback"]
    for case in (*plain, doubtful, again):
        if (await street.case(case["id"]))["state"] == "feedback":
            await desk.press("p")
    await settled(desk, 7)


async def test_a_unit_reviews_its_own_in_the_same_screen(street: Street, chromium: Browser, seat: Any) -> None:
    unit = street.unit()
    good, bad = await centre.hand_in(street, unit, 2)
    await centre.hand_in(street, street.unit(), 1)
    desk = await seat(chromium, street.one("unit_operator", unit))
    await desk.sign_in("queue")
    await expect(desk.page.locator(".facts")).to_contain_text(good["case_no"])
    await desk.press("p")
    await expect(desk.page.locator(".facts")).to_contain_text(bad["case_no"])
    await desk.press("r", "0")
    await desk.page.keyboard.type("门口还有一袋")
    await desk.press("Enter")
    await emptied(desk)
    await settled(desk, 2)
    assert (await street.case(good["id"]))["state"] == "feedback"
    truth = await street.case(bad["id"])
    assert (truth["state"], truth["round"], truth["reasons"][-1]["words"]) == ("in_progress", 2, "门口还有一袋")


async def test_a_refusal_stands_there_until_it_was_read(street: Street, chromium: Browser, seat: Any) -> None:
    unit = street.unit()
    (case,) = await centre.hand_in(street, unit, 1)
    desk = await seat(chromium, street.one("unit_operator", unit))
    await desk.sign_in("queue")
    await expect(desk.page.locator(".facts")).to_contain_text(case["case_no"])
    with desk.watch.server_away():
        await desk.press("p")
        await street.tell("closed", case["id"], result="上级直接结案")
        refused = desk.page.get_by_role("alert").filter(has_text="没有办成")
        await expect(refused).to_contain_text("已结案", timeout=60_000)
    await refused.get_by_role("button", name="关闭").click()
    await expect(desk.page.locator(".tray")).to_have_count(0)
