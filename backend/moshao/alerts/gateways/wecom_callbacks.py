"""What 企业微信 tells by callback: sealed by AES-CBC and signed by SHA-1, by its makers' rules.

https://developer.work.weixin.qq.com/document/path/90968
"""

import base64
import hashlib
import hmac
import re

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from moshao.alerts.gateways.gateway import Callback, Heard, Reply
from moshao.kit.ids import parse_id

BLOCK = 32
NOISE = 16
PRESSED = "template_card_event"


class Seal:
    """Opens what is sealed for `corp_id` with the key of 43 characters, once its signature holds."""

    def __init__(self, token: str, aes_key: str, corp_id: str) -> None:
        self._token = token
        self._key = base64.b64decode(aes_key + "=")
        self._corp_id = corp_id.encode()

    def open(self, callback: Callback, sealed: str) -> bytes | None:
        """None: it is not from them, or not for us."""
        query = callback.query
        parts = sorted([self._token, query.get("timestamp", ""), query.get("nonce", ""), sealed])
        signature = hashlib.sha1("".join(parts).encode()).hexdigest()
        if not hmac.compare_digest(signature.encode(), query.get("msg_signature", "").encode()):
            return None
        return self._opened(sealed)

    def _opened(self, sealed: str) -> bytes | None:
        """16 octets of noise, the length in 4, the words, for whom; then padding to blocks of 32."""
        try:
            content = base64.b64decode(sealed, validate=True)
            aes = Cipher(algorithms.AES(self._key), modes.CBC(self._key[:16])).decryptor()
            plain = aes.update(content) + aes.finalize()
        except ValueError:
            return None
        if not plain or not 1 <= plain[-1] <= BLOCK:
            return None
        plain = plain[: -plain[-1]]
        length = int.from_bytes(plain[NOISE : NOISE + 4], "big")
        words, whose = plain[NOISE + 4 : NOISE + 4 + length], plain[NOISE + 4 + length :]
        return words if whose == self._corp_id else None


def buttons_pressed(seal: Seal, callback: Callback) -> Reply:
    """First they ask whether the address is ours; then each press of a card's button: somebody has read it."""
    if callback.method == "GET":
        echo = seal.open(callback, callback.query.get("echostr", ""))
        return Reply(status=403) if echo is None else Reply(body=echo)
    words = seal.open(callback, member(callback.body.decode(errors="replace"), "Encrypt"))
    if words is None:
        return Reply(status=403)
    told = words.decode(errors="replace")
    delivery_id = parse_id(member(told, "TaskId"))
    if member(told, "Event") != PRESSED or delivery_id is None:
        return Reply()
    return Reply(heard=(Heard(receipt="opened", delivery_id=delivery_id),))


def member(xml: str, name: str) -> str:
    """Of their flat XML; an XML parser would be more than is needed for what strangers may send."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", xml, re.DOTALL)
    return (found[1] or found[2] or "").strip() if found else ""
