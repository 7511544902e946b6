"""What no page may do, whatever a test is about: break the policy, throw, complain, or talk to a stranger."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# A violation reaches the console in one browser and not in the other: the page is made to say it in both.
SAY_VIOLATIONS = """
    addEventListener('securitypolicyviolation', (event) =>
        console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`))
"""
WRITING = re.compile(r"^/api/(?:cases/[^/]+/)?(uploads|reports|[a-z_]+(?=/[^/]+$))")
# How browsers word that a server is not there, or said no.
OF_THE_NETWORK = (
    "Failed to load resource",
    "net::ERR_",
    "NetworkError",
    "can’t establish a connection",
    "was interrupted while the page was loading",
    "ServiceWorker intercepted the request and encountered an unexpected error",
)


class Watch:
    """Over the pages of a browser context. `faults`: what went wrong so far. `written`: photos and acts sent and
    answered, as "PUT closures 201"."""

    def __init__(self, base_url: str) -> None:
        self.faults: list[str] = []
        self.written: list[str] = []
        self._home = urlsplit(base_url).netloc
        self._away = 0

    async def over(self, context: BrowserContext) -> None:
        await context.add_init_script(SAY_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", self._thrown)
        context.on("request", self._request)
        context.on("response", self._response)

    @contextmanager
    def server_away(self) -> Iterator[None]:
        """Failing requests are no fault meanwhile; one such time may lie within another."""
        self._away += 1
        try:
            yield
        finally:
            self._away -= 1

    def _console(self, message: ConsoleMessage) -> None:
        if message.type != "error" and "policy:" not in message.text:
            return
        if self._is_excused(message.text):
            return
        self.faults.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _thrown(self, error: WebError) -> None:
        if not self._is_excused(str(error.error)):
            self.faults.append(f"thrown: {error.error}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in ("http", "https", "ws", "wss") and url.netloc != self._home:
            self.faults.append(f"foreign: {request.url}")

    def _response(self, response: Response) -> None:
        method, path = response.request.method, urlsplit(response.url).path
        if method != "GET" and (found := WRITING.search(path)):
            self.written.append(f"{method} {found[1]} {response.status}")

    def _is_excused(self, text: str) -> bool:
        return self._away > 0 and any(words in text for words in OF_THE_NETWORK)
