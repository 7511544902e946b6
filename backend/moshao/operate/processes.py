"""The processes behind one command: started together, ended together, none left behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self
from urllib.request import urlopen

from moshao.kit import clock
from moshao.kit.config import Settings

# A little less than the 15 seconds that an operator is promised.
STOP_SECONDS = 13
LOOK_AGAIN_SECONDS = 0.1
SIGNALS = (signal.SIGTERM, signal.SIGINT)
PR_SET_PDEATHSIG = 1


class Processes:
    """A block during which SIGTERM and Ctrl-C mean: leave it. Whatever was started has ended after it."""

    def __init__(self) -> None:
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        for number in SIGNALS:
            signal.signal(number, lambda *_: sys.exit(0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        for process in self._started:
            process.terminate()
        until = clock.monotonic() + STOP_SECONDS
        for process in self._started:
            try:
                process.wait(max(0.0, until - clock.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)

    def start(self, command: str, environ: Mapping[str, str]) -> None:
        """`moshao COMMAND` in a process of its own, which does not outlive this one, however this one ends."""
        self._started.append(
            subprocess.Popen([sys.executable, "-m", "moshao", command], env=environ, preexec_fn=_end_with_parent)
        )

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Whether it came to be so before a process ended or time was up."""
        until = clock.monotonic() + seconds
        while not ready():
            if any(process.poll() is not None for process in self._started) or clock.monotonic() > until:
                return False
            # Another process's port tells nobody that it has opened; nothing else happens in this one meanwhile.
            time.sleep(LOOK_AGAIN_SECONDS)
        return True

    def wait_for_one_to_end(self) -> str:
        """Until one of them ends by itself; in words."""
        pid, status = os.wait()
        ended = next((process for process in self._started if process.pid == pid), None)
        if ended is not None:
            ended.returncode = os.waitstatus_to_exitcode(status)
        name = ended.args[-1] if ended is not None and isinstance(ended.args, list) else pid
        return f"{name} ended by itself, with {os.waitstatus_to_exitcode(status)}"


def is_ready(settings: Settings) -> bool:
    """Whether the server answers that it can serve."""
    try:
        with urlopen(f"http://{settings.host}:{settings.port}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


_LIBC = ctypes.CDLL(None)


def _end_with_parent() -> None:
    """Linux ends the child when the parent dies, even by kill -9; elsewhere there is no such call."""
    if hasattr(_LIBC, "prctl"):
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
