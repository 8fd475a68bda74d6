"""The headings above a place in a document, as every reader of a format keeps them."""

from __future__ import annotations


class Outline:
    """The headings that are open where a reader stands, by their depth."""

    def __init__(self) -> None:
        self._open: dict[int, str] = {}

    def enter(self, depth: int, heading: str) -> None:
        """A heading begins: it closes those as deep and deeper."""
        self._open = {level: text for level, text in self._open.items() if level < depth}
        self._open[depth] = heading

    @property
    def here(self) -> str:
        """The innermost heading; '' before the first."""
        return self._open[max(self._open)] if self._open else ""

    @property
    def above(self) -> tuple[str, ...]:
        """The headings that the innermost one stands under, outermost first."""
        return tuple(self._open[level] for level in sorted(self._open))[:-1]
