"""The body of an act as it was signed: read strictly, checked outside of any transaction, told in its turn."""

import hashlib
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from moshao.cases.schemas import PHOTOS_MOST, ActBody, NamedPhoto
from moshao.kit import errors
from moshao.kit.errors import Refused
from moshao.people.actor import Actor
from moshao.people.signing import canonical, parse_strict, verify_detached

signature_missing = errors.refusal("signature_missing", 401, "缺少手机签名，请重新登录后再试")
signature_wrong = errors.refusal("signature_wrong", 401, "手机签名不正确，请重新登录后再试")

B = TypeVar("B", bound=ActBody)


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """`parsed`: the body member for member, None where it is no JSON (`fault`). `text`: its RFC 8785 form.
    `content`: digest of what was, or would have been, signed."""

    parsed: dict[str, Any] | None
    fault: Refused | None
    unsigned: Refused | None
    text: str
    content: str

    @classmethod
    def of(
        cls, act: str, actor: Actor, act_id: UUID, case_id: UUID | None, body: bytes, signature: str | None
    ) -> "Sealed":
        """Read and verify; nothing is refused yet."""
        try:
            parsed = parse_strict(body)
        except Refused as fault:
            missing = signature_missing() if actor.device_id and not signature else None
            return cls(parsed=None, fault=fault, unsigned=missing, text="", content="")
        text = canonical(parsed).decode()
        payload = _signed(act, act_id, case_id, text)
        return cls(
            parsed=parsed,
            fault=None,
            unsigned=_unsigned(actor, signature, payload),
            text=text,
            content=f"sha256:{hashlib.sha256(payload).hexdigest()}",
        )

    def check_signature(self) -> None:
        """Raises `signature_missing` or `signature_wrong` for a session bound to a device."""
        if self.unsigned is not None:
            raise self.unsigned

    def photos(self) -> tuple[UUID, ...]:
        """The ids of the photos it names, as far as can be read: for looking ahead only."""
        try:
            named = msgspec.convert((self.parsed or {}).get("photos", []), list[NamedPhoto])
        except msgspec.ValidationError:
            return ()
        return tuple(dict.fromkeys(photo.photo_id for photo in named[:PHOTOS_MOST]))

    def body_as(self, kind: type[B]) -> B:
        """The typed body. Raises `bad_json`, `unknown_field` (400) and `bad_field` (422)."""
        if self.fault is not None or self.parsed is None:
            raise self.fault or errors.bad_json()
        try:
            return msgspec.convert(self.parsed, kind)
        except msgspec.ValidationError as fault:
            raise _told(str(fault)) from fault


def _signed(act: str, act_id: UUID, case_id: UUID | None, body: str) -> bytes:
    """The RFC 8785 form of what a phone signs, around that of the body: members sorted, nothing in them to escape."""
    case = f'"{case_id}"' if case_id else "null"
    return f'{{"act":"{act}","act_id":"{act_id}","body":{body},"case_id":{case}}}'.encode()


def _unsigned(actor: Actor, signature: str | None, payload: bytes) -> Refused | None:
    if actor.device_id is None:
        return None
    if not signature:
        return signature_missing()
    if actor.device_key and verify_detached(actor.device_key, signature, payload, actor.device_id):
        return None
    return signature_wrong()


def _told(message: str) -> Refused:
    """A refusal from msgspec's words: `Expected `int`, got `str` - at `$.clock.age_s``."""
    words, _, place = message.partition(" - at `$.")
    wrong = errors.member_fault(place.rstrip("`"), words)
    kind = errors.unknown_field if wrong.code == "unknown_field" else errors.bad_field
    return kind(message, errors=(wrong,))
