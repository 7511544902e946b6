"""Stand-ins for those who run gateways, on loopback with TLS, each as strict as its makers' documents say."""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import msgspec
from aiohttp import web

from moshao.alerts.gateways.gateway import Gateway, Means, Rung
from moshao.alerts.gateways.kinds import KINDS
from moshao.alerts.message import Message
from moshao.kit import clock, ids
from moshao.kit.outgoing import open_outgoing
from tests.certificate import server_context

WECOM, DINGTALK, SMS, VOICE = (
    "qyapi.weixin.qq.com", "oapi.dingtalk.com", "dysmsapi.aliyuncs.com", "dyvmsapi.aliyuncs.com",
)  # fmt: skip
HOOK = "ring.example.com"
HOSTS = (WECOM, DINGTALK, SMS, VOICE, HOOK)
HOOK_KEY = b"a key of twenty-four oct"
CALLBACK_TOKEN, AES_KEY = "QDG6eKcallback", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
SECRETS: dict[str, dict[str, Any]] = {
    "wecom": {"secret": "wecom-very-secret"},
    "dingtalk": {"app_secret": "ding-very-secret"},
    "sms": {"access_key_secret": "ali-very-secret", "report_token": "report-very-secret"},
    "voice": {"access_key_secret": "ali-very-secret", "report_token": "report-very-secret"},
    "webhook": {"secret": "whsec_" + base64.b64encode(HOOK_KEY).decode()},
}
SETTINGS: dict[str, dict[str, Any]] = {
    "wecom": {"corp_id": "ww1234", "agent_id": 1000002},
    "dingtalk": {"app_key": "dingkey", "agent_id": 77},
    "sms": {"access_key_id": "LTAI1", "sign_name": "末梢", "template_code": "SMS_1"},
    "voice": {"access_key_id": "LTAI1", "ring_code": "TTS_1", "thanks_code": "TTS_2", "bye_code": "TTS_3"},
    "webhook": {"url": f"https://{HOOK}/rings"},
}
ZHANG = Rung(person_id=ids.new_id(), name="老张", staff_no="A1", phone="13800000001", address="zhang")


class Makers:
    """`taken`: what they let through, as each understood it. `answers`: what they say next instead, by and by.
    `asked`: paths in the order of arrival. `strangers`: whom they do not know;
    `readers`: who has read what he was sent (钉钉)."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.answers: list[web.Response] = []
        self.asked: list[str] = []
        self.strangers: set[str] = set()
        self.readers: set[str] = set()
        self.tokens: list[str] = []
        self.ended: set[str] = set()
        self.port = 0

    @property
    def test_connect(self) -> list[tuple[str, str]]:
        return [(host, f"127.0.0.1:{self.port}") for host in HOSTS]

    def says(self, status: int = 200, body: dict[str, Any] | None = None, **headers: str) -> None:
        """Next time, instead of what is right; a token is given all the same."""
        self.answers.append(
            web.json_response(body, status=status, headers=headers)
            if body is not None
            else web.Response(text="<html>", status=status, headers=headers)
        )

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        by_path = {
            "/cgi-bin/gettoken": self._wecom_token, "/cgi-bin/message/send": self._wecom_send,
            "/gettoken": self._ding_token,
            "/topapi/message/corpconversation/asyncsend_v2": self._ding_send,
            "/topapi/message/corpconversation/getsendresult": self._ding_result,
            "/": self._aliyun, "/rings": self._hook,
        }  # fmt: skip
        given = request.path.endswith(("gettoken", "getsendresult"))
        if self.answers and not given:
            return self.answers.pop(0)
        return await by_path[request.path](request)

    async def _wecom_token(self, request: web.Request) -> web.Response:
        asked = request.query
        if asked["corpid"] != "ww1234":
            return web.json_response({"errcode": 40013, "errmsg": "invalid corpid"})
        if asked["corpsecret"] != SECRETS["wecom"]["secret"]:
            return web.json_response({"errcode": 40001, "errmsg": "invalid credential"})
        return self._token()

    async def _wecom_send(self, request: web.Request) -> web.Response:
        body = await request.json()
        if not self._is_good(request):
            return web.json_response({"errcode": 42001, "errmsg": "access_token expired"})
        if fault := _wecom_fault(body):
            return web.json_response({"errcode": 40058, "errmsg": fault})
        if body["touser"] in self.strangers:
            return web.json_response({"errcode": 0, "errmsg": "ok", "invaliduser": body["touser"], "msgid": "m0"})
        self.taken.append(body)
        return web.json_response({"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": f"m{len(self.taken)}"})

    async def _ding_token(self, request: web.Request) -> web.Response:
        if (request.query["appkey"], request.query["appsecret"]) != ("dingkey", SECRETS["dingtalk"]["app_secret"]):
            return web.json_response({"errcode": 40089, "errmsg": "不合法的corpid或corpsecret"})
        return self._token()

    async def _ding_send(self, request: web.Request) -> web.Response:
        if not self._is_good(request):
            return web.json_response({"errcode": 88, "sub_code": "40014", "sub_msg": "不合法的access_token"})
        body = await request.json()
        card = body["msg"]["action_card"]
        assert body["msg"]["msgtype"] == "action_card"
        assert card["single_title"]
        assert card["single_url"].startswith("http")
        # Equal words reach a person once a day.
        if any(one["msg"] == body["msg"] and one["userid_list"] == body["userid_list"] for one in self.taken):
            return web.json_response({"errcode": 0, "task_id": 0})
        self.taken.append(body)
        return web.json_response({"errcode": 0, "task_id": 256271667526 + len(self.taken), "request_id": "r"})

    async def _ding_result(self, request: web.Request) -> web.Response:
        assert self._is_good(request)
        to = self.taken[-1]["userid_list"]
        unknown = to in self.strangers
        read = to in self.readers
        found = {
            "invalid_user_id_list": [to] if unknown else [], "read_user_id_list": [to] if read else [],
            "unread_user_id_list": [] if unknown or read else [to],
        }  # fmt: skip
        return web.json_response({"errcode": 0, "send_result": found})

    async def _aliyun(self, request: web.Request) -> web.Response:
        if not _aliyun_signed(request, SECRETS["sms"]["access_key_secret"]):
            return web.json_response({"Code": "SignatureDoesNotMatch", "Message": "…"}, status=400)
        asked = dict(request.query)
        number = asked.get("PhoneNumbers") or asked.get("CalledNumber", "")
        if not re.fullmatch(r"1\d{10}", number):
            return web.json_response({"Code": "isv.MOBILE_NUMBER_ILLEGAL", "Message": "…"})
        self.taken.append(asked | {"Action": request.headers["x-acs-action"]})
        named = "BizId" if request.headers["x-acs-action"] == "SendSms" else "CallId"
        return web.json_response({"Code": "OK", "Message": "OK", "RequestId": "r", named: f"b{len(self.taken)}^0"})

    async def _hook(self, request: web.Request) -> web.Response:
        body = await request.read()
        signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + body
        right = "v1," + base64.b64encode(hmac.new(HOOK_KEY, signed, hashlib.sha256).digest()).decode()
        if request.headers["webhook-signature"] != right:
            return web.Response(status=401)
        self.taken.append({"id": request.headers["webhook-id"], **await request.json()})
        return web.Response(status=204)

    def _token(self) -> web.Response:
        self.tokens.append(f"access-very-secret-{len(self.tokens)}")
        return web.json_response({"errcode": 0, "access_token": self.tokens[-1], "expires_in": 7200})

    def _is_good(self, request: web.Request) -> bool:
        return request.query["access_token"] in set(self.tokens) - self.ended


def _wecom_fault(body: dict[str, Any]) -> str:
    card = body["template_card"]
    if body["agentid"] != 1000002 or body["msgtype"] != "template_card":
        return "agentid, msgtype"
    if len(card["main_title"]["title"]) > 26 or len(card["sub_title_text"]) > 112:
        return "too long"
    if not re.fullmatch(r"[\w@-]{1,128}", card["task_id"]):
        return "task_id"
    if card["card_type"] == "text_notice":
        return "" if all(len(one["title"]) <= 13 for one in card["jump_list"]) else "jump_list"
    good = card["card_type"] == "button_interaction" and 1 <= len(card["button_list"]) <= 6
    return "" if good and all(one.get("url") or one.get("key") for one in card["button_list"]) else "button_list"


def _aliyun_signed(request: web.Request, secret: str) -> bool:
    """By the request as it came."""
    algorithm, _, rest = request.headers["Authorization"].partition(" ")
    parts = dict(part.partition("=")[::2] for part in rest.split(","))
    names = parts["SignedHeaders"].split(";")
    asked = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in request.query.items())
    whole = "\n".join([
        request.method, "/", "&".join("=".join(pair) for pair in asked),
        "".join(f"{name}:{request.headers[name]}\n" for name in names), ";".join(names),
        hashlib.sha256(b"").hexdigest(),
    ])  # fmt: skip
    signed = f"{algorithm}\n{hashlib.sha256(whole.encode()).hexdigest()}"
    right = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()
    return parts["Signature"] == right and {"host", "x-acs-date", "x-acs-content-sha256"} <= set(names)


def a_message(**given: Any) -> Message:
    whole: dict[str, Any] = {
        "delivery_id": uuid4(), "kind": "assigned", "title": "新案件：暴露垃圾",
        "body": "中州路 128 号 · 18:40 前办结", "tag": "case-1", "url": "/c/1", "urgency": "normal", "at": clock.now(),
        "actions": ("accept", "navigate"), **given,
    }  # fmt: skip
    return Message(**whole)


@asynccontextmanager
async def makers() -> AsyncIterator[Makers]:
    stub = Makers()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", stub.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context()).start()
        stub.port = runner.addresses[0][1]
        yield stub
    finally:
        await runner.cleanup()


@asynccontextmanager
async def opened(
    kind: str, stub: Makers, secrets: dict[str, Any] | None = None, own: frozenset[str] = frozenset(), **settings: Any
) -> AsyncIterator[Gateway]:
    """A gateway that calls the stand-ins; `settings` and `secrets` beside the usual ones."""
    its = KINDS[kind]
    async with open_outgoing(stub.test_connect) as outgoing:
        means = Means(outgoing, "https://moshao.example.com", ids.new_id(), own)
        yield its.open(
            msgspec.convert(SETTINGS[kind] | settings, its.settings),
            msgspec.convert(SECRETS[kind] | (secrets or {}), its.secrets),
            means,
        )
