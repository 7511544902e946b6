"""Which store a URL means."""

from pathlib import Path

from moshao.kit.blobs import Blobs
from moshao.kit.blobs_disk import open_disk


def open_blobs(url: str) -> Blobs:
    """Open `file:///absolute/directory`."""
    if not url.startswith("file:///"):
        raise ValueError("a store's URL starts with file:///")
    return open_disk(Path(url.removeprefix("file://")))
