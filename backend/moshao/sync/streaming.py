"""Server-sent events: `changes` with the journal's number, `ring` where there is something to hear (GET /api/alerts),
a comment now and then, nothing of what changed."""

import asyncio
import contextlib

from litestar.types import Receive, Scope, Send

from moshao.kit import pulse
from moshao.people.actor import Actor
from moshao.sync.streams import Stream, Streams

COMMENT_SECONDS = 15.0
# Whoever takes nothing for so long is gone, or might as well be.
SEND_SECONDS = 30.0
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
HELLO = b"retry: 2000\n\n"
COMMENT = b":\n\n"
RING = b"event: ring\ndata: {}\n\n"
# An older stream gave way to a newer one: it should not push back.
LATER = b"retry: 60000\n\n"


class EventStream:
    """An ASGI answer that lasts until the client goes, its session ends, or the server stops."""

    def __init__(self, streams: Streams, actor: Actor, since: int | None) -> None:
        self.streams = streams
        self.actor = actor
        self.since = since

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with self.streams.following(self.actor, self.since) as stream:
            gone = asyncio.create_task(_until_gone(receive))
            gone.add_done_callback(lambda _: stream.end("gone"))
            try:
                await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
                with contextlib.suppress(TimeoutError):
                    await _run(stream, send)
            finally:
                gone.cancel()


async def _run(stream: Stream, send: Send) -> None:
    text = HELLO
    while text:
        await _give(send, text)
        text = await _next(stream)
    await _give(send, LATER if stream.ended == "crowded" else b"", more=False)


async def _give(send: Send, text: bytes, more: bool = True) -> None:
    await asyncio.wait_for(send({"type": "http.response.body", "body": text, "more_body": more}), SEND_SECONDS)


async def _next(stream: Stream) -> bytes:
    """What is to be sent next; empty when the stream has ended."""
    news = await pulse.wait(stream.wake, COMMENT_SECONDS)
    stream.wake.clear()
    if stream.ended:
        return b""
    changed, stream.told = stream.seq != stream.told, stream.seq
    rung, stream.rung = stream.rung, False
    if not news or not (changed or rung):
        return COMMENT
    text = b'id: %d\nevent: changes\ndata: {"seq": %d}\n\n' % (stream.seq, stream.seq) if changed else b""
    return text + (RING if rung else b"")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
