"""GET /api/stream on a real socket: a number when something of his changed, and an end."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from moshao.app import BELLS
from moshao.kit import ids
from moshao.kit.pulse import Pulse
from moshao.people.actor import Actor
from moshao.people.settings import DistrictSettings
from moshao.sync import streaming
from moshao.sync import streams as streams_module
from moshao.sync.streaming import EventStream
from moshao.sync.streams import STREAMS_PER_PERSON, Stream, Streams
from tests.api.sync.live import listening, on_a_socket
from tests.api.sync.making import Board
from tests.world import World


@pytest.fixture
async def port(world: World) -> AsyncIterator[int]:
    async with on_a_socket(world) as found:
        yield found


def token(world: World, who: str) -> str:
    return world.cast.people[who].token


def event(seq: int) -> bytes:
    return f'id: {seq}\nevent: changes\ndata: {{"seq": {seq}}}\n\n'.encode()


def app_state(world: World) -> Any:
    return world.app.app.state


async def test_a_change_of_his_is_told_exactly_so(world: World, board: Board, port: int) -> None:
    case = await board.put(handler_id=world.id_of("handler"))
    async with listening(port, token(world, "handler")) as stream:
        assert stream.status == 200
        assert stream.headers["content-type"] == "text/event-stream"
        assert stream.headers["cache-control"] == "no-store"
        assert await stream.block() == b"retry: 2000\n\n"
        changed = await board.change(case.id)
        assert await stream.block() == event(changed.changed_seq)


async def test_a_beat_of_this_process_is_told_at_once(
    world: World, board: Board, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams_module, "LOOK_SECONDS", 1000)
    case = await board.put(handler_id=world.id_of("handler"))
    async with listening(port, token(world, "handler")) as stream:
        await stream.block()
        changed = await board.change(case.id)
        app_state(world).pulse.beat(world.cast.district_id)
        assert await stream.block() == event(changed.changed_seq)


async def test_what_is_not_his_does_not_wake_him(world: World, board: Board, port: int) -> None:
    mine, others = await board.put(), await board.put(unit_id=world.cast.units["other_street"])
    async with (
        listening(port, token(world, "leader_of_crew")) as his,
        listening(port, token(world, "supervisor")) as districts,
    ):
        first = await board.change(others.id)
        assert await districts.event() == event(first.changed_seq)
        second = await board.change(mine.id)
        assert await his.event() == event(second.changed_seq)
        assert await districts.event() == event(second.changed_seq)


async def test_who_lost_a_case_is_woken(world: World, board: Board, port: int) -> None:
    case = await board.put(handler_id=world.id_of("handler"))
    async with listening(port, token(world, "handler")) as stream:
        await stream.block()
        changed = await board.assign(case.id, "colleague")
        assert await stream.event() == event(changed.changed_seq)


@pytest.mark.parametrize("by_header", [True, False])
async def test_who_missed_something_is_told_at_once(world: World, board: Board, port: int, by_header: bool) -> None:
    case = await board.put()
    known = case.changed_seq
    changed = await board.change(case.id)
    path = "/api/stream" if by_header else f"/api/stream?after={known}"
    headers = {"Last_Event_ID": str(known)} if by_header else {}
    async with listening(port, token(world, "supervisor"), path, **headers) as stream:
        assert await stream.event() == event(changed.changed_seq)


async def test_who_knows_all_is_told_what_comes_next(world: World, board: Board, port: int) -> None:
    case = await board.put()
    async with listening(port, token(world, "supervisor"), Last_Event_ID=str(case.changed_seq)) as stream:
        changed = await board.change(case.id)
        assert await stream.event() == event(changed.changed_seq)


@pytest.mark.parametrize("last", ["x", "-5", "9" * 40, "٣"])
async def test_nonsense_as_last_event_counts_as_none(world: World, board: Board, port: int, last: str) -> None:
    case = await board.put()
    async with listening(port, token(world, "supervisor"), Last_Event_ID=last) as stream:
        assert stream.status == 200
        changed = await board.change(case.id)
        assert await stream.event() == event(changed.changed_seq)


async def test_a_comment_keeps_it_alive(world: World, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "COMMENT_SECONDS", 0.02)
    async with listening(port, token(world, "handler")) as stream:
        assert [await stream.block() for _ in range(4)] == [b"retry: 2000\n\n", b":\n\n", b":\n\n", b":\n\n"]


def test_comments_come_every_15_seconds() -> None:
    assert streaming.COMMENT_SECONDS == 15


async def test_nobody_gets_none(world: World, port: int) -> None:
    async with listening(port, "nonsense") as stream:
        assert stream.status == 401


async def test_it_ends_on_sign_out(world: World, board: Board, port: int) -> None:
    case = await board.put(handler_id=world.id_of("colleague"))
    async with listening(port, token(world, "handler")) as his, listening(port, token(world, "colleague")) as others:
        await his.block()
        await others.block()
        assert (await world.as_("handler").client.delete("/api/sessions/current")).status_code in (200, 204)
        assert await his.end() == []
        changed = await board.change(case.id)
        assert await others.event() == event(changed.changed_seq)


async def test_it_ends_when_the_server_stops(world: World, port: int) -> None:
    async with listening(port, token(world, "handler")) as stream:
        await stream.block()
        app_state(world).stopping.set()
        assert await stream.end() == []


async def test_the_newest_streams_of_a_person_count(world: World, board: Board, port: int) -> None:
    case = await board.put()
    async with listening(port, token(world, "supervisor")) as oldest:
        await oldest.block()
        newer = [listening(port, token(world, "supervisor")) for _ in range(STREAMS_PER_PERSON)]
        opened = [await stream.__aenter__() for stream in newer]
        assert await oldest.end() == [b"retry: 60000\n\n"]
        changed = await board.change(case.id)
        assert [await stream.event() for stream in opened] == [event(changed.changed_seq)] * STREAMS_PER_PERSON
        for stream in newer:
            await stream.__aexit__(None, None, None)


async def test_who_goes_leaves_nothing_behind(world: World, port: int) -> None:
    async with listening(port, token(world, "handler")) as stream:
        await stream.block()
        streams = app_state(world).streams
        assert len(streams._open) == 1
    async with asyncio.timeout(60):
        while streams._open:  # noqa: ASYNC110 - nobody is to be told when a client has gone
            await asyncio.sleep(0.01)
    assert streams._watch is None
    async with listening(port, token(world, "handler")) as again:
        assert await again.block() == b"retry: 2000\n\n"


async def test_a_reader_who_takes_nothing_is_dropped(
    world: World, board: Board, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "SEND_SECONDS", 0.05)
    streams = Streams(world.db, BELLS, Pulse(), asyncio.Event())
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    answer = EventStream(streams, supervisor(world), 0)
    scope: Any = {"type": "http"}
    await asyncio.wait_for(answer(scope, receive, send), 60)
    assert [message["type"] for message in sent][:2] == ["http.response.start", "http.response.body"]
    assert not streams._open


async def test_a_slow_reader_is_told_the_latest_only(world: World) -> None:
    stream = Stream(supervisor(world), 5, 5)
    for seq in range(6, 10_000):
        stream.tell(seq)
    assert await streaming._next(stream) == event(9_999)
    assert stream.seq == stream.told


def supervisor(world: World) -> Actor:
    return Actor(
        session_id=ids.new_id(), person_id=world.id_of("supervisor"), district_id=world.cast.district_id,
        unit_id=world.cast.units["district"], unit_path=(world.cast.units["district"],), name="周督查",
        staff_no="t-007", role="supervisor", roster=0, settings=DistrictSettings(),
    )  # fmt: skip
