"""How upstream gets the bytes of a photo: by a link, inside the event that names it, or uploaded before that event."""

import base64
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from moshao.evidence import keys
from moshao.evidence.queries import find_photos
from moshao.evidence.room import Evidence
from moshao.kit import clock
from moshao.kit.outgoing import Answer, Outgoing
from moshao.kit.webhooks import signed_headers
from moshao.upstream.linking import token_for
from moshao.upstream.queries import Upstream

# Where bytes go along, the event waits for photos still on their way, but not for ever.
WAIT = timedelta(days=1)
AGAIN_SECONDS = 30.0
UPLOAD_SECONDS = 30.0


class NotYet(Exception):
    """The event has to wait for `seconds`; that is nobody's fault."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class NotTaken(Exception):
    """Upstream refused the upload with `answer`."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


class HandingOver:
    """For one worker."""

    def __init__(self, evidence: Evidence, outgoing: Outgoing, base_url: str) -> None:
        self._evidence = evidence
        self._outgoing = outgoing
        self._base_url = base_url

    async def hand_over(self, upstream: Upstream, at: datetime, photo: dict[str, Any]) -> dict[str, Any]:
        """The photo of an event that happened `at`, with what upstream finds its bytes by; one that never came is named
        without. Raises NotYet, NotTaken, Unreachable."""
        photo_id = UUID(photo["id"])
        if upstream.settings.media == "link":
            token = token_for(upstream.link_key, upstream.id, photo_id)
            return {**photo, "url": f"{self._base_url}/api/feedback_photos/{token}"}
        async with self._evidence.db.reading() as reader:
            found = (await find_photos(reader, [photo_id]))[photo_id]
        if found.state == "missing" and clock.now() < at + WAIT:
            raise NotYet(AGAIN_SECONDS)
        if found.state != "held" or found.sha256 is None:
            return photo
        content = await self._evidence.blobs.read(keys.original(found.sha256))
        if upstream.settings.media == "inline_base64":
            return {**photo, "content_base64": base64.b64encode(content).decode()}
        return {**photo, "url": await self._upload(upstream, photo_id, content, found.media_type)}

    async def _upload(self, upstream: Upstream, photo_id: UUID, content: bytes, media_type: str | None) -> str:
        """Where it lies now. The same photo again, with the next attempt, is the same PUT."""
        url = f"{(upstream.settings.upload_url or '').rstrip('/')}/{photo_id}"
        named = {"Content-Type": media_type or "application/octet-stream"}
        headers = named | signed_headers(upstream.secrets, str(photo_id), content)
        answer = await self._outgoing.put(url, content, headers, seconds=UPLOAD_SECONDS, public_only=False)
        if not answer.good:
            raise NotTaken(answer)
        return url
