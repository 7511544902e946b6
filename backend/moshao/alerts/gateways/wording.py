"""What gateways say around a message's own words."""

from moshao.alerts.message import Message

OPEN = {"zh": "打开", "en": "Open"}
OPEN_TO_ACCEPT = {"zh": "打开接单", "en": "Open to accept"}
SEEN = {"zh": "知道了", "en": "Seen"}


def link_of(base_url: str, message: Message) -> str:
    """Opens the case in the app; whoever is not signed in there sees the sign-in and nothing else."""
    return f"{base_url}{message.url}"


def link_words(message: Message) -> str:
    words = OPEN_TO_ACCEPT if "accept" in message.actions else OPEN
    return words[message.language]


def cut(text: str, most: int) -> str:
    """At most `most` characters, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"
