"""Which kinds of gateways there are, by name."""

from moshao.alerts.gateways import dingtalk, sms, voice, webhook, wecom
from moshao.alerts.gateways.kind import Kind

KINDS: dict[str, Kind] = {
    "wecom": wecom.KIND,
    "dingtalk": dingtalk.KIND,
    "sms": sms.KIND,
    "voice": voice.KIND,
    "webhook": webhook.KIND,
}
