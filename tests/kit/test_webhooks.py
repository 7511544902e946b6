"""Standard Webhooks: the published vector, rotation, and everything that must not pass."""

from datetime import UTC, datetime, timedelta

import pytest

from moshao.kit.webhooks import is_signed, is_timely, key_of, new_secret, sign

# The example of the Standard Webhooks specification's reference libraries.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
TIMESTAMP = "1614265330"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(1614265330, UTC)


def test_published_vector() -> None:
    assert sign(SECRET, ID, TIMESTAMP, BODY) == SIGNATURE
    assert is_signed([SECRET], ID, TIMESTAMP, SIGNATURE, BODY)


def test_one_good_signature_among_several_during_rotation() -> None:
    new = new_secret()
    theirs = f"v1,AAAA {sign(new, ID, TIMESTAMP, BODY)} v2,xyz"
    assert is_signed([SECRET, new], ID, TIMESTAMP, theirs, BODY)
    assert is_signed([new, SECRET], ID, TIMESTAMP, SIGNATURE, BODY)
    assert not is_signed([SECRET], ID, TIMESTAMP, theirs, BODY)


@pytest.mark.parametrize(
    ("webhook_id", "timestamp", "signatures", "body"),
    [
        ("msg_other", TIMESTAMP, SIGNATURE, BODY),
        (ID, "1614265331", SIGNATURE, BODY),
        (ID, "01614265330", SIGNATURE, BODY),
        (ID, TIMESTAMP, SIGNATURE, BODY + b" "),
        (ID, TIMESTAMP, SIGNATURE.replace("v1,", "v2,"), BODY),
        (ID, TIMESTAMP, SIGNATURE.removeprefix("v1,"), BODY),
        (ID, TIMESTAMP, SIGNATURE[:-1], BODY),
        (ID, TIMESTAMP, "", BODY),
        (ID, TIMESTAMP, "v1,", BODY),
        (ID, TIMESTAMP, "v1,é中", BODY),
    ],
)
def test_anything_else_is_no_signature(webhook_id: str, timestamp: str, signatures: str, body: bytes) -> None:
    assert not is_signed([SECRET], webhook_id, timestamp, signatures, body)


def test_no_secret_opens_nothing() -> None:
    assert not is_signed([], ID, TIMESTAMP, SIGNATURE, BODY)


@pytest.mark.parametrize(("late_s", "timely"), [(0, True), (300, True), (-300, True), (301, False), (-301, False)])
def test_five_minutes_either_way(late_s: int, timely: bool) -> None:
    assert is_timely(TIMESTAMP, NOW + timedelta(seconds=late_s)) is timely


@pytest.mark.parametrize("text", ["", "-1", "1614265330.5", "1e9", "١٦١٤٢٦٥٣٣٠", "9" * 400, " 1614265330"])
def test_a_timestamp_is_whole_seconds(text: str) -> None:
    assert not is_timely(text, NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_***", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_what_is_no_secret(secret: str) -> None:
    with pytest.raises(ValueError):
        key_of(secret)


def test_new_secrets_differ_and_are_long() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(key_of(first)) == 32
