"""ES256 over RFC 8785: what another library signs holds, everything else does not."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey
from tests.phone import new_key, public_part

from moshao.people.signing import (
    BadKey,
    canonical,
    canonical_jwk,
    decode64,
    encode64,
    parse_strict,
    verified_compact,
    verify_detached,
)

KEY = new_key()
JWK, THUMBPRINT = canonical_jwk(public_part(KEY))
KID = UUID("019abf6e-7a00-7000-8000-000000000001")
OTHER = UUID("019abf6e-7a00-7000-8000-000000000002")
PAYLOAD = canonical({"act": "closures", "body": {"note": "已清理", "n": 8.0}})
PLAIN = {"alg": "ES256", "kid": str(KID)}


def detached(header: dict[str, Any], payload: bytes = PAYLOAD, key: Any = KEY) -> str:
    head, _, mark = jws.serialize_compact(header, payload, key).split(".")
    return f"{head}..{mark}"


def with_header(text: str) -> str:
    """A signature that holds over this very header."""
    head = encode64(text.encode())
    return f"{head}..{_sign(head + '.' + encode64(PAYLOAD))}"


def _sign(text: str) -> str:
    algorithm = jws.JWSRegistry.algorithms["ES256"]
    return encode64(algorithm.sign(text.encode(), KEY))


def test_what_another_library_signed_holds() -> None:
    assert verify_detached(JWK, detached(PLAIN), PAYLOAD, KID)


def test_the_order_and_spacing_of_the_header_are_the_signers() -> None:
    assert verify_detached(JWK, with_header(f'{{ "kid": "{KID}",  "alg": "ES256" }}'), PAYLOAD, KID)


@pytest.mark.parametrize(
    "header",
    [
        f'{{"alg":"none","kid":"{KID}"}}',
        f'{{"alg":"es256","kid":"{KID}"}}',
        f'{{"alg":"ES384","kid":"{KID}"}}',
        f'{{"alg":"ES256","kid":"{OTHER}"}}',
        f'{{"alg":"ES256","kid":"{KID}","b64":false,"crit":["b64"]}}',
        f'{{"alg":"ES256","kid":"{KID}","b64":true}}',
        f'{{"alg":"ES256","kid":"{KID}","jwk":{{}}}}',
        f'{{"alg":"ES256","alg":"ES256","kid":"{KID}"}}',
        '{"alg":"ES256"}',
        '["ES256"]',
        "",
    ],
)
def test_a_header_says_these_two_things_and_no_other(header: str) -> None:
    assert not verify_detached(JWK, with_header(header), PAYLOAD, KID)


def test_what_was_changed_or_signed_by_another_does_not_hold() -> None:
    good = detached(PLAIN)
    head, _, mark = good.partition("..")
    wrong = [
        detached(PLAIN, key=new_key()),
        detached(PLAIN, payload=PAYLOAD + b" "),
        f"{head}.{encode64(PAYLOAD)}.{mark}",
        f"{head}..{mark}=",
        f" {good}",
        f"{good}\n",
        f"{head}..{mark[:-2]}",
        f"{head}..",
        f"{head}..{encode64(bytes(64))}",
        f"{head}..{encode64(b'0' + decode64(mark))}",
        "..",
        "",
        "签名",
    ]
    assert [signature for signature in wrong if verify_detached(JWK, signature, PAYLOAD, KID)] == []
    assert verify_detached(JWK, good, PAYLOAD, KID)


def test_an_hmac_made_with_the_public_key_is_no_signature() -> None:
    forged = jws.serialize_compact({"alg": "HS256", "kid": str(KID)}, PAYLOAD, OctKey.import_key(JWK.encode()))
    head, _, mark = forged.split(".")
    assert not verify_detached(JWK, f"{head}..{mark}", PAYLOAD, KID)


def test_a_compact_token_gives_its_claims() -> None:
    claims = {"aud": "https://a.example", "iat": 1}
    for header in (PLAIN, {"alg": "ES256"}, {**PLAIN, "typ": "JWT"}):
        token = jws.serialize_compact(header, canonical(claims), KEY)
        assert verified_compact(JWK, token, KID) == claims
    assert verified_compact(JWK, jws.serialize_compact({"alg": "ES256", "kid": "x"}, b"{}", KEY), KID) is None
    assert verified_compact(JWK, jws.serialize_compact(PLAIN, b"[]", KEY), KID) is None
    assert verified_compact(JWK, jws.serialize_compact(PLAIN, b"{}", new_key()), KID) is None
    assert verified_compact(JWK, "a.b", KID) is None


def test_a_key_is_stored_in_one_form() -> None:
    dressed = {"use": "sig", "kid": "k", "ext": True, "key_ops": ["verify"], **public_part(KEY)}
    assert canonical_jwk(dressed) == (JWK, THUMBPRINT)
    assert KEY.thumbprint() == THUMBPRINT


@pytest.mark.parametrize(
    "key",
    [
        KEY.as_dict(private=True),
        ECKey.generate_key("P-384").as_dict(private=False),
        RSAKey.generate_key(2048).as_dict(private=False),
        {**public_part(KEY), "x": encode64(bytes(32))},
        {**public_part(KEY), "x": "AA"},
        {**public_part(KEY), "y": 7},
        {"kty": "EC", "crv": "P-256"},
        {},
    ],
)
def test_no_other_key_is_taken(key: dict[str, Any]) -> None:
    with pytest.raises(BadKey):
        canonical_jwk(key)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=8)
    | st.floats(-(2**53), 2**53),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=4), json_values, max_size=4), st.booleans())
def test_the_form_does_not_depend_on_how_it_was_written(value: dict[str, Any], ascii_only: bool) -> None:
    shuffled = dict(reversed(value.items()))
    written = json.dumps(shuffled, ensure_ascii=ascii_only, indent=1).encode()
    form = canonical(parse_strict(written))
    assert form == canonical(value)
    assert canonical(parse_strict(form)) == form


def test_numbers_are_doubles() -> None:
    assert canonical(parse_strict(b'{"a":8.0,"b":8,"c":1e2,"d":-0.0,"e":9007199254740992,"f":1e21}')) == (
        b'{"a":8,"b":8,"c":100,"d":0,"e":9007199254740992,"f":1e+21}'
    )
