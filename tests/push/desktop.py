"""A desktop that shows notifications (org.freedesktop.Notifications over D-Bus), and a person who clicks them."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import msgspec
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusDict, DBusInt32, DBusSignature, DBusStr, DBusUInt32
from dbus_fast.service import ServiceInterface, dbus_method, dbus_signal

from moshao.kit import clock

NAME = "org.freedesktop.Notifications"
PATH = "/org/freedesktop/Notifications"
CAPABILITIES = ["actions", "body", "persistence", "icon-static"]
CLOSED_BY_CALL = 3

Texts = Annotated[list[str], DBusSignature("as")]
Answered = Annotated[tuple[str, str, str, str], DBusSignature("ssss")]
Which = Annotated[tuple[int, str], DBusSignature("us")]
Why = Annotated[tuple[int, int], DBusSignature("uu")]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A notification on the screen. `actions`: its buttons by name, as the desktop got them; `at`: ms since 1970."""

    id: int
    title: str
    text: str
    actions: dict[str, str]
    at: float


class Desktop(ServiceInterface):
    """`address` is for the browser's environment. `shown`: all that was ever shown, replacements too; `there`: what
    stands on the screen now."""

    def __init__(self, address: str) -> None:
        super().__init__(NAME)
        self.address = address
        self.shown: list[Shown] = []
        self.there: dict[int, Shown] = {}
        self._change = asyncio.Condition()

    async def shows(self, words: str, seconds: float = 60) -> Shown:
        """The newest notification with these words, once there is one."""

        def found() -> Shown | None:
            return next((one for one in reversed(self.shown) if words in f"{one.title}\n{one.text}"), None)

        async with asyncio.timeout(seconds), self._change:
            one = await self._change.wait_for(found)
            assert one is not None
            return one

    def click(self, one: Shown, button: str = "") -> None:
        """On the notification itself, or on its button of this name."""
        key = next(key for key, name in one.actions.items() if name == button) if button else "default"
        self.ActionInvoked(one.id, key)

    @dbus_method()
    def GetCapabilities(self) -> Texts:
        return CAPABILITIES

    @dbus_method()
    def GetServerInformation(self) -> Answered:
        return ("desktop", "tests", "1", "1.2")

    @dbus_method()
    async def Notify(
        self, _app: DBusStr, replaces: DBusUInt32, _icon: DBusStr, title: DBusStr, text: DBusStr, actions: Texts,
        _hints: DBusDict, _expires: DBusInt32,
    ) -> DBusUInt32:  # fmt: skip
        number = replaces or len(self.shown) + 1
        named = dict(zip(actions[::2], actions[1::2], strict=True))
        one = Shown(id=number, title=title, text=text, actions=named, at=clock.now().timestamp() * 1000)
        async with self._change:
            self.shown.append(one)
            self.there[number] = one
            self._change.notify_all()
        return number

    @dbus_method()
    def CloseNotification(self, number: DBusUInt32) -> None:
        self.there.pop(number, None)
        self.NotificationClosed(number, CLOSED_BY_CALL)

    @dbus_signal()
    def ActionInvoked(self, number: DBusUInt32, key: DBusStr) -> Which:
        return (number, key)

    @dbus_signal()
    def NotificationClosed(self, number: DBusUInt32, why: DBusUInt32) -> Why:
        return (number, why)


@asynccontextmanager
async def a_desktop() -> AsyncIterator[Desktop]:
    """On a bus of its own."""
    program = shutil.which("dbus-daemon")
    assert program, "dbus-daemon is not there: bin/test installs it where it is root"
    daemon = await asyncio.create_subprocess_exec(
        program,
        "--session",
        "--nofork",
        "--print-address",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert daemon.stdout is not None
        address = (await daemon.stdout.readline()).decode().strip()
        bus = await MessageBus(bus_address=address).connect()
        desktop = Desktop(address)
        bus.export(PATH, desktop)
        await bus.request_name(NAME)
        yield desktop
        bus.disconnect()
    finally:
        daemon.kill()
        await daemon.wait()
