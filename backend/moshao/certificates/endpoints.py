"""/trust: how a phone comes to trust this server. Open to all, by plain http too: who asks trusts nothing yet."""

from typing import Annotated, Any, Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from litestar import MediaType, Request, Response, Router, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from moshao.certificates.kept import authority_of
from moshao.certificates.making import fingerprint
from moshao.certificates.page import STYLE, page
from moshao.certificates.profile import profile_of
from moshao.certificates.wording import EN, ZH
from moshao.kit import errors
from moshao.kit.config import Settings

no_authority = errors.refusal("no_authority", 404, "本系统没有自己的证书，手机不用安装什么")
Lang = Annotated[Literal["zh", "en"] | None, QueryParameter(name="lang", description="Else as the browser asks.")]


@get("/trust", opt={"open": True}, operation_id="get_trust_page", media_type=MediaType.HTML)
async def get_page(request: Request[Any, Any, Any], settings: NamedDependency[Settings], lang: Lang = None) -> str:
    """How to install the certificate authority, by kind of phone. 404 `no_authority` where none was made."""
    asked = request.headers.get("accept-language", "zh").strip().lower()
    words = EN if lang == "en" or (lang is None and not asked.startswith(("zh", "*"))) else ZH
    return page(words, settings.base_url, fingerprint(_authority(settings)))


@get("/trust/authority.crt", opt={"open": True}, operation_id="get_authority")
async def get_authority(settings: NamedDependency[Settings]) -> Response[bytes]:
    """The authority's certificate, DER, as Android and Windows install it."""
    body = _authority(settings).public_bytes(Encoding.DER)
    return Response(body, media_type="application/x-x509-ca-cert", headers=_named("authority.crt"))


@get("/trust/authority.mobileconfig", opt={"open": True}, operation_id="get_authority_profile")
async def get_profile(settings: NamedDependency[Settings]) -> Response[bytes]:
    """The same as a configuration profile, as iPhones install it."""
    body = profile_of(_authority(settings))
    return Response(body, media_type="application/x-apple-aspen-config", headers=_named("authority.mobileconfig"))


@get("/trust/style.css", opt={"open": True}, include_in_schema=False)
async def get_style() -> Response[str]:
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "no-cache"})


router = Router("/", route_handlers=[get_page, get_authority, get_profile, get_style])


def _authority(settings: Settings) -> x509.Certificate:
    found = authority_of(settings.data)
    if found is None:
        raise no_authority()
    return x509.load_pem_x509_certificate(found)


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
