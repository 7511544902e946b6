"""A call that reads the message aloud and hears a key (阿里云语音服务, IvrCall): 1 says that somebody has heard it.

https://help.aliyun.com/zh/vms/developer-reference/api-dyvmsapi-2017-05-25-ivrcall
"""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.aliyun import TAKEN, Aliyun, Secrets
from moshao.alerts.gateways.gateway import Callback, Fate, Heard, Means, Reply, Rung
from moshao.alerts.gateways.kind import JSON_TEXT, Kind, Root
from moshao.alerts.gateways.urgency import waits
from moshao.alerts.gateways.wording import cut
from moshao.alerts.message import Message

VERSION = "2017-05-25"
WORDS_MOST = 60
HEARD_KEY = "1"
ANSWERED = "200000"

Code = Annotated[str, Meta(min_length=1, max_length=40)]


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`show_number`: whose number is shown. Templates as their makers have approved them: `ring_code` with the
    variables `title` and `body`, ending with 「按 1 确认」; `thanks_code` after a 1, `bye_code` at the end."""

    access_key_id: Annotated[str, Meta(min_length=1, max_length=64)]
    show_number: Annotated[str, Meta(max_length=20)] = ""
    ring_code: Code
    thanks_code: Code
    bye_code: Code
    only_urgent: bool = True
    times: Annotated[int, Meta(ge=1, le=3)] = 2
    root: Root = "https://dyvmsapi.aliyuncs.com"


class Voice:
    """Rings by call."""

    name = "voice"
    per_second = 5.0

    def __init__(self, settings: Settings, secrets: Secrets, means: Means) -> None:
        self._settings = settings
        self._service = Aliyun(settings.root, VERSION, settings.access_key_id, secrets, means)

    async def ring(self, message: Message, person: Rung) -> Fate:
        its = self._settings
        if waits(message, only_urgent=its.only_urgent):
            return Fate(outcome="needless", why="not_urgent")
        if not person.phone:
            return Fate(outcome="failed", why="no_phone")
        words = {"title": cut(message.title, WORDS_MOST), "body": cut(message.body, WORDS_MOST)}
        query = {
            "CalledNumber": person.phone, "StartCode": its.ring_code,
            "StartTtsParams": msgspec.json.encode(words).decode(), "PlayTimes": str(its.times),
            "MenuKeyMap.1.Key": HEARD_KEY, "MenuKeyMap.1.Code": its.thanks_code, "ByeCode": its.bye_code,
            "OutId": str(message.delivery_id),
        }  # fmt: skip
        if its.show_number:
            query["CalledShowNumber"] = its.show_number
        return await self._service.ask("IvrCall", query)

    async def hear(self, callback: Callback) -> Reply:
        reports = self._service.reports(callback)
        if reports is None:
            return Reply(status=403)
        heard = [_heard(report) for report in reports]
        return Reply(body=TAKEN, media_type=JSON_TEXT, heard=tuple(one for one in heard if one))


def _heard(report: dict[str, Any]) -> Heard | None:
    """Of their VoiceReport. Picking up is not hearing: a mailbox picks up, too."""
    try:
        delivery_id = UUID(str(report.get("out_id")))
    except ValueError:
        return None
    status = str(report.get("status_code") or "")
    if str(report.get("dtmf") or "").startswith(HEARD_KEY):
        return Heard(receipt="opened", delivery_id=delivery_id)
    if status and status != ANSWERED:
        return Heard(receipt="failed", delivery_id=delivery_id, why=f"status_{status}"[:60])
    return None


KIND = Kind(settings=Settings, secrets=Secrets, open=Voice, reaches_by="phone")
