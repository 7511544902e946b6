"""What a phone called lost still sends: cut off, and its acts laid aside for a supervisor, never done."""

from typing import Any

from litestar import Request
from litestar.exceptions import ClientException, HTTPException

from moshao.kit import clock, ids
from moshao.kit.db import Database, Row, Tx, Unique

PER_DEVICE_MOST = 500
BODY_MOST = 64 * 1024
PATH_MOST = 200


async def quarantine(request: Request[Any, Any, Any], db: Database, session: Row) -> None:
    """Keep the act in this request, if it is one. A phone that sends the same act again is kept once."""
    path = request.scope["path"]
    if request.method != "PUT" or len(path) > PATH_MOST or db.failed():
        return
    body = await _text(request)
    if body is None:
        return
    row = {
        "id": ids.new_id(),
        "district_id": session["district_id"],
        "device_id": session["device_id"],
        "person_id": session["person_id"],
        "path": path,
        "signature": request.headers.get("act-signature", "")[:1000] or None,
        "device_time": request.headers.get("device-time", "")[:64] or None,
        "body": body,
        "heard_at": clock.now(),
    }

    async def work(tx: Tx) -> None:
        kept = await tx.value("SELECT count(*) FROM quarantined_acts WHERE device_id = ?", row["device_id"])
        if kept < PER_DEVICE_MOST:
            try:
                async with tx.savepoint():
                    await tx.insert("quarantined_acts", row)
            except Unique:
                return

    await db.write(work)


async def _text(request: Request[Any, Any, Any]) -> str | None:
    """The body, if it is text of a size that acts have."""
    try:
        octets = await request.body()
        text = octets.decode() if len(octets) <= BODY_MOST else None
    except (ClientException, HTTPException, UnicodeDecodeError):
        return None
    return text if text is not None and "\x00" not in text else None
