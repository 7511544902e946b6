"""The authority as iPhones take it: a configuration profile (Apple, Configuration Profile Reference)."""

import plistlib
import uuid

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID


def profile_of(authority: x509.Certificate) -> bytes:
    """A .mobileconfig; the same authority gives the same profile, so installing twice replaces."""
    body = authority.public_bytes(Encoding.DER)
    name = str(authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    root, inner = (str(uuid.uuid5(uuid.NAMESPACE_OID, f"{part} {body.hex()}")).upper() for part in ("profile", "root"))
    return plistlib.dumps(
        {
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"moshao.authority.{root}",
            "PayloadUUID": root,
            "PayloadDisplayName": name,
            "PayloadDescription": "让手机信任本单位的末梢系统 · Lets this phone trust your Moshao server",
            "PayloadContent": [
                {
                    "PayloadType": "com.apple.security.root",
                    "PayloadVersion": 1,
                    "PayloadIdentifier": f"moshao.authority.{root}.root",
                    "PayloadUUID": inner,
                    "PayloadDisplayName": name,
                    "PayloadContent": body,
                }
            ],
        }
    )
