"""Sealing what leaves the machine: age files, which the `age` program opens as well as we do.

The one library is pyrage; this is its only file. A server holds public keys alone: whoever steals it, or the backup,
can't read what was backed up.
"""

from pathlib import Path
from typing import Any

import pyrage

Recipient = Any
Identity = Any


class BadKey(Exception):
    """A key that is none, or does not fit; the text says which."""


def new_identity() -> tuple[str, str]:
    """A secret key and its public one, as text."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipients(words: tuple[str, ...]) -> list[Recipient]:
    """Public keys, `age1…`. Raises BadKey."""
    return [_read(pyrage.x25519.Recipient.from_str, word, "public key") for word in words]


def identities(path: Path) -> list[Identity]:
    """The secret keys in a file, one a line, `#` before what is none. Raises BadKey."""
    try:
        lines = [line.strip() for line in path.read_text().splitlines()]
    except OSError as fault:
        raise BadKey(f"the key file can't be read: {fault}") from fault
    found = [line for line in lines if line and not line.startswith("#")]
    if not found:
        raise BadKey(f"{path} holds no key")
    return [_read(pyrage.x25519.Identity.from_str, line, "secret key") for line in found]


def seal(source: Path, target: Path, to: list[Recipient]) -> None:
    """`target` is `source`, readable by each of `to` alone; with nobody named, as it is."""
    with source.open("rb") as reader, target.open("wb") as writer:
        if to:
            pyrage.encrypt_io(reader, writer, to)
        else:
            _copy(reader, writer)


def unseal(source: Path, target: Path, keys: list[Identity]) -> None:
    """The other way round. Raises BadKey where none of `keys` fits or the file was changed."""
    with source.open("rb") as reader, target.open("wb") as writer:
        if not keys:
            _copy(reader, writer)
            return
        try:
            pyrage.decrypt_io(reader, writer, keys)
        except pyrage.DecryptError as fault:
            raise BadKey(f"{source.name} can't be opened: {fault}") from fault


def _read(read: Any, word: str, what: str) -> Any:
    try:
        return read(word)
    except (pyrage.RecipientError, pyrage.IdentityError) as fault:
        raise BadKey(f"{word[:12]}… is no {what}: {fault}") from fault


def _copy(reader: Any, writer: Any) -> None:
    while piece := reader.read(1 << 20):
        writer.write(piece)
