"""/trust: a phone that trusts nothing yet gets the authority, and words it understands."""

import plistlib

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from moshao.certificates.kept import Kept, keep
from moshao.certificates.making import fingerprint
from moshao.kit import clock
from tests.commands import run
from tests.world import World


def made(world: World) -> Kept:
    return keep(world.settings.data, "宛城区城管", ["cg.example.cn"], clock.now())


async def test_android_and_iphone_get_the_same_authority(world: World) -> None:
    authority = made(world).authority.parsed
    android = await world.nobody.get("/trust/authority.crt")
    assert android.headers["content-type"] == "application/x-x509-ca-cert"
    assert x509.load_der_x509_certificate(android.content) == authority
    iphone = await world.nobody.get("/trust/authority.mobileconfig")
    assert iphone.headers["content-type"] == "application/x-apple-aspen-config"
    (payload,) = plistlib.loads(iphone.content)["PayloadContent"]
    assert payload["PayloadContent"] == authority.public_bytes(Encoding.DER)
    assert iphone.content == (await world.nobody.get("/trust/authority.mobileconfig")).content


async def test_the_page_says_how_and_shows_the_fingerprint(world: World) -> None:
    kept = made(world)
    page = await world.nobody.get("/trust", headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert 'lang="zh-CN"' in page.text
    assert fingerprint(kept.authority.parsed) in page.text
    assert "<script" not in page.text
    english = await world.nobody.get("/trust", headers={"accept-language": "en-GB"})
    assert "Certificate Trust Settings" in english.text
    assert 'lang="zh-CN"' in (await world.nobody.get("/trust?lang=zh", headers={"accept-language": "en"})).text
    assert (await world.nobody.get("/trust/style.css")).headers["content-type"].startswith("text/css")


async def test_where_none_was_made_there_is_nothing_to_install(world: World) -> None:
    for path in ("/trust", "/trust/authority.crt", "/trust/authority.mobileconfig"):
        answer = await world.nobody.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "no_authority")


async def test_keys_never_leave_by_it(world: World) -> None:
    made(world)
    for name in ("authority.key", "server.key", "server.crt"):
        assert (await world.nobody.get(f"/trust/{name}")).status_code == 404


async def test_the_command_makes_and_renews(world: World) -> None:
    here = {"DATA": str(world.settings.data), "BASE_URL": "https://cg.example.cn"}
    code, said = await run("cert", "--also", "10.1.2.3", settings=here)
    assert code == 0, said
    assert "made: authority, server" in said
    assert "http://cg.example.cn/trust" in said
    _, again = await run("cert", settings=here)
    assert "nothing, all is good" in again, "a timer that names no host takes none away"
    code, refused = await run("cert", "--also", "new.example.cn", settings=here)
    assert code == 1
    assert "--new-authority" in refused
    code, plain = await run("cert", settings=here | {"BASE_URL": "http://127.0.0.1:8000"})
    assert code == 1
    assert "https://" in plain
