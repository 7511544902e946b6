"""The child process that touches pixels: strangers' files are decoded here and nowhere else.

Started as `python -m moshao.evidence.pixels LANE` with an empty environment, it reads orders from its standard input
and writes results to its standard output until either ends. It has no secrets, may write no file, and dies of too
much memory or time: `pixel_child` starts another.
"""

import ctypes
import os
import resource
import signal
import sys
from typing import BinaryIO

import msgspec

from moshao.evidence import pixel_copies, pixel_looks, voice
from moshao.evidence.pixel_messages import (
    HEAD,
    Bad,
    Check,
    Copies,
    Derive,
    Heard,
    Listen,
    Order,
    Result,
    framed,
)
from moshao.evidence.pixel_opening import BadPicture, open_picture

MEMORY = {"quick": 96 * 1024 * 1024, "careful": 330 * 1024 * 1024}
CHECK_SECONDS = 2.5
COPY_SECONDS = 6.0
LIFE_SECONDS = 1200
FILES = 32
CHECK_EDGE = 256
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38

_ORDER = msgspec.msgpack.Decoder(Order)


def main() -> None:
    """Obey until the pipe ends."""
    orders = os.fdopen(os.dup(0), "rb", buffering=0)
    results = os.fdopen(os.dup(1), "wb", buffering=0)
    with open(os.devnull, "r+b") as nothing:
        for standard in (0, 1, 2):
            os.dup2(nothing.fileno(), standard)
    confine(MEMORY[sys.argv[1]])
    while head := _exactly(orders, HEAD.size):
        order = _ORDER.decode(_exactly(orders, HEAD.unpack(head)[0]))
        _send(results, framed(obey(order)))


def confine(memory: int) -> None:
    """Give up what decoding needs not. `memory` octets on top of what the process holds already."""
    prctl = ctypes.CDLL(None).prctl
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    limits = {
        resource.RLIMIT_DATA: _held() + memory,
        resource.RLIMIT_CPU: LIFE_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: FILES,
    }
    for what, most in limits.items():
        resource.setrlimit(what, (most, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def obey(order: Order) -> Result:
    """Do one order within its time; the kernel ends the process where it takes longer."""
    seconds = CHECK_SECONDS if isinstance(order, Check | Listen) else COPY_SECONDS
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        return _do(order)
    except BadPicture as bad:
        return Bad(bad.code)
    except MemoryError:
        return Bad("photo_too_costly")
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _do(order: Order) -> Result:
    if isinstance(order, Check):
        return pixel_looks.look_at(open_picture(order.path, order.kind, CHECK_EDGE))
    if isinstance(order, Listen):
        return _listen(order.path)
    if isinstance(order, Derive):
        return Copies(*pixel_copies.small_copies(order.path, order.kind))
    return pixel_copies.stamped_copy(order)


def _listen(path: str) -> Heard | Bad:
    with open(path, "rb") as file:
        note = voice.read_note(file.read())
    return Heard(note.media_type, note.seconds) if note else Bad("not_a_voice_note")


def _held() -> int:
    """Octets of private memory that RLIMIT_DATA counts."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))


def _exactly(file: BinaryIO, count: int) -> bytes:
    """`count` octets, or none at the end."""
    got = bytearray()
    while len(got) < count:
        piece = file.read(count - len(got))
        if not piece:
            return b""
        got += piece
    return bytes(got)


def _send(file: BinaryIO, message: bytes) -> None:
    rest = memoryview(message)
    while rest:
        rest = rest[file.write(rest) or 0 :]


if __name__ == "__main__":
    main()
