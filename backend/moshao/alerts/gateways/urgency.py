"""Gateways that cost money, or sleep, ring for what can't wait."""

from moshao.alerts.message import Message


def waits(message: Message, *, only_urgent: bool) -> bool:
    """Whether this one is not for such a gateway. A test ring is urgent."""
    return only_urgent and message.urgency == "normal"
