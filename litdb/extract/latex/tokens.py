"""LaTeX source as tokens that remember where they stand."""

from __future__ import annotations

import re
from typing import NamedTuple


class Token(NamedTuple):
    """`kind`: 'cs' a control sequence (name without backslash), 'ch' characters, 'sp' white space, 'par' an empty
    line, or the character itself for { } $ & ^ _ ~ and '#' for a parameter. `start` and `end` are offsets in `file`."""

    kind: str
    text: str
    file: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
      (?P<verbatim>\\begin\s*\{(?P<env>verbatim\*?|Verbatim|lstlisting|comment|minted|filecontents\*?|alltt)\})
    | (?P<verb>\\verb\*?(?P<bar>[^A-Za-z\s*])[^\n]*?(?P=bar))
    | \\(?P<word>[A-Za-z@]+)(?:[ \t]+(?!\n)|[ \t]*\n[ \t]*(?=[^\s]))?
    | \\(?P<symbol>.)
    | (?P<comment>%[^\n]*(?:\n[ \t]*)?)
    | (?P<par>[ \t]*\n[ \t]*(?:\n\s*))
    | (?P<space>\s+)
    | (?P<parameter>\#+\d?)
    | (?P<special>[{}$&^_~])
    | (?P<single>[\[\]*"'()=,`])
    | (?P<chars>[^\\%\s{}$&^_~\#\[\]*"'()=,`]+)
    | (?P<rest>.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokenize(text: str, file: str) -> list[Token]:
    """All tokens of a file. Comments, verbatim environments and \\verb are left out."""
    tokens: list[Token] = []
    append = tokens.append
    position, length = 0, len(text)
    match_at = _TOKEN.match
    while position < length:
        match = match_at(text, position)
        if match is None:
            break
        start, position = position, match.end()
        kind = match.lastgroup
        if kind == "chars" or kind == "single" or kind == "rest":
            append(Token("ch", match.group(), file, start, position))
        elif kind == "space":
            append(Token("sp", " ", file, start, position))
        elif kind == "word":
            append(Token("cs", match["word"], file, start, position))
        elif kind == "special":
            special = match.group()
            append(Token(special, special, file, start, position))
        elif kind == "symbol":
            append(Token("cs", match["symbol"], file, start, position))
        elif kind == "par":
            append(Token("par", "\n\n", file, start, position))
        elif kind == "comment":
            if text.startswith("\n", position):
                append(Token("par", "\n\n", file, start, position))
        elif kind == "parameter":
            append(Token("#", match.group(), file, start, position))
        elif kind in ("verbatim", "env"):
            end = text.find(f"\\end{{{match['env']}}}", position)
            position = length if end < 0 else end + len(match["env"]) + 6
    return tokens
