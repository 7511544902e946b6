"""钉钉: a work notification (工作通知) to one person of the organisation.

https://open.dingtalk.com/document/orgapp/asynchronous-sending-of-enterprise-session-messages
"""

import asyncio
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.gateway import Callback, Fate, Means, Reply, Rung
from moshao.alerts.gateways.kind import Kind, Root, Secret
from moshao.alerts.gateways.makers import Makers, Troubled
from moshao.alerts.gateways.tokens import Token
from moshao.alerts.gateways.wording import cut, link_of, link_words
from moshao.alerts.message import Message

TITLE_MOST = 60
WORDS_MOST = 500
TOKEN_LASTS_S = 7200.0
# They take the message first and find out afterwards whether there is such a person.
LOOKS = 4
LOOK_EACH_SECONDS = 0.5

TOKEN_ENDED = frozenset({40014, 42001})
NOBODY = frozenset({33012, 60121})
# 88: the reason stands in sub_code; 90002 … 90018 are all kinds of too much at once.
BUSY = frozenset({-1, 45009, 90002, 90003, 90004, 90005, 90006, 90007, 90008, 90018, 143103, 143104, 143105, 143106})


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`root`: of the API; another one for 专有钉钉."""

    app_key: Annotated[str, Meta(min_length=1, max_length=64)]
    agent_id: Annotated[int, Meta(ge=1)]
    root: Root = "https://oapi.dingtalk.com"


class Secrets(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Of the application."""

    app_secret: Secret


class DingTalk:
    """Rings by action card."""

    name = "dingtalk"
    per_second = 20.0

    def __init__(self, settings: Settings, secrets: Secrets, means: Means) -> None:
        self._settings = settings
        self._secret = secrets.app_secret
        self._base_url = means.base_url
        self._makers = Makers(settings.root, means)
        self._token = Token(self._fetch)

    async def ring(self, message: Message, person: Rung) -> Fate:
        if not person.address:
            return Fate(outcome="failed", why="not_known_there", nobody=True)
        try:
            said = await self._asked("/topapi/message/corpconversation/asyncsend_v2", self._card(message, person))
            if code_of(said) != 0:
                return fate_of(said)
            return await self._became(said.get("task_id"), person.address)
        except Troubled as trouble:
            return trouble.fate

    async def hear(self, callback: Callback) -> Reply:
        """They tell nothing by themselves: `has_read` asks."""
        return Reply(status=403)

    async def has_read(self, foreign_id: str, address: str) -> bool:
        try:
            return address in _among(await self._results(foreign_id), "read_user_id_list")
        except Troubled:
            return False

    async def _results(self, task_id: object) -> dict[str, Any]:
        """Their lists of persons. Raises Troubled."""
        asked = {"agent_id": self._settings.agent_id, "task_id": task_id}
        said = await self._asked("/topapi/message/corpconversation/getsendresult", asked)
        return said.get("send_result") or {}

    async def _became(self, task_id: object, address: str) -> Fate:
        """Taken is taken; only that there is no such person, or that he must not be sent to, makes it undone."""
        sent = Fate(outcome="sent", foreign_id=str(task_id))
        for _ in range(LOOKS):
            try:
                lists = await self._results(task_id)
            except Troubled:
                return sent
            if address in _among(lists, "invalid_user_id_list"):
                return Fate(outcome="failed", why="invalid_user_id", nobody=True)
            if address in _among(lists, "forbidden_user_id_list") or address in _forbidden(lists):
                return Fate(outcome="failed", why="forbidden")
            if address in _among(lists, "failed_user_id_list"):
                return Fate(outcome="later", why="failed_there")
            if address in _among(lists, "unread_user_id_list") or address in _among(lists, "read_user_id_list"):
                return sent
            await asyncio.sleep(LOOK_EACH_SECONDS)
        return sent

    async def _asked(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Once more with a new token where theirs has ended before its time. Raises Troubled."""
        for _ in range(2):
            token = await self._token.get()
            said = (await self._makers.post(path, {"access_token": token}, body)).body
            if code_of(said) not in TOKEN_ENDED:
                break
            self._token.drop(token)
        return said

    async def _fetch(self) -> tuple[str, float]:
        query = {"appkey": self._settings.app_key, "appsecret": self._secret}
        said = (await self._makers.get("/gettoken", query)).body
        if code_of(said) != 0 or not said.get("access_token"):
            raise Troubled(fate_of(said))
        return str(said["access_token"]), float(said.get("expires_in", TOKEN_LASTS_S))

    def _card(self, message: Message, person: Rung) -> dict[str, Any]:
        # The same words reach the same person once a day only: the delivery makes each a message of its own.
        title, mark = cut(message.title, TITLE_MOST), message.delivery_id.hex[:8]
        words = f"### {title}\n\n{cut(message.body, WORDS_MOST)}\n\n`{mark}`"
        card = {
            "title": title, "markdown": words, "single_title": link_words(message),
            "single_url": link_of(self._base_url, message),
        }  # fmt: skip
        return {
            "agent_id": self._settings.agent_id, "userid_list": person.address,
            "msg": {"msgtype": "action_card", "action_card": card},
        }  # fmt: skip


def code_of(said: dict[str, Any]) -> int:
    """Their errcode, or the reason behind errcode 88."""
    code = said.get("errcode", 0)
    if code == 88 and str(said.get("sub_code", "")).isdigit():
        return int(said["sub_code"])
    return code if isinstance(code, int) else -1


def fate_of(said: dict[str, Any]) -> Fate:
    """Of an errcode that is not 0."""
    code = code_of(said)
    if code in NOBODY:
        return Fate(outcome="failed", why=f"errcode_{code}", nobody=True)
    late = code in BUSY or code in TOKEN_ENDED
    return Fate(outcome="later" if late else "failed", why=f"errcode_{code}")


def _among(lists: dict[str, Any], name: str) -> list[Any]:
    found = lists.get(name) or []
    return found if isinstance(found, list) else []


def _forbidden(lists: dict[str, Any]) -> list[Any]:
    """Newer answers say for each why: [{userid, code, count}]."""
    return [each.get("userid") for each in _among(lists, "forbidden_list") if isinstance(each, dict)]


KIND = Kind(settings=Settings, secrets=Secrets, open=DingTalk, reaches_by="address")
