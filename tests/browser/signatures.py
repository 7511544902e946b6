"""An act's signature as a stranger checks it: detached JWS (RFC 7515) over the RFC 8785 form of what was done."""

import base64
from typing import Any
from uuid import UUID

import msgspec
import rfc8785
from joserfc import jws
from joserfc.jwk import ECKey

from moshao.kit.databases import open_database

ACT = """
    SELECT a.id, a.act, a.case_id, a.body, a.signature, d.public_key
    FROM acts a JOIN devices d ON d.id = a.device_id WHERE a.case_id = ? AND a.act = ?
"""


async def signed_body(database_url: str, case_id: str, act: str) -> dict[str, Any]:
    """What the only such act on this case says. Raises BadSignatureError if its phone's key did not sign that."""
    database = await open_database(database_url)
    try:
        (row,) = await database.all(ACT, UUID(case_id), act)
    finally:
        await database.close()
    body: dict[str, Any] = msgspec.json.decode(row["body"])
    payload = rfc8785.dumps({"act": act, "act_id": str(row["id"]), "case_id": case_id, "body": body})
    header, _, mark = row["signature"].split(".")
    middle = base64.urlsafe_b64encode(payload).rstrip(b"=").decode()
    key = ECKey.import_key(msgspec.json.decode(row["public_key"]))
    jws.deserialize_compact(f"{header}.{middle}.{mark}", key)
    return body
