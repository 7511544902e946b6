"""Large answers over a slow line: as gzip, where whoever asks reads it."""

import asyncio
import gzip

from litestar import MediaType
from litestar.response.base import ASGIResponse

# A phone that follows hears less than this, and would only wait for the unpacking.
SMALL_BYTES = 4 * 1024
# Three hundred cases in 6 % of their size; the next levels save a fifth of that at twice the time.
LEVEL = 3


async def squeezed(body: bytes, accepts: str) -> ASGIResponse:
    """JSON, whole. `accepts`: the header Accept-Encoding."""
    headers = {"vary": "Accept-Encoding"}
    if len(body) > SMALL_BYTES and reads_gzip(accepts):
        body = await asyncio.to_thread(gzip.compress, body, LEVEL)
        headers["content-encoding"] = "gzip"
    return ASGIResponse(body=body, media_type=MediaType.JSON, headers=headers)


def reads_gzip(accepts: str) -> bool:
    parts = [part.replace(" ", "").partition(";") for part in accepts.lower().split(",")]
    return any(name == "gzip" and quality not in ("q=0", "q=0.0") for name, _, quality in parts)
