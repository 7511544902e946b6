"""The kinds of journal lines: each room declares its own, with what a line of it says (docs/journal.md)."""

from collections.abc import Iterator, Mapping

ROOMS: dict[str, "Kinds"] = {}


class Kinds:
    """What a room writes: kind → what a line of it says. A kind means one thing in the whole product."""

    def __init__(self, room: str, meanings: Mapping[str, str]) -> None:
        self.meanings = meanings
        for other in ROOMS.values():
            if twice := meanings.keys() & other.meanings.keys():
                raise ValueError(f"journal kinds declared twice: {', '.join(sorted(twice))}")
        ROOMS[room] = self

    def __iter__(self) -> Iterator[str]:
        return iter(self.meanings)

    def known(self, kind: str) -> str:
        """The kind, if the room declared it: what nobody explained is not written."""
        if kind not in self.meanings:
            raise LookupError(f"{kind} is no declared kind of journal line")
        return kind
