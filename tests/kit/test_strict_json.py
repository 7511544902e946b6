"""Strict JSON: one way to read it, or `bad_json`."""

import pytest

from moshao.kit.errors import Refused
from moshao.kit.strict_json import DEPTH_MOST, parse_strict

REFUSED = {
    "twice": b'{"a":1,"a":1}',
    "twice deep inside": b'{"a":[{"b":1,"b":2}]}',
    "twice by an escape": b'{"a":1,"\\u0061":2}',
    "not a number": b'{"a":NaN}',
    "infinity": b'{"a":-Infinity}',
    "beyond all doubles": b'{"a":1e999}',
    "beyond 2^53": b'{"a":9007199254740993}',
    "far beyond 2^53": b'{"a":-' + b"9" * 6000 + b"}",
    "a lone surrogate": b'{"a":"\\ud800"}',
    "a lone surrogate in capitals": b'{"a":"\\uDC00"}',
    "a lone surrogate as a key": b'{"\\uDFFF":1}',
    "a surrogate in bytes": b'{"a":"\xed\xa0\x80"}',
    "not UTF-8": b'{"a":"\xff"}',
    "UTF-16": '{"a":1}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"a":1}',
    "too deep": b'{"a":' * (DEPTH_MOST + 1) + b"1" + b"}" * (DEPTH_MOST + 1),
    "far too deep": b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
    "a list": b"[]",
    "a number": b"1",
    "nothing": b"",
    "cut off": b'{"a":',
    "something behind": b"{} {}",
    "a control character": b'{"a":"\n"}',
    "a trailing comma": b'{"a":1,}',
}


@pytest.mark.parametrize("body", REFUSED.values(), ids=REFUSED.keys())
def test_refused(body: bytes) -> None:
    with pytest.raises(Refused) as refused:
        parse_strict(body)
    assert refused.value.kind.code == "bad_json"


def test_read() -> None:
    deepest = b'{"a":' * DEPTH_MOST + b"1" + b"}" * DEPTH_MOST
    assert parse_strict(deepest)
    assert parse_strict(b'{"a":9007199254740992,"b":-9007199254740992}') == {"a": 2.0**53, "b": -(2.0**53)}
    assert parse_strict('{"名":"\\ud83d\\ude00",  "a":[1,2.5,true,null]}'.encode()) == {
        "名": "😀",
        "a": [1, 2.5, True, None],
    }
