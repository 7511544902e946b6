"""The phone app's built files: precompressed, immutable where hashed, 304 where known, ranges not needed."""

import hashlib
import mimetypes
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

FOREVER = "public, max-age=31536000, immutable"
ALWAYS_ASK = "no-cache"
TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript"}
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))


class Asset(msgspec.Struct, frozen=True):
    """One file in its encodings, each with its strong ETag."""

    media_type: str
    caching: str
    bodies: dict[str, tuple[bytes, str]]


def load_assets(root: Path) -> dict[str, Asset]:
    """Every file under `root` by its URL path; a folder's index.html answers for the folder."""
    assets: dict[str, Asset] = {}
    for path in sorted(root.rglob("*")):
        if not path.is_file() or path.suffix in (".br", ".gz"):
            continue
        url = "/" + path.relative_to(root).as_posix()
        asset = _load(path, url)
        assets[url] = asset
        if path.name == "index.html":
            assets[url.removesuffix("index.html")] = asset
    return assets


def _load(path: Path, url: str) -> Asset:
    media = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    bodies = {"identity": _tagged(path.read_bytes())}
    for name, suffix in ENCODINGS:
        packed = path.with_name(path.name + suffix)
        if packed.is_file():
            bodies[name] = _tagged(packed.read_bytes())
    return Asset(media, FOREVER if url.startswith("/assets/") else ALWAYS_ASK, bodies)


def _tagged(body: bytes) -> tuple[bytes, str]:
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def respond(asset: Asset, accepts: str, known: str) -> Response[bytes]:
    """The file in the best encoding that the browser takes, or 304 if it has that already."""
    offered = {part.split(";")[0].strip() for part in accepts.split(",") if not part.replace(" ", "").endswith(";q=0")}
    encoding = next((name for name, _ in ENCODINGS if name in offered and name in asset.bodies), "identity")
    body, etag = asset.bodies[encoding]
    headers = {"etag": etag, "cache-control": asset.caching, "vary": "Accept-Encoding"}
    if etag in {tag.strip().removeprefix("W/") for tag in known.split(",")}:
        return Response(b"", status_code=304, headers=headers)
    if encoding != "identity":
        headers["content-encoding"] = encoding
    return Response(body, media_type=asset.media_type, headers=headers)


def page_handlers(root: Path) -> list[HTTPRouteHandler]:
    """One handler for all files under `root`; `/c/{case_id}` is the phone app opening a case."""
    assets = load_assets(root)
    if not assets:
        return []

    @get([*assets, "/c/{case_id:str}"], opt={"open": True}, include_in_schema=False, sync_to_thread=False)
    def serve_page(request: Request[Any, Any, Any]) -> Response[bytes]:
        path = request.url.path
        # Litestar cuts the slash off the end of a path: a folder answers with and without it.
        asset = assets["/"] if path.startswith("/c/") else assets.get(path) or assets[f"{path}/"]
        return respond(asset, request.headers.get("accept-encoding", ""), request.headers.get("if-none-match", ""))

    return [serve_page]
