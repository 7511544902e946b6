"""The archive: files, their digests, the seal over them."""

import hashlib
import tempfile
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

import msgspec

from moshao.dossier import contents
from moshao.dossier.contents import Contents, Manifest
from moshao.dossier.keys import Key
from moshao.dossier.page import page
from moshao.evidence.keys import original
from moshao.kit.blobs import Blobs

# Up to here in memory, beyond on disk.
IN_MEMORY_OCTETS = 8 * 1024 * 1024


class Packed(msgspec.Struct, frozen=True):
    """A file at its beginning, and the digest of its manifest, by which the journal knows it."""

    file: IO[bytes]
    octets: int
    digest: str


async def pack(
    held: Contents, blobs: Blobs, key: Key, jwk: Mapping[str, str], *, made_by: str, made_at: datetime, base_url: str
) -> Packed:
    """The archive of `held`, sealed by `key`. A photo whose bytes are gone is left out and stays named."""
    file: Any = tempfile.SpooledTemporaryFile(IN_MEMORY_OCTETS)  # noqa: SIM115 - whoever sends it closes it
    digests: dict[str, str] = {}
    # Photos don't shrink, and the texts are small: nothing is compressed, everything can be found in the bytes.
    with zipfile.ZipFile(file, "w") as archive:

        def add(name: str, content: bytes) -> None:
            digests[name] = hashlib.sha256(content).hexdigest()
            archive.writestr(_entry(name, made_at), content)

        photos = []
        for photo in held.photos:
            if photo.file and photo.sha256 and photo.file not in digests:
                try:
                    add(photo.file, await blobs.read(original(photo.sha256)))
                except KeyError:
                    photo = msgspec.structs.replace(photo, file=None)
            photos.append(photo)
        held = msgspec.structs.replace(held, photos=photos)
        for name, part in (
            (contents.CASE, held.case), (contents.JOURNAL, held.journal),
            (contents.ACTS, held.acts), (contents.PHOTOS, held.photos),
        ):  # fmt: skip
            add(name, msgspec.json.format(msgspec.json.encode(part)))
        add(contents.PAGE, page(held, made_by, made_at).encode())
        manifest = msgspec.json.format(
            msgspec.json.encode(
                Manifest(
                    format=contents.FORMAT, case_id=held.case["id"], case_no=held.case["case_no"],
                    district=held.district, installation=base_url, made_at=made_at, made_by=made_by,
                    journal=held.head, key={**jwk, "kid": str(key.id)}, files=digests,
                )
            )
        )  # fmt: skip
        archive.writestr(_entry(contents.MANIFEST, made_at), manifest)
        archive.writestr(_entry(contents.SEAL, made_at), key.sign(manifest))
    octets = file.tell()
    file.seek(0)
    return Packed(file, octets, hashlib.sha256(manifest).hexdigest())


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, at.timetuple()[:6])
