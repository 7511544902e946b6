"""企业微信: a card to one member of the enterprise, by an application of its own.

https://developer.work.weixin.qq.com/document/path/90236 (sending), /91039 (tokens), /90968 (callbacks).
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.gateway import Callback, Fate, Means, Reply, Rung
from moshao.alerts.gateways.kind import Kind, Root, Secret
from moshao.alerts.gateways.makers import Makers, Said, Troubled
from moshao.alerts.gateways.tokens import Token
from moshao.alerts.gateways.wecom_callbacks import Seal, buttons_pressed
from moshao.alerts.gateways.wording import SEEN, cut, link_of, link_words
from moshao.alerts.message import Message
from moshao.kit.limits import Limits

TITLE_MOST = 26
WORDS_MOST = 112
TOKEN_LASTS_S = 7200.0
# A member is given 30 messages of an application in a minute and 1,000 in an hour; the rest is dropped without a word.
# Half of that here: a worker that takes over in the same minute has not seen what the one before it sent.
PER_MINUTE = (8 / 60, 6.0)  # at most 14 in a minute
PER_HOUR = (420 / 3600, 60.0)  # at most 480 in an hour
DUPLICATE_SECONDS = 1800

TOKEN_ENDED = frozenset({40014, 42001, 42007, 42009})
BUSY = frozenset({-1, 6000, 45009, 45011, 45033})
NOBODY = frozenset({40003, 40031, 46004, 60111, 81013, 82001})


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`root`: of the API, another one for 政务微信 and private deployments."""

    corp_id: Annotated[str, Meta(min_length=1, max_length=64)]
    agent_id: Annotated[int, Meta(ge=1)]
    root: Root = "https://qyapi.weixin.qq.com"


class Secrets(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`token` and `aes_key` as set at the application's 接收消息: with them cards have a button 「知道了」."""

    secret: Secret
    token: str = ""
    aes_key: Annotated[str, Meta(pattern="^([A-Za-z0-9]{43})?$")] = ""


class WeCom:
    """Rings by card."""

    name = "wecom"
    per_second = 20.0

    def __init__(self, settings: Settings, secrets: Secrets, means: Means) -> None:
        self._settings = settings
        self._secret = secrets.secret
        self._base_url = means.base_url
        self._makers = Makers(settings.root, means)
        self._token = Token(self._fetch)
        self._paces = [Limits(per_second=rate, burst=burst) for rate, burst in (PER_MINUTE, PER_HOUR)]
        hears = bool(secrets.token and secrets.aes_key)
        self._seal = Seal(secrets.token, secrets.aes_key, settings.corp_id) if hears else None

    async def ring(self, message: Message, person: Rung) -> Fate:
        if not person.address:
            return Fate(outcome="failed", why="not_known_there", nobody=True)
        if wait := max(pace.take(person.address) for pace in self._paces):
            return Fate(outcome="later", why="too_many_for_one", after_s=wait)
        body = self._card(message, person.address)
        try:
            said = await self._send(body)
        except Troubled as trouble:
            return trouble.fate
        return fate_of(said.body, person.address)

    async def hear(self, callback: Callback) -> Reply:
        if self._seal is None:
            return Reply(status=403)
        return buttons_pressed(self._seal, callback)

    async def _send(self, body: dict[str, Any]) -> Said:
        """Once more with a new token where theirs has ended before its time."""
        for _ in range(2):
            token = await self._token.get()
            said = await self._makers.post("/cgi-bin/message/send", {"access_token": token}, body)
            if said.body.get("errcode") not in TOKEN_ENDED:
                break
            self._token.drop(token)
        return said

    async def _fetch(self) -> tuple[str, float]:
        query = {"corpid": self._settings.corp_id, "corpsecret": self._secret}
        said = (await self._makers.get("/cgi-bin/gettoken", query)).body
        if said.get("errcode", 0) != 0 or not said.get("access_token"):
            raise Troubled(fate_of(said, ""))
        return str(said["access_token"]), float(said.get("expires_in", TOKEN_LASTS_S))

    def _card(self, message: Message, address: str) -> dict[str, Any]:
        link, words = link_of(self._base_url, message), link_words(message)
        card: dict[str, Any] = {
            "card_type": "text_notice",
            "main_title": {"title": cut(message.title, TITLE_MOST)},
            "sub_title_text": cut(message.body, WORDS_MOST),
            "card_action": {"type": 1, "url": link},
            # Asked again after a lost answer, it is the same card, which they show once.
            "task_id": str(message.delivery_id),
        }
        if self._seal is None:
            card["jump_list"] = [{"type": 1, "title": words, "url": link}]
        else:
            card["card_type"] = "button_interaction"
            card["button_list"] = [
                {"type": 1, "text": words, "style": 1, "url": link},
                {"type": 0, "text": SEEN[message.language], "style": 4, "key": "seen"},
            ]
        return {
            "touser": address, "msgtype": "template_card", "agentid": self._settings.agent_id, "template_card": card,
            "enable_duplicate_check": 1, "duplicate_check_interval": DUPLICATE_SECONDS,
        }  # fmt: skip


def fate_of(said: dict[str, Any], address: str) -> Fate:
    """Of their `errcode`, and of those whom they name as nobody (https://developer.work.weixin.qq.com/document/path/90313)."""
    code = said.get("errcode", 0)
    if code == 0:
        strangers = str(said.get("invaliduser") or "").lower().split("|")
        if address and address.lower() in strangers:
            return Fate(outcome="failed", why="invaliduser", nobody=True)
        # He is there, and has not been given this application.
        if address and address.lower() in str(said.get("unlicenseduser") or "").lower().split("|"):
            return Fate(outcome="failed", why="unlicenseduser")
        return Fate(outcome="sent", foreign_id=str(said["msgid"]) if said.get("msgid") else None)
    if code in NOBODY:
        return Fate(outcome="failed", why=f"errcode_{code}", nobody=bool(address))
    late = code in BUSY or code in TOKEN_ENDED
    return Fate(outcome="later" if late else "failed", why=f"errcode_{code}")


KIND = Kind(settings=Settings, secrets=Secrets, open=WeCom, reaches_by="address")
