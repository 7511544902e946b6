"""The open app: its stream says that there is something to hear, GET /api/alerts says what."""

from tests.api.alerts.bell import Bell
from tests.api.sync.live import listening, on_a_socket


async def heard(bell: Bell, who: str = "handler", **params: str) -> list[dict[str, object]]:
    answer = await bell.world.as_(who).get("/api/alerts", params=params)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["alerts"])


async def test_an_open_app_is_told_and_confirms(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    (alert,) = await heard(bell)
    assert (alert["case_id"], alert["kind"]) == (str(case_id), "assigned")
    assert await bell.state_of(case_id) == "climbing"
    assert await bell.receipt(alert["delivery_id"]) == 204
    assert await heard(bell) == []
    assert await bell.state_of(case_id) == "heard"


async def test_it_is_told_in_its_language(bell: Bell) -> None:
    await bell.assign()
    await bell.work()
    (alert,) = await heard(bell, language="en")
    assert str(alert["title"]).startswith("New case")


async def test_others_hear_nothing(bell: Bell) -> None:
    await bell.assign()
    await bell.work()
    for who in ("colleague", "stranger", "leader_of_crew", "neighbour_handler"):
        assert await heard(bell, who) == []


async def test_what_a_browser_showed_is_heard(bell: Bell) -> None:
    browser = await bell.subscribe("handler")
    await bell.assign()
    await bell.work()
    (said,) = bell.service.for_browser(browser)
    assert len(await heard(bell)) == 1
    await bell.receipt(said["delivery_id"])
    assert await heard(bell) == []


async def test_the_stream_wakes_who_was_rung_and_nobody_else(bell: Bell) -> None:
    tokens = {who: bell.world.cast.people[who].token for who in ("handler", "colleague")}
    async with (
        on_a_socket(bell.world) as port,
        listening(port, tokens["handler"]) as his,
        listening(port, tokens["colleague"]) as others,
    ):
        await his.block()
        await others.block()
        await bell.assign()
        await bell.work()
        told = b""
        while b"event: ring" not in told:
            told = await his.block()
            assert told, "the stream ended"
        await bell.assign("colleague")
        assert b"event: changes" in await others.block(), "nothing came before his own case"


async def test_who_has_done_it_hears_nothing(bell: Bell) -> None:
    case_id = await bell.assign()
    await bell.work()
    assert (await bell.world.as_("handler").act(case_id, "acceptances")).status_code == 201
    await bell.work()
    assert await heard(bell) == []
    assert await bell.state_of(case_id) == "acted"
