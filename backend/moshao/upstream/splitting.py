"""A body taken apart into events, so that one bad event spoils none of its neighbours."""

import json
import math
import re
from typing import Any

import msgspec

from moshao.kit import errors

BATCH_MOST = 1000
DEPTH_MOST = 64
INTEGER_MOST = 2**63
SPACE = re.compile(r"[ \t\r\n]*")

too_many_events = errors.refusal("too_many_events", 413, "一次推送的事件太多，请分批发送")


class Piece(msgspec.Struct, frozen=True):
    """One event: its text as it came, what it says, and why it can't be trusted as JSON (empty: it can)."""

    raw: str
    said: Any
    fault: str = ""


def one(body: bytes) -> Piece:
    """The event of a structured message. Raises `bad_json`."""
    text = _text(body)
    piece, end = _piece(text, _skip(text, 0))
    if _skip(text, end) != len(text):
        raise errors.bad_json("there is more behind the event")
    if piece.fault:
        raise errors.bad_json(piece.fault)
    return piece


def batch(body: bytes) -> list[Piece]:
    """The events of a batch. Raises `bad_json`, `bad_request` (no array), `too_many_events`."""
    text = _text(body)
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise errors.bad_request("a batch is a JSON array of events")
    at = _skip(text, at + 1)
    pieces: list[Piece] = []
    if text[at : at + 1] == "]":
        at += 1
    else:
        while True:
            piece, at = _piece(text, _skip(text, at))
            pieces.append(piece)
            if len(pieces) > BATCH_MOST:
                raise too_many_events(f"at most {BATCH_MOST}")
            at = _skip(text, at) + 1
            if text[at - 1 : at] == "]":
                break
            if text[at - 1 : at] != ",":
                raise errors.bad_json(f"a comma or the end is missing at character {at - 1}")
    if _skip(text, at) != len(text):
        raise errors.bad_json("there is more behind the batch")
    return pieces


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as fault:
        raise errors.bad_json("not UTF-8") from fault


def _skip(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _piece(text: str, at: int) -> tuple[Piece, int]:
    """The value that begins at `at`, and where it ends."""
    faults: list[str] = []

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) != len(members):
            faults.append("an object has two members of one name")
        return found

    def constant(name: str) -> None:
        faults.append(f"{name} is no JSON")

    # A number beyond what we count with is kept as written: where it matters it is unusable, elsewhere it harms nobody.
    def real(digits: str) -> float | str:
        number = float(digits)
        return number if math.isfinite(number) else digits

    def whole(digits: str) -> int | str:
        return digits if len(digits) > 20 or abs(int(digits)) >= INTEGER_MOST else int(digits)

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_constant=constant, parse_float=real, parse_int=whole)
    try:
        said, end = decoder.raw_decode(text, at)
    except (ValueError, RecursionError) as fault:
        raise errors.bad_json(str(fault)) from fault
    if not faults and _is_deep(said, DEPTH_MOST):
        faults.append(f"nested deeper than {DEPTH_MOST}")
    return Piece(text[at:end], said, faults[0] if faults else ""), end


def _is_deep(value: Any, left: int) -> bool:
    if isinstance(value, dict):
        return left == 0 or any(_is_deep(part, left - 1) for part in value.values())
    if isinstance(value, list):
        return left == 0 or any(_is_deep(part, left - 1) for part in value)
    return False
