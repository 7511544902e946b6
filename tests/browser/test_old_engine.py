"""An engine of 2020 that has no service worker either (WeChat on an iPhone): a whole case in a reduced way, and it says
what is missing."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.street import PHOTOS, Street
from tests.browser.test_closing import all_sent, photos_held

pytestmark = pytest.mark.asyncio(loop_scope="package")
# What came after Chrome 80 and what some engines never had; before any program of the page runs.
OLDER = """{
    const without = (owner, ...names) => names.forEach((name) => { delete owner[name] })
    without(Array.prototype, 'at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with')
    without(String.prototype, 'at', 'replaceAll', 'isWellFormed', 'toWellFormed')
    without(Object, 'hasOwn', 'groupBy')
    without(Promise, 'any', 'withResolvers', 'try')
    without(AbortSignal, 'timeout', 'any', 'abort')
    without(Crypto.prototype, 'randomUUID')
    without(Element.prototype, 'replaceChildren', 'checkVisibility', 'scrollIntoViewIfNeeded')
    without(Intl, 'Segmenter', 'DurationFormat', 'supportedValuesOf')
    without(Navigator.prototype, 'serviceWorker', 'locks', 'share', 'canShare', 'setAppBadge', 'clearAppBadge',
        'scheduling', 'userAgentData', 'wakeLock', 'storage')
    without(Blob.prototype, 'bytes')
    without(window, 'structuredClone', 'WeakRef', 'FinalizationRegistry', 'AggregateError', 'BarcodeDetector',
        'scheduler', 'navigation', 'OffscreenCanvas', 'BroadcastChannel', 'requestIdleCallback', 'PushManager',
        'Notification', 'caches', 'MediaRecorder', 'speechSynthesis', 'ReportingObserver', 'reportError')
}"""


async def test_a_case_is_closed_and_what_is_missing_is_said(street: Street, chromium: Browser, hand: Any) -> None:
    case = await street.dispatch(street.unit())
    phone = await hand(chromium, street.handler_of(case))
    page = phone.page
    await phone.context.add_init_script(OLDER)
    await phone.sign_in()
    assert await page.evaluate("[navigator.serviceWorker, [].at, window.caches].every((one) => one === undefined)")
    await page.goto("/#/check")
    await expect(page.get_by_text("没有网络时打不开应用。请用系统浏览器打开，不要在微信里用。")).to_be_visible()
    await expect(page.get_by_text("新案件不能在后台响铃。请打开应用查看，或允许通知。")).to_be_visible()
    await page.goto("/#/")
    with phone.watch.server_away():
        async with phone.no_network():
            await phone.card(case["id"]).click()
            await phone.photograph(PHOTOS / "drawn_garbage_after.jpg", "拍照处置")
            await phone.submit()
            await expect(page.get_by_text("已处置 · 待上传 1 张").first).to_be_visible()
        await all_sent(phone)
    truth = await street.case(case["id"])
    assert truth["state"] == "handled"
    await photos_held(street, phone, truth, 1)
