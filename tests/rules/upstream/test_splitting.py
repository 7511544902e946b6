"""Hostile JSON: what is no JSON at all is refused whole, a bad event only itself."""

import json

import pytest

from moshao.kit.errors import Refused
from moshao.upstream.splitting import BATCH_MOST, DEPTH_MOST, batch, one

HOSTILE = {
    "twice": '{"id":"b","id":"c"}',
    "twice, deep": '{"data":{"x":[{"a":1,"a":2}]}}',
    "not a number": '{"data":{"lon":NaN}}',
    "infinity": '{"data":{"lon":-Infinity}}',
    "deep": '{"data":' + "[" * DEPTH_MOST + "]" * DEPTH_MOST + "}",
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_bad_event_stands_alone_in_a_batch(raw: str) -> None:
    before, bad, after = batch(f' [{{"id":"a"}} ,\n{raw}, {{"id":"z"}}] '.encode())
    assert (before.fault, before.said) == ("", {"id": "a"})
    assert bad.fault
    assert bad.raw == raw
    assert (after.fault, after.raw) == ("", '{"id":"z"}')


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_bad_event_alone_is_a_bad_body(raw: str) -> None:
    with pytest.raises(Refused) as refused:
        one(raw.encode())
    assert refused.value.kind.code == "bad_json"


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"[", b"[1,]", b"[,1]", b"[1 2]", b"[1]]", b"[1", b'{"a":}', b"nul", b'["\xff"]', b'["\x00"]',
        b"[" * 200_000, b'[{"a":' * 50_000, b"\xef\xbb\xbf[]", '[{"a":1}]'.encode("utf-16"),
    ],
    ids=range(16),
)  # fmt: skip
def test_no_json(body: bytes) -> None:
    for read in (one, batch):
        with pytest.raises(Refused) as refused:
            read(body)
        assert refused.value.kind.status == 400


def test_a_batch_is_an_array() -> None:
    with pytest.raises(Refused) as refused:
        batch(b'{"id":"a"}')
    assert refused.value.kind.code == "bad_request"


def test_a_thousand_and_no_more() -> None:
    assert len(batch(json.dumps([{}] * BATCH_MOST).encode())) == BATCH_MOST
    with pytest.raises(Refused) as refused:
        batch(json.dumps([{}] * (BATCH_MOST + 1)).encode())
    assert refused.value.kind.status == 413


def test_an_empty_batch() -> None:
    assert batch(b" [ ] ") == []


@pytest.mark.parametrize("written", ["1e999", "-1e400", str(2**63), "9" * 5000], ids=range(4))
def test_a_number_beyond_counting_is_kept_as_written(written: str) -> None:
    assert one(f'{{"data":{{"x":{written}}}}}'.encode()).said == {"data": {"x": written}}


def test_sixty_four_levels_are_enough() -> None:
    inner = "[" * (DEPTH_MOST - 1) + "]" * (DEPTH_MOST - 1)
    assert one(f'{{"data":{inner}}}'.encode()).fault == ""
