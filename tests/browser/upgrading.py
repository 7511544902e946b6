"""A door before the district's server, behind which it is upgraded: the new build has every file by another name."""

import hashlib
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
from aiohttp import web

from moshao.app import web_folder

HASHED = re.compile(r"^(.+-)([\w-]{8})((?:\.worker)?\.(?:js|css))$")
BETWEEN_HOPS = ("connection", "transfer-encoding", "content-length")
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".json": "application/json"}


class Door:
    """`upgrade()`: from now on the new build is served, and the files of the old one are gone."""

    def __init__(self, server: str, pool: aiohttp.ClientSession) -> None:
        self._server = server
        self._pool = pool
        self._files: dict[str, bytes] = {}

    def upgrade(self) -> None:
        self._files = _another_build(web_folder())

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self._files and (request.path in self._files or request.path.startswith("/assets/")):
            if request.path not in self._files:
                raise web.HTTPNotFound
            kind = TYPES.get(Path(request.path).suffix, "text/html")
            return web.Response(body=self._files[request.path], content_type=kind)
        headers = {name: value for name, value in request.headers.items() if name.lower() not in BETWEEN_HOPS}
        async with self._pool.request(
            request.method, self._server + request.path_qs, headers=headers, data=await request.read(),
            allow_redirects=False,
        ) as answer:  # fmt: skip
            kept = {name: value for name, value in answer.headers.items() if name.lower() not in BETWEEN_HOPS}
            response = web.StreamResponse(status=answer.status)
            response.headers.extend(kept)
            await response.prepare(request)
            async for chunk in answer.content.iter_any():
                await response.write(chunk)
            return response


def _another_build(dist: Path) -> dict[str, bytes]:
    """What the phone loads, by its URL path."""
    shell: dict[str, str] = json.loads((dist / "shell.json").read_bytes())
    names = {Path(path).name for path in shell if HASHED.match(Path(path).name)}
    files = {path: (dist / ("index.html" if path == "/" else path[1:])).read_bytes() for path in shell}
    renamed = {_renamed(path.encode(), names).decode(): _renamed(body, names) for path, body in files.items()}
    digests = {path: hashlib.sha256(body).hexdigest() for path, body in renamed.items()}
    new_shell = json.dumps(digests).encode()
    worker = (dist / "sw.js").read_bytes()
    old, new = (hashlib.sha256(one).hexdigest().encode() for one in ((dist / "shell.json").read_bytes(), new_shell))
    assert old in worker
    return {**renamed, "/shell.json": new_shell, "/sw.js": worker.replace(old, new)}


def _renamed(body: bytes, names: set[str]) -> bytes:
    for name in names:
        body = body.replace(name.encode(), HASHED.sub(r"\1NEW\2\3", name).encode())
    return body


@asynccontextmanager
async def a_door(server: str) -> AsyncIterator[tuple[Door, str]]:
    """It, and the address at which a phone finds it."""
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as pool:
        door = Door(server, pool)
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", door.answer)
        runner = web.AppRunner(app, shutdown_timeout=1)
        await runner.setup()
        try:
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            host, port = runner.addresses[0][:2]
            yield door, f"http://{host}:{port}"
        finally:
            await runner.cleanup()
