"""阿里云: how its calls are signed (ACS3-HMAC-SHA256), what its answers mean, how its reports come in.

https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from moshao.alerts.gateways.gateway import Callback, Fate, Means
from moshao.alerts.gateways.kind import Secret
from moshao.alerts.gateways.makers import Makers, Troubled
from moshao.kit import clock

ALGORITHM = "ACS3-HMAC-SHA256"
EMPTY_DIGEST = hashlib.sha256(b"").hexdigest()
# A number gets one message a minute, five an hour, ten a day; trying again before a minute is over is no use.
PER_NUMBER_SECONDS = 60.0
TAKEN = b'{"code":0,"msg":"ok"}'


class Secrets(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`report_token`: stands in the address at which reports come in, `…/callbacks?token=…`; empty: none are heard."""

    access_key_secret: Secret
    report_token: str = ""


class Aliyun:
    """One of its services: `root` where, `version` of its API."""

    def __init__(self, root: str, version: str, key_id: str, secrets: Secrets, means: Means) -> None:
        self._makers = Makers(root, means)
        self._version = version
        self._key_id = key_id
        self._secrets = secrets

    async def ask(self, action: str, query: Mapping[str, str]) -> Fate:
        """What became of it; the answer's BizId or CallId is its foreign id."""
        headers = {
            "host": self._makers.host, "x-acs-action": action, "x-acs-version": self._version,
            "x-acs-content-sha256": EMPTY_DIGEST, "x-acs-date": _date(clock.now()),
            "x-acs-signature-nonce": os.urandom(16).hex(),
        }  # fmt: skip
        headers["Authorization"] = authorization(self._key_id, self._secrets.access_key_secret, headers, query)
        try:
            said = await self._makers.post("/", query, headers=headers)
        except Troubled as trouble:
            return trouble.fate
        return fate_of(said.body)

    def reports(self, callback: Callback) -> list[dict[str, Any]] | None:
        """What a report tells; None: it is not from them."""
        token = self._secrets.report_token
        if not token or not hmac.compare_digest(token.encode(), callback.query.get("token", "").encode()):
            return None
        try:
            return msgspec.json.decode(callback.body, type=list[dict[str, Any]])
        except msgspec.DecodeError:
            return []


def authorization(key_id: str, secret: str, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    """The header that proves who asks for `POST /` with an empty body. `headers` by lower-case name."""
    named = ";".join(sorted(headers))
    asked = "&".join(f"{quote(name, safe='-_.~')}={quote(query[name], safe='-_.~')}" for name in sorted(query))
    lines = "".join(f"{name}:{headers[name].strip()}\n" for name in sorted(headers))
    whole = "\n".join(["POST", "/", asked, lines, named, headers["x-acs-content-sha256"]])
    signed = f"{ALGORITHM}\n{hashlib.sha256(whole.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return f"{ALGORITHM} Credential={key_id},SignedHeaders={named},Signature={signature}"


def fate_of(said: Mapping[str, Any]) -> Fate:
    """Of their `Code`."""
    code = str(said.get("Code") or "")
    if code == "OK":
        foreign = said.get("BizId") or said.get("CallId")
        return Fate(outcome="sent", foreign_id=str(foreign) if foreign else None)
    why = code.replace(".", "_")[:60] or "no_code"
    if code.endswith("BUSINESS_LIMIT_CONTROL"):
        return Fate(outcome="later", why=why, after_s=PER_NUMBER_SECONDS)
    if code.startswith(("Throttling", "ServiceUnavailable", "InternalError", "isp.")) or code == "":
        return Fate(outcome="later", why=why)
    return Fate(outcome="failed", why=why)


def _date(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
