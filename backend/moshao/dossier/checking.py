"""Checking such a file with nothing else: no database, no network, no trust in whoever brought it."""

import hashlib
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from moshao.dossier import contents
from moshao.dossier.contents import JournalLine, Manifest, NamedPhoto, SignedAct
from moshao.kit.errors import Refused
from moshao.people.signing import BadKey, canonical, canonical_jwk, verify_detached

# What fits a case with every photo it may have; more is an attempt to fill a disk.
FILES_MOST = 1000
OCTETS_MOST = 2 * 1024**3
PIECE = 1 << 20
# Acts whose signed form names no case, since there was none yet or there were many.
NAMES_NO_CASE = frozenset({"reports", "registrations", "handovers", "suggestions"})
# Where a line's fields have the digest of the act: before that of the rows it seals.
CONTENT = -2

T = TypeVar("T")


class NoDossier(Exception):
    """The file is none; the text says why."""


class Checked(msgspec.Struct, frozen=True):
    """What the file says it is, whose key sealed it (RFC 7638 thumbprint), and everything that does not fit."""

    manifest: Manifest
    thumbprint: str
    faults: list[str]


def check(path: Path) -> Checked:
    """Raises NoDossier."""
    try:
        with zipfile.ZipFile(path) as archive:
            _measure(archive)
            manifest = _decoded(archive, contents.MANIFEST, Manifest)
            thumbprint, faults = _seal(archive, manifest)
            return Checked(manifest, thumbprint, faults + list(_faults(archive, manifest)))
    except (OSError, zipfile.BadZipFile, NotImplementedError) as fault:
        raise NoDossier(str(fault)) from fault


def _measure(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > FILES_MOST or sum(entry.file_size for entry in entries) > OCTETS_MOST:
        raise NoDossier("it is larger than any case")


def _seal(archive: zipfile.ZipFile, manifest: Manifest) -> tuple[str, list[str]]:
    try:
        jwk, thumbprint = canonical_jwk({name: value for name, value in manifest.key.items() if name != "kid"})
        kid = UUID(manifest.key.get("kid", ""))
        signature = archive.read(contents.SEAL).decode()
    except (BadKey, ValueError, KeyError) as fault:
        return "", [f"the seal can't be read: {fault}"]
    if not verify_detached(jwk, signature, archive.read(contents.MANIFEST), kid):
        return thumbprint, ["the seal does not fit the manifest"]
    return thumbprint, []


def _faults(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    yield from _files(archive, manifest)
    journal = _decoded(archive, contents.JOURNAL, list[JournalLine])
    acts = _decoded(archive, contents.ACTS, list[SignedAct])
    photos = _decoded(archive, contents.PHOTOS, list[NamedPhoto])
    yield from _lines(journal, manifest)
    yield from _acts(acts, journal)
    yield from _photos(photos, acts, manifest)


def _files(archive: zipfile.ZipFile, manifest: Manifest) -> Iterator[str]:
    """Those the manifest names and no others, byte for byte."""
    there = {name for name in archive.namelist() if name not in (contents.MANIFEST, contents.SEAL)}
    if len(archive.namelist()) != len(set(archive.namelist())):
        yield "a file stands in it twice"
    for name in sorted(there - manifest.files.keys()):
        yield f"{name} is not named by the manifest"
    for name, digest in manifest.files.items():
        if name not in there:
            yield f"{name} is missing"
        elif _digest(archive, name) != digest:
            yield f"{name} has other bytes than when it was sealed"


def _lines(journal: list[JournalLine], manifest: Manifest) -> Iterator[str]:
    """Each line fits its digest and the line before it."""
    for line in journal:
        text = "\x1f".join([line.before, *("\x00" if field is None else field for field in line.fields)])
        if hashlib.sha256(text.encode()).hexdigest() != line.digest:
            yield f"journal line {line.seq} does not fit its digest"
        if [str(line.seq), line.kind, line.content] != [line.fields[1], line.fields[2], line.fields[CONTENT]]:
            yield f"journal line {line.seq} says something else than what was chained"
        if line.seq > manifest.journal.seq:
            yield f"journal line {line.seq} is later than the journal's head"
    for before, after in pairwise(journal):
        if after.seq <= before.seq or (after.seq == before.seq + 1 and after.before != before.digest):
            yield f"journal line {after.seq} does not follow line {before.seq}"


def _acts(acts: list[SignedAct], journal: list[JournalLine]) -> Iterator[str]:
    """Each act is what its phone signed and what the journal sealed, and none is left out."""
    sealed = {line.act_id: line.content for line in journal if line.act_id and line.content}
    for missing in sorted(map(str, sealed.keys() - {act.id for act in acts})):
        yield f"act {missing} stands in the journal and not here"
    for act in acts:
        if why := _act_fault(act, sealed):
            yield f"{act.act} {act.id} {why}"


def _act_fault(act: SignedAct, sealed: dict[UUID, str]) -> str | None:
    if act.id in sealed and sealed[act.id] != act.content:
        return "does not have the digest that the journal sealed"
    if act.without:
        return None
    case_id = None if act.act in NAMES_NO_CASE else str(act.case_id)
    try:
        body = msgspec.json.decode(act.body)
        payload = canonical({"act": act.act, "act_id": str(act.id), "case_id": case_id, "body": body})
    except (ValueError, Refused):
        return "has a body that can't be read"
    if f"sha256:{hashlib.sha256(payload).hexdigest()}" != act.content:
        return "has another body than its digest"
    if act.device_id is None:
        return None
    if not act.signature or not act.public_key:
        return "came from a phone and has no signature"
    if not verify_detached(act.public_key, act.signature, payload, act.device_id):
        return "is not signed by its phone"
    return None


def _photos(photos: list[NamedPhoto], acts: list[SignedAct], manifest: Manifest) -> Iterator[str]:
    """Each photo that an act signed is the one that lies here."""
    signed: dict[UUID, str] = {}
    for act in acts:
        body: Any = msgspec.json.decode(act.body) if act.body else {}
        for named in body.get("photos", []) if isinstance(body, dict) else []:
            signed[UUID(named["photo_id"])] = named["sha256"]
    for photo in photos:
        if photo.photo_id in signed and photo.state == "held" and photo.sha256 != signed[photo.photo_id]:
            yield f"photo {photo.photo_id} is not the one that was signed"
        if photo.file is not None and manifest.files.get(photo.file) != photo.sha256:
            yield f"photo {photo.photo_id} has other bytes than its digest"


def _decoded(archive: zipfile.ZipFile, name: str, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(archive.read(name), type=kind)
    except KeyError as fault:
        raise NoDossier(f"{name} is missing") from fault
    except msgspec.MsgspecError as fault:
        raise NoDossier(f"{name} can't be read: {fault}") from fault


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
