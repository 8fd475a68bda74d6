"""What the index is asked for: groups of words of which each must be met, and words that must not be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from litdb.catalogue.index.common_words import without_common
from litdb.errors import UsageError

#: The most words and phrases of one search, and the longest of them.
MOST_TERMS, MOST_OF_TERM = 400, 200
_TERM = re.compile(r'(-?)"([^"]*)"|(-?)([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Sought:
    """Every group of `wanted` must be met by one of its words or phrases; none of `without` may be there.

    Words are compared by their stems, without case and accents; a phrase stands in its order.
    """

    wanted: tuple[tuple[str, ...], ...]
    without: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        terms = [term for group in (*self.wanted, self.without) for term in group]
        if not self.wanted or not all(self.wanted):
            raise UsageError('say what to look for: words, or a "phrase" in quotation marks')
        if len(terms) > MOST_TERMS or any(len(term) > MOST_OF_TERM for term in terms):
            raise UsageError(f"ask with at most {MOST_TERMS} words of at most {MOST_OF_TERM} characters each")
        for term in terms:
            if not any(char.isalnum() for char in without_common(term)):
                raise UsageError(f"{term!r} holds no word that can be looked for: leave it out")

    def expression(self) -> str:
        """The search in FTS5's language; every word is quoted, so that none is taken for an operator."""
        groups = [f"({' OR '.join(map(_quoted, group))})" for group in self.wanted]
        text = " AND ".join(groups)
        return f"({text}) NOT ({' OR '.join(map(_quoted, self.without))})" if self.without else text


def sought(text: str) -> Sought:
    """What a user asks: words that must all be there, "phrases", and -words that must not. Raises UsageError."""
    if text.count('"') % 2:
        raise UsageError(f"a quotation mark is open in {text!r:.80}: close it")
    wanted: list[tuple[str, ...]] = []
    without: list[str] = []
    for match in _TERM.finditer(text):
        term = match[2] if match[2] is not None else match[4]
        if not term.strip():
            continue
        if match[1] or match[3]:
            without.append(term.strip())
        elif match[2] is not None or without_common(term).strip():  # "a" or "of" between words is none
            wanted.append((term.strip(),))
    return Sought(tuple(wanted), tuple(without))


def _quoted(term: str) -> str:
    return '"' + without_common(term).replace('"', '""').replace("\0", " ") + '"'
