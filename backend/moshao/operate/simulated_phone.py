"""A phone of the simulation: its own key, signed acts, photos over tus, its own list of cases."""

import asyncio
import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from moshao.kit import clock, ids
from moshao.operate.demo_file import Member
from moshao.operate.simulated_web import Answer, Refusal, Web
from moshao.people.signing import ES256, canonical, encode64

TUS = {"Tus-Resumable": "1.0.0"}
BYTES = TUS | {"Content-Type": "application/offset+octet-stream"}
JSON = {"Content-Type": "application/json"}


class Phone:
    """One person's client: a bound phone, or without `device_id` a desk's browser, which signs nothing."""

    def __init__(self, web: Web, member: Member) -> None:
        self.web = web
        self.member = member
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.device_id: UUID | None = None
        self.list: dict[str, dict[str, Any]] = {}
        self._seq = 0
        self._one_at_a_time = asyncio.Lock()

    def load(self, kept: Mapping[str, str]) -> None:
        """Take up the key and device of an earlier run."""
        key = load_pem_private_key(kept["key"].encode(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            self.key, self.device_id = key, UUID(kept["device_id"])

    def kept(self) -> dict[str, str]:
        """What `load` takes up."""
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return {"key": pem, "device_id": str(self.device_id)}

    async def enter(self, *, bound: bool) -> None:
        """Sign in with the password; `bound`: pair this phone first, if it is not yet."""
        if bound and self.device_id is None:
            self.device_id = await self._pair(self.member.pairing_codes)
        told = {"staff_no": self.member.staff_no, "password": self.member.password}
        await self._post("/api/sessions", told | ({"device_id": str(self.device_id)} if self.device_id else {}))

    async def _pair(self, codes: Sequence[str]) -> UUID:
        """By the first code that nobody has used: others play with the demo, too. Raises Refusal."""
        told = {
            "staff_no": self.member.staff_no,
            "code": codes[0],
            "public_key": self._public_key(),
            "device": {"name": "simulated phone", "platform": "simulation"},
        }
        try:
            return UUID((await self._post("/api/pairings", told)).json()["device_id"])
        except Refusal as refused:
            if refused.code != "code_used" or len(codes) == 1:
                raise
        return await self._pair(codes[1:])

    async def look(self, case_id: str) -> dict[str, Any]:
        """The case in this person's list, after fetching what is new. Raises LookupError where it is not there."""
        async with self._one_at_a_time:
            await self._fetch()
        if case_id not in self.list:
            raise LookupError(f"{case_id} is not in the list of {self.member.name}")
        return self.list[case_id]

    async def whole_list(self) -> list[dict[str, Any]]:
        """Every case that this person is shown, fetched from the start, in the order it came."""
        self._seq = 0
        return await self._fetch()

    async def case(self, case_id: str) -> dict[str, Any]:
        """The case as its own page shows it."""
        found: dict[str, Any] = (await self._ask("GET", f"/api/cases/{case_id}", name="case")).json()
        return found

    async def photo(self, photo_id: str) -> bytes:
        """The original bytes."""
        return (await self._ask("GET", f"/api/photos/{photo_id}?size=original", name="photo read")).body

    async def act(self, case_id: str, act: str, act_id: UUID, body: dict[str, Any]) -> Answer:
        """Do an act until there is a receipt that names it."""
        signature = self._sign(act, act_id, case_id, body)

        def headers() -> dict[str, str]:
            return JSON | signature | {"Device-Time": clock.now().astimezone(UTC).isoformat()}

        content = msgspec.json.encode(body)
        answer = await self._ask("PUT", f"/api/cases/{case_id}/{act}/{act_id}", content, headers=headers, name=act)
        if answer.json()["receipt"]["act_id"] != str(act_id):
            raise Refusal(f"{act} {act_id} got another's receipt", answer)
        return answer

    async def upload(self, photo: bytes, usage: str, case_id: str) -> dict[str, str]:
        """Send a photo; how an act names it. A cut upload goes on where it stopped."""
        photo_id, sha256 = str(ids.new_id()), hashlib.sha256(photo).hexdigest()
        told = {"photo_id": photo_id, "sha256": sha256, "usage": usage, "case_id": case_id, "source": "camera"}
        creation = {
            "Upload-Length": str(len(photo)),
            "Upload-Metadata": ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in told.items()),
        }
        answer = await self._ask("POST", "/api/uploads", photo, headers=lambda: BYTES | creation, name="photo")
        where = answer.headers["location"]
        while answer.headers.get("etag") != f'"{sha256}"':
            answer = await self._go_on(where, photo, int(answer.headers["upload-offset"]))
        return {"photo_id": photo_id, "sha256": sha256}

    async def _go_on(self, where: str, photo: bytes, at: int) -> Answer:
        headers = BYTES | {"Upload-Offset": str(at)}
        try:
            return await self._ask("PATCH", where, photo[at:], headers=lambda: headers, name="photo")
        except Refusal as refused:
            if refused.status not in (409, 460):
                raise
            return await self._ask("HEAD", where, headers=lambda: TUS, name="photo")

    async def _fetch(self) -> list[dict[str, Any]]:
        came = []
        while True:
            page = (await self._ask("GET", f"/api/changes?after={self._seq}", name="changes")).json()
            if page["reset"] and self._seq:
                self._seq = 0
                self.list.clear()
                continue
            came += page["cases"]
            self.list |= {case["id"]: case for case in page["cases"]}
            for case_id in page["gone"]:
                self.list.pop(case_id, None)
            self._seq = page["seq"]
            if not page["more"]:
                return came

    async def _ask(self, method: str, path: str, content: bytes | None = None, **how: Any) -> Answer:
        return await self.web.ask(method, path, content, renew=self._renew, **how)

    async def _post(self, path: str, body: dict[str, Any]) -> Answer:
        return await self.web.ask("POST", path, msgspec.json.encode(body), headers=lambda: JSON, name=path)

    async def _renew(self) -> None:
        """By the bound key alone; a desk's browser asks for the password again."""
        self.web.cookie = ""
        if self.device_id is None:
            await self.enter(bound=False)
            return
        said = {
            "aud": self.web.base_url,
            "sub": str(self.member.person_id),
            "iat": int(clock.now().timestamp()),
            "jti": ids.new_secret(),
        }
        payload = encode64(canonical(said))
        header, mark = self._mark(payload)
        await self._post("/api/sessions", {"device_id": str(self.device_id), "proof": f"{header}.{payload}.{mark}"})

    def _sign(self, act: str, act_id: UUID, case_id: str, body: dict[str, Any]) -> dict[str, str]:
        """The header with the detached JWS (contracts §6)."""
        if self.device_id is None:
            return {}
        what = canonical({"act": act, "act_id": str(act_id), "case_id": case_id, "body": body})
        header, mark = self._mark(encode64(what))
        return {"Act-Signature": f"{header}..{mark}"}

    def _mark(self, payload: str) -> tuple[str, str]:
        """Header and signature of a compact JWS."""
        header = encode64(canonical({"alg": "ES256", "kid": str(self.device_id)}))
        r, s = decode_dss_signature(self.key.sign(f"{header}.{payload}".encode(), ES256))
        return header, encode64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def _public_key(self) -> dict[str, str]:
        numbers = self.key.public_key().public_numbers()
        x, y = (encode64(value.to_bytes(32, "big")) for value in (numbers.x, numbers.y))
        return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
