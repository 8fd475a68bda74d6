"""Where a piece of LaTeX text begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.extract.latex.tokens import Token

SECTIONS = ("chapter", "section", "subsection", "subsubsection", "paragraph")
#: Where the text that refers to a table ends, besides at a blank line: the next float or heading.
_BREAKS = frozenset(
    (
        *SECTIONS,
        *(
            f"{edge}:{name}"
            for edge in ("begin", "end")
            for name in ("table", "table*", "figure", "figure*", "document", "abstract")
        ),
    )
)


def ends_paragraph(token: Token) -> bool:
    """Whether the text that refers to a table ends here."""
    return token.kind == "par" or (token.kind == "cs" and token.text in _BREAKS)


def paragraphs(tokens: Sequence[Token]) -> list[list[Token]]:
    """The tokens cut at blank lines, items and line breaks."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "par" or (token.kind == "cs" and token.text in ("item", "\\", "vspace", "newline")):
            parts.append([])
            if token.text not in ("item", "vspace"):
                continue
        parts[-1].append(token)
    return [part for part in parts if part]
