"""SMS by a template that its makers have approved (阿里云短信服务, SendSms).

https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms
"""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from moshao.alerts.gateways.aliyun import TAKEN, Aliyun, Secrets
from moshao.alerts.gateways.gateway import Callback, Fate, Heard, Means, Reply, Rung
from moshao.alerts.gateways.kind import JSON_TEXT, Kind, Root
from moshao.alerts.gateways.urgency import waits
from moshao.alerts.gateways.wording import cut, link_of
from moshao.alerts.message import Message

VERSION = "2017-05-25"
# What a variable of a template may hold.
WORDS_MOST = 35

Part = Literal["title", "body", "link"]


class Settings(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`variables`: name in the template → what stands there. `delivered_is_shown`: a report that the phone has it
    counts like a notification shown, and ends the climb."""

    access_key_id: Annotated[str, Meta(min_length=1, max_length=64)]
    sign_name: Annotated[str, Meta(min_length=1, max_length=40)]
    template_code: Annotated[str, Meta(min_length=1, max_length=40)]
    variables: dict[str, Part] = msgspec.field(default_factory=lambda: {"title": "title", "body": "body"})
    only_urgent: bool = False
    delivered_is_shown: bool = False
    root: Root = "https://dysmsapi.aliyuncs.com"


class Sms:
    """Rings by SMS."""

    name = "sms"
    per_second = 20.0

    def __init__(self, settings: Settings, secrets: Secrets, means: Means) -> None:
        self._settings = settings
        self._base_url = means.base_url
        self._service = Aliyun(settings.root, VERSION, settings.access_key_id, secrets, means)

    async def ring(self, message: Message, person: Rung) -> Fate:
        if waits(message, only_urgent=self._settings.only_urgent):
            return Fate(outcome="needless", why="not_urgent")
        if not person.phone:
            return Fate(outcome="failed", why="no_phone")
        said = {"title": message.title, "body": message.body, "link": link_of(self._base_url, message)}
        variables = {name: cut(said[part], WORDS_MOST) for name, part in self._settings.variables.items()}
        query = {
            "PhoneNumbers": person.phone, "SignName": self._settings.sign_name,
            "TemplateCode": self._settings.template_code, "TemplateParam": msgspec.json.encode(variables).decode(),
            "OutId": str(message.delivery_id),
        }  # fmt: skip
        return await self._service.ask("SendSms", query)

    async def hear(self, callback: Callback) -> Reply:
        reports = self._service.reports(callback)
        if reports is None:
            return Reply(status=403)
        heard = [self._heard(report) for report in reports]
        return Reply(body=TAKEN, media_type=JSON_TEXT, heard=tuple(one for one in heard if one))

    def _heard(self, report: dict[str, Any]) -> Heard | None:
        """Of their SmsReport: whether the phone has it, and why not."""
        try:
            delivery_id = UUID(str(report.get("out_id")))
        except ValueError:
            return None
        if report.get("success") is True:
            return Heard(receipt="shown", delivery_id=delivery_id) if self._settings.delivered_is_shown else None
        return Heard(receipt="failed", delivery_id=delivery_id, why=str(report.get("err_code") or "undelivered")[:60])


KIND = Kind(settings=Settings, secrets=Secrets, open=Sms, reaches_by="phone")
