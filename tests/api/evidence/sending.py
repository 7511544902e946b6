"""Uploads as an outsider would send them: tus 1.0.0 in plain HTTP."""

import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx

from moshao.kit import ids
from tests.phone import Phone

OFFSET_TYPE = "application/offset+octet-stream"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checksum(content: bytes) -> str:
    return f"sha256 {base64.b64encode(hashlib.sha256(content).digest()).decode()}"


def metadata(**members: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in members.items())


class Sending:
    """One photo of one phone. `response` is the last one."""

    def __init__(self, phone: Phone, content: bytes, *, photo_id: UUID | None = None, **said: str) -> None:
        self.phone = phone
        self.content = content
        self.photo_id = photo_id or ids.new_id()
        self.said = {"photo_id": str(self.photo_id), "sha256": sha256(content), "usage": "after"} | said
        self.url = f"/api/uploads/{self.photo_id}"

    def headers(self, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Tus-Resumable": "1.0.0"} | named

    async def create(self, body: bytes | AsyncIterator[bytes] = b"", **more: str) -> httpx.Response:
        """`body` in pieces is the whole photo."""
        headers = self.headers(Upload_Length=str(len(self.content)), Upload_Metadata=metadata(**self.said))
        if body:
            headers["Content-Type"] = OFFSET_TYPE
        if not isinstance(body, bytes):
            headers["Content-Length"] = str(len(self.content))
        return await self.phone.client.post("/api/uploads", content=body, headers=headers | self.headers(**more))

    async def whole(self) -> httpx.Response:
        """Everything in one POST."""
        return await self.create(self.content)

    async def go_on(self, at: int, body: Any = None, **more: str) -> httpx.Response:
        headers = self.headers(Upload_Offset=str(at), Content_Type=OFFSET_TYPE) | self.headers(**more)
        return await self.phone.client.patch(
            self.url, content=self.content[at:] if body is None else body, headers=headers
        )

    async def ask(self) -> httpx.Response:
        return await self.phone.client.head(self.url, headers=self.headers())

    async def delete(self) -> httpx.Response:
        return await self.phone.client.delete(self.url, headers=self.headers())

    async def look(self, size: str = "original", **headers: str) -> httpx.Response:
        return await self.phone.get(f"/api/photos/{self.photo_id}?size={size}", headers=self.headers(**headers))
