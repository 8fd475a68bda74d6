"""A footnote in two voices: for who works with the catalogue, and for who reads a paper that its table stands in."""

from __future__ import annotations

from typing import Self


class Note(str):
    """A footnote: as text all that the catalogue knows.

    `brief` is what a reader of the paper must know, without ids that only litdb understands: None where it is the same, ''
    where it is nothing. `cites` is the key of the paper that `brief` ends by naming (`quoted from` ...), '' for none. A plain
    text is a note that says the same in both voices, so nothing is left out that nobody decided on.
    """

    __slots__ = ("brief", "cites")
    brief: str | None
    cites: str

    def __new__(cls, text: str, brief: str | None = None, cites: str = "") -> Self:
        """A note of these words."""
        made = super().__new__(cls, text)
        made.brief = brief
        made.cites = cites
        return made

    def __getnewargs__(self) -> tuple[str, str | None, str]:  # type: ignore[override]
        return str(self), self.brief, self.cites


def brief(note: str) -> str:
    """What a reader of the paper must know of a note, '' for nothing."""
    said = getattr(note, "brief", None)
    return str(note) if said is None else said


def cites(note: str) -> str:
    """The key of the paper that the brief form of a note names, '' for none."""
    return getattr(note, "cites", "")
