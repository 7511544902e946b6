"""One platform's folder on the disk: what lies there, and writing so that nobody reads half a file."""

import os
from datetime import datetime
from pathlib import Path

import msgspec

SUFFIXES = frozenset({".csv", ".xlsx", ".xls", ".txt", ".tsv"})
# What office programs and copying ones put beside the file they are busy with.
UNFINISHED = ("~", ".", "$")
PART = ".part"
NAME_OCTETS_MOST = 200


class Lying(msgspec.Struct, frozen=True):
    """A file as it lies there: it is another when size or time of change are."""

    path: Path
    size: int
    changed_ns: int


class Drawers:
    """`root` with what comes `in`, what went `done` or `bad`, and what we write `out`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "in"
        self.done = root / "done"
        self.bad = root / "bad"
        self.out = root / "out"

    def make(self) -> None:
        for folder in (self.incoming, self.done, self.bad, self.out):
            folder.mkdir(parents=True, exist_ok=True)

    def lying(self) -> list[Lying]:
        """The sheets that came, by name. Links and whatever bears another name are none of ours."""
        found = []
        for entry in sorted(os.scandir(self.incoming), key=lambda entry: entry.name):
            if entry.name.startswith(UNFINISHED) or Path(entry.name).suffix.lower() not in SUFFIXES:
                continue
            try:
                if entry.is_file(follow_symlinks=False):
                    stat = entry.stat(follow_symlinks=False)
                    found.append(Lying(Path(entry.path), stat.st_size, stat.st_mtime_ns))
            except FileNotFoundError:
                continue
        return found

    def write(self, name: str, content: bytes) -> Path:
        """Whole or not at all, on the disk when this returns."""
        target = self.out / _short(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + PART)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
        _fsync(target.parent)
        return target

    def move(self, path: Path, to: Path, at: datetime, said: str = "") -> None:
        """Away from `in`, under a name of its own; `said` beside it."""
        target = to / f"{at.strftime('%Y%m%d-%H%M%S')}-{_short(path.name)}"
        number = 1
        while target.exists():
            number += 1
            target = to / f"{at.strftime('%Y%m%d-%H%M%S')}-{number}-{_short(path.name)}"
        path.replace(target)
        if said:
            target.with_name(f"{target.name}.txt").write_text(said, "utf-8")
        _fsync(to)


def _short(name: str) -> str:
    """A file name has at most 255 octets, and ours grow."""
    octets = os.fsencode(name)
    if len(octets) <= NAME_OCTETS_MOST:
        return name
    end = os.fsencode(Path(name).suffix)
    return octets[: NAME_OCTETS_MOST - len(end)].decode(errors="ignore") + os.fsdecode(end)


def _fsync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
