"""Where a piece of LaTeX text begins and ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from litdb.extract.latex.arguments import Arguments
from litdb.extract.latex.text import CITES, marked, plain
from litdb.extract.latex.tokens import Token

SECTIONS = ("chapter", "section", "subsection", "subsubsection", "paragraph")
#: Where the text that refers to a table ends, besides at a blank line: the next float or heading.
_BREAKS = frozenset(
    (
        *SECTIONS,
        *(
            f"{edge}:{name}"
            for edge in ("begin", "end")
            for name in ("table", "table*", "longtable", "figure", "figure*", "document", "abstract")
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


def citing_paragraphs(tokens: Sequence[Token]) -> Iterator[str]:
    """The paragraphs of running text that cite something, in plain text with marks where the citations stood."""
    part: list[Token] = []
    cites = inside = listed = False
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        name = token.text if token.kind == "cs" else ""
        if name in ("begin:thebibliography", "end:thebibliography"):
            listed = name.startswith("begin")
        elif not (listed or ends_paragraph(token)):
            part.append(token)
            inside = inside or name.startswith(("begin:tabular", "begin:longtable", "begin:array"))
            cites = cites or bool(name and CITES.match(name) and not name.startswith("no"))
            continue
        if cites and not inside:
            yield marked(part)
        part, cites, inside = [], False, False
        if name in SECTIONS:
            at = _past_heading(tokens, at)
    if cites and not inside:
        yield marked(part)


def _past_heading(tokens: Sequence[Token], at: int) -> int:
    """The index after the arguments of a heading command: it is no part of the sentence below it."""
    heading = Arguments(tokens, at)
    heading.star()
    heading.optional()
    heading.group()
    return heading.at


_REACH = 1200


def paragraph_at(tokens: Sequence[Token], index: int) -> str:
    """The paragraph around a token, in plain text."""
    start = index
    while start > 0 and index - start < _REACH and not ends_paragraph(tokens[start - 1]):
        start -= 1
    if start > 0 and tokens[start - 1].kind == "cs" and tokens[start - 1].text in SECTIONS:
        start = min(_past_heading(tokens, start), index + 1)
    end = index
    while end < len(tokens) and end - index < _REACH and not ends_paragraph(tokens[end]):
        end += 1
    return plain(tokens[start:end])


def paragraph_before(tokens: Sequence[Token], index: int) -> str:
    """The paragraph right before a token where no heading or float comes between; '' for none."""
    at = index - 1
    while at >= 0 and (tokens[at].kind == "par" or not tokens[at].text.strip()):
        at -= 1
    if at < 0 or ends_paragraph(tokens[at]):
        return ""
    return paragraph_at(tokens, at)
