"""Encryption and VAPID beside the RFCs and beside libraries that did not make them."""

import base64
from datetime import timedelta
from typing import Any

import http_ece
import jwt
import pytest
import webpush
from cryptography.hazmat.primitives.asymmetric import ec
from tests.api.alerts.browser import Browser, octets

from moshao.alerts.webpush import PAYLOAD_MOST, Encrypter, Target, are_keys, new_key_pair
from moshao.kit import clock

ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/x"

# RFC 8291, appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
UA_PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH_SECRET = "BTBZMqHH6r4Tts7J_aSIgg"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
MESSAGE = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
    "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def encrypter(contact: str = "mailto:ops@example.org") -> Encrypter:
    return Encrypter(new_key_pair(), contact)


def claims_in(header: str) -> dict[str, Any]:
    parts = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), octets(parts["k"]))
    return dict(jwt.decode(parts["t"], key, algorithms=["ES256"], options={"verify_aud": False, "verify_exp": False}))


def test_the_vector_of_rfc_8291(monkeypatch: pytest.MonkeyPatch) -> None:
    number = int.from_bytes(octets(AS_PRIVATE), "big")
    private = ec.derive_private_key(number, ec.SECP256R1())
    maker = encrypter()
    monkeypatch.setattr(webpush.ec, "generate_private_key", lambda *_: private)
    monkeypatch.setattr(webpush.os, "urandom", lambda _: octets(SALT))
    made = maker.request(Target(ENDPOINT, UA_PUBLIC, AUTH_SECRET), PLAINTEXT, ttl_s=0, urgency="normal", topic=None)
    assert base64.urlsafe_b64encode(made.body).decode() == MESSAGE


@pytest.mark.parametrize("length", [0, 1, 100, PAYLOAD_MOST])
def test_another_library_reads_it(length: int) -> None:
    browser = Browser()
    target = Target(browser.endpoint, browser.p256dh, browser.auth)
    made = encrypter().request(target, b"x" * length, ttl_s=60, urgency="high", topic="t")
    read = http_ece.decrypt(made.body, private_key=browser.key, auth_secret=octets(browser.auth), version="aes128gcm")
    assert read == b"x" * length


def test_too_much_is_not_sent() -> None:
    browser = Browser()
    target = Target(browser.endpoint, browser.p256dh, browser.auth)
    with pytest.raises(ValueError, match="3000"):
        encrypter().request(target, b"x" * (PAYLOAD_MOST + 1), ttl_s=60, urgency="high", topic=None)


def test_headers_are_those_of_this_message() -> None:
    browser, maker = Browser(), encrypter()
    target = Target(browser.endpoint, browser.p256dh, browser.auth)
    first = maker.request(target, b"", ttl_s=3600, urgency="high", topic="A" * 22)
    second = maker.request(target, b"", ttl_s=0, urgency="normal", topic=None)
    assert (first.headers["TTL"], first.headers["Urgency"], first.headers["Topic"]) == ("3600", "high", "A" * 22)
    assert (second.headers["TTL"], second.headers["Urgency"]) == ("0", "normal"), "nothing is left of the one before"
    assert "Topic" not in second.headers


@pytest.mark.parametrize(
    ("endpoint", "audience"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", "https://fcm.googleapis.com"),
        ("https://push.example:8443/x", "https://push.example:8443"),
        ("https://push.example:443/x", "https://push.example"),
    ],
)
def test_the_audience_is_the_origin(endpoint: str, audience: str) -> None:
    browser = Browser()
    target = Target(endpoint, browser.p256dh, browser.auth)
    made = encrypter().request(target, b"", ttl_s=60, urgency="high", topic=None)
    claims = claims_in(made.headers["Authorization"])
    assert (claims["aud"], claims["sub"]) == (audience, "mailto:ops@example.org")


def test_a_token_serves_an_origin_for_hours_and_is_renewed_in_time() -> None:
    browser, maker = Browser(), encrypter()

    def header(endpoint: str = ENDPOINT) -> str:
        target = Target(endpoint, browser.p256dh, browser.auth)
        return maker.request(target, b"", ttl_s=60, urgency="high", topic=None).headers["Authorization"]

    first = header()
    assert header() == first
    assert header("https://fcm.googleapis.com/x") != first
    for hours in (1, 10, 12, 23, 24, 50):
        with clock.moved(timedelta(hours=hours)):
            left = claims_in(header())["exp"] - clock.now().timestamp()
            assert 0 < left <= 24 * 3600, hours


def test_keys_are_points_and_secrets() -> None:
    browser = Browser()
    assert are_keys(browser.p256dh, browser.auth)
    assert are_keys(browser.p256dh + "=", browser.auth + "==")
    assert not are_keys(browser.p256dh, browser.auth + "AAAA")
    assert not are_keys(browser.auth, browser.auth)
    assert not are_keys("", "")
