"""A phone (or a desk's browser) as an outsider would write it: its own key, its own JWS, plain HTTP."""

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import rfc8785
from joserfc import jws
from joserfc.jwk import ECKey

from moshao.kit import clock, ids

PLACE = {
    "location": {"type": "Point", "coordinates": [112.5414, 32.9986]},
    "accuracy_m": 8.0,
    "datum": "wgs84",
}


def new_key() -> ECKey:
    return ECKey.generate_key("P-256")


def public_part(key: ECKey) -> dict[str, Any]:
    whole = dict(key.as_dict(private=False))
    return {name: whole[name] for name in ("kty", "crv", "x", "y")}


def rfc3339(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


class Phone:
    """`device_id` None: a desk's browser, which signs nothing. `skew`: how far this phone's clock is wrong."""

    def __init__(
        self, client: httpx.AsyncClient, person_id: UUID, *, key: ECKey | None = None, device_id: UUID | None = None
    ) -> None:
        self.client = client
        self.person_id = person_id
        self.key = key
        self.device_id = device_id
        self.skew = timedelta()

    def now(self) -> datetime:
        return clock.now() + self.skew

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.client.get(path, **options)

    async def case(self, case_id: Any) -> dict[str, Any]:
        answer = await self.get(f"/api/cases/{case_id}")
        assert answer.status_code == 200, answer.text
        case: dict[str, Any] = answer.json()
        return case

    def body(self, **members: Any) -> dict[str, Any]:
        """The members every act has, as this kind of client sends them."""
        if self.device_id is None:
            return {"done_at": rfc3339(self.now()), **members}
        place = {**PLACE, "fixed_at": rfc3339(self.now())}
        return {"done_at": rfc3339(self.now()), "place": place, **members}

    async def act(
        self, case_id: Any, act: str, *, act_id: UUID | None = None, raw: dict[str, Any] | None = None, **members: Any
    ) -> httpx.Response:
        """PUT an act, signed by this phone's key. `raw` is the whole body, as an act prepared earlier has it."""
        return await self.put(
            f"/api/cases/{case_id}", case_id, act, act_id, self.body(**members) if raw is None else raw
        )

    async def make(self, act: str, *, act_id: UUID | None = None, **members: Any) -> httpx.Response:
        """PUT an act that makes its case: reports, registrations."""
        return await self.put("/api", None, act, act_id, self.body(**members))

    async def put(
        self, prefix: str, case_id: Any, act: str, act_id: UUID | None, body: dict[str, Any]
    ) -> httpx.Response:
        named = act_id or ids.new_id()
        headers = {"Content-Type": "application/json", "Device-Time": rfc3339(self.now())}
        if self.device_id is not None:
            headers["Act-Signature"] = self.sign(act, named, case_id, body)
        content = json.dumps(body, ensure_ascii=False).encode()
        return await self.client.put(f"{prefix}/{act}/{named}", content=content, headers=headers)

    def sign(self, act: str, act_id: UUID, case_id: Any, body: dict[str, Any]) -> str:
        """The detached JWS of contracts §6."""
        assert self.key is not None
        what = {"act": act, "act_id": str(act_id), "case_id": None if case_id is None else str(case_id), "body": body}
        header = {"alg": "ES256", "kid": str(self.device_id)}
        head, _, mark = jws.serialize_compact(header, rfc8785.dumps(what), self.key).split(".")
        return f"{head}..{mark}"

    def proof(self, audience: str, **claims: Any) -> str:
        """The compact JWS by which a bound phone renews its session."""
        assert self.key is not None
        said = {
            "aud": audience,
            "sub": str(self.person_id),
            "iat": int(self.now().timestamp()),
            "jti": ids.new_secret(),
            **claims,
        }
        return jws.serialize_compact({"alg": "ES256", "kid": str(self.device_id)}, rfc8785.dumps(said), self.key)

    async def upload(
        self, photo: bytes, *, usage: str = "after", photo_id: UUID | None = None, **metadata: Any
    ) -> dict[str, str]:
        """Send a whole photo in one POST; how an act names it."""
        named, sha256 = photo_id or ids.new_id(), hashlib.sha256(photo).hexdigest()
        told = {"photo_id": str(named), "sha256": sha256, "usage": usage, **{k: str(v) for k, v in metadata.items()}}
        answer = await self.client.post(
            "/api/uploads",
            content=photo,
            headers={
                "Tus-Resumable": "1.0.0",
                "Upload-Length": str(len(photo)),
                "Content-Type": "application/offset+octet-stream",
                "Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items()),
            },
        )
        assert answer.status_code == 201, answer.text
        assert answer.headers["etag"] == f'"{sha256}"'
        return {"photo_id": str(named), "sha256": sha256}
