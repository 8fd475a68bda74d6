"""Sentences of a paper that cite another: readers leave marks where a citation stood, and this reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from litdb.extract.types import Reference

# Two letters of the private use area, which no printed text has: in a source they can at most name a work that it cites.
_OPEN, _CLOSE = "\ue0f0", "\ue0f1"
_MARK = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
#: Marks that stand together, with what a page prints around and between them: `[12, 13]`, `(…; …)`.
_TOGETHER = re.compile(
    rf"(?P<open>[\[(]?)\s*(?P<marks>{_MARK.pattern}(?:[\s,;–-]*{_MARK.pattern})*)\s*(?P<close>[\])]?)"
)
#: The end of a sentence: a stop that no usual abbreviation makes, and something that begins another.
_END = re.compile(
    r"(?<!\bal)(?<!\bet)(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bFig)(?<!\bTab)(?<!\bEq)(?<!\bRef)(?<!\bSec)(?<!\b[A-Z])"
    rf"[.!?][)\]”\"']*\s*(?={_OPEN}|\s)\s*(?=[A-Z\[(“{_OPEN}])"
)
#: What is kept: a paper cites few works in more sentences, and a sentence that is longer is a list.
MOST_SENTENCES = 5
LONGEST = 400
MOST_REFERENCES = 1000
_THIS, _OTHERS = "[this]", "[…]"


def mark(keys: Iterable[str]) -> str:
    """What stands for a citation of these keys in a text whose citing sentences are asked for."""
    return _OPEN + ",".join(key.strip() for key in keys if key.strip()) + _CLOSE


def cited(references: Sequence[Reference], paragraphs: Iterable[str]) -> tuple[Reference, ...]:
    """The references with the sentences of marked paragraphs that cite them: where a sentence names several works, the one in
    question stands as `[this]` and the others as `[…]`.
    """
    found: dict[str, dict[str, None]] = {
        reference.key: dict.fromkeys(reference.sentences) for reference in references
    }
    for paragraph in paragraphs:
        for sentence, keys in citing(paragraph):
            for key in keys:
                if (some := found.get(key)) is not None and len(some) < MOST_SENTENCES:
                    some[_about(sentence, key)] = None
    return tuple(
        replace(reference, sentences=tuple(found[reference.key]))
        for reference in references[:MOST_REFERENCES]
    )


def citing(paragraph: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each sentence of a paragraph that has marks, and the keys in them."""
    start = 0
    for end in [*(match.end() for match in _END.finditer(paragraph)), len(paragraph)]:
        sentence, start = paragraph[start:end].strip(), end
        keys = tuple(key for match in _MARK.finditer(sentence) for key in match[1].split(",") if key)
        if keys:
            yield sentence, tuple(dict.fromkeys(keys))


def _about(sentence: str, key: str) -> str:
    """The sentence with its marks in words, cut around the work in question where it is long."""

    def words(match: re.Match[str]) -> str:
        keys = [k for inner in _MARK.finditer(match["marks"]) for k in inner[1].split(",")]
        said = _THIS if key in keys else _OTHERS
        alone = match["open"] in ("", "[") and match["close"] in ("", "]")
        return f" {said} " if alone else f" {match['open']}{said}{match['close']} "

    told = _TOGETHER.sub(words, sentence).replace(_OPEN, "").replace(_CLOSE, "")
    told = " ".join(told.split())
    told = re.sub(r"\s+([,.;:!?)])", r"\1", told)
    if len(told) <= LONGEST:
        return told
    at = told.find(_THIS)
    begin = max(0, min(at - LONGEST // 2, len(told) - LONGEST))
    piece = told[begin : begin + LONGEST]
    return f"{'…' if begin else ''}{piece}{'…' if begin + LONGEST < len(told) else ''}"
