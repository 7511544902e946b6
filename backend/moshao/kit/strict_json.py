"""JSON that two readers cannot understand differently (I-JSON, RFC 7493)."""

import json
import math
from typing import Any, NoReturn

from litestar import Request

from moshao.kit import errors

DEPTH_MOST = 32
EXACT_MOST = 2**53
EXACT_DIGITS = 17


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body, where a handler asks for one, is strict."""

    async def json(self) -> Any:
        return parse_strict(await self.body())


def parse_strict(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`, with every number an exact IEEE double.

    Raises `bad_json` for anything two readers might understand differently: duplicate keys, NaN, integers beyond
    2^53, lone surrogates, other encodings than UTF-8, nesting deeper than 32, or no object at all.
    """
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_real,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as fault:
        raise errors.bad_json(_reason(fault)) from fault
    if not isinstance(value, dict):
        raise errors.bad_json("not an object")
    if _deeper_than(value, DEPTH_MOST):
        raise errors.bad_json(f"nested deeper than {DEPTH_MOST}")
    if b"\\ud" in body or b"\\uD" in body:
        _refuse_lone_surrogates(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a member stands twice")
    return value


def _integer(text: str) -> int | float:
    number = int(text) if len(text) <= EXACT_DIGITS else EXACT_MOST + 1
    if abs(number) < EXACT_MOST:
        return number
    if abs(number) > EXACT_MOST:
        raise ValueError("an integer beyond 2^53")
    return float(number)


def _real(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("a number beyond all doubles")
    return number


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no JSON")


def _deeper_than(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return not levels or any(_deeper_than(each, levels - 1) for each in inner)


def _refuse_lone_surrogates(value: dict[str, Any]) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as fault:
        raise errors.bad_json("a lone surrogate") from fault


def _reason(fault: Exception) -> str:
    """What is wrong, without the text itself."""
    if isinstance(fault, RecursionError):
        return f"nested deeper than {DEPTH_MOST}"
    if isinstance(fault, UnicodeDecodeError):
        return "not UTF-8"
    return str(fault)
