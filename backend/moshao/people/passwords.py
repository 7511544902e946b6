"""Passwords and PINs: argon2id in few threads, the same work for an account that does not exist."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from moshao.kit import errors

LENGTH_LEAST = 8
LENGTH_MOST = 128
PIN_LENGTHS = range(4, 9)
# OWASP's minimum for argon2id: 19 MiB, two passes, one lane. Few threads: each holds 19 MiB while it works.
THREADS = 2
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
NOBODY = HASHER.hash("nobody has this password")

COMMON = frozenset((Path(__file__).parents[1] / "seeds" / "people" / "common_passwords.txt").read_text().split())
COMMON_PINS = frozenset({"1234", "123456", "12345678", "4321", "654321", "5201314", "1314"})

password_too_weak = errors.refusal("password_too_weak", 422, "密码太简单：至少 8 位，不能是常见密码或工号")
pin_too_weak = errors.refusal("pin_too_weak", 422, "PIN 太简单：4 到 8 位数字，不能全相同或是 1234 一类")

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")


async def hashed(secret: str) -> str:
    """The argon2id hash to store; never awaited inside a transaction."""
    return await asyncio.get_running_loop().run_in_executor(_threads, HASHER.hash, secret)


async def matches(stored: str | None, secret: str) -> bool:
    """Whether `secret` is the one hashed in `stored`; without one, the same work and False."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _verify, stored, secret)


def check_password(password: str, staff_no: str) -> None:
    """Raises `password_too_weak`."""
    plain = password.casefold()
    fits = LENGTH_LEAST <= len(password) <= LENGTH_MOST
    if not fits or plain in COMMON or len(set(plain)) < 4 or plain in (staff_no.casefold(), staff_no.casefold() * 2):
        raise password_too_weak()


def check_pin(pin: str) -> None:
    """Raises `pin_too_weak`."""
    digits = pin.isascii() and pin.isdigit() and len(pin) in PIN_LENGTHS
    if not digits or len(set(pin)) == 1 or pin in COMMON_PINS:
        raise pin_too_weak()


def _verify(stored: str | None, secret: str) -> bool:
    try:
        HASHER.verify(stored or NOBODY, secret)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
