"""Markdown as statements: sentences and rows of tables, each with the lines it stands on. Pure, and bounded."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from litdb.errors import TooLarge

#: An answer is a few pages; what is longer is something else.
MOST_LETTERS = 2_000_000
_SENTENCE = re.compile(
    r"(?<=[.!?;])(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bal\.)(?<!\bvs\.)(?<!\bcf\.)\s+(?=[A-Z“\"(\[*_`])"
)
_FENCE = re.compile(r"\s*(```|~~~)")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_NEW = re.compile(r"\s*(?:[-*+]\s|\d{1,3}[.)]\s|#{1,6}\s|>|<!--)")
_IGNORE = re.compile(r"<!--\s*litdb:\s*ignore\s+([A-Za-z, ]{2,80}?)\s*(?:--\s*(?!>)(.{1,300}?))?\s*-->")


@dataclass(frozen=True, slots=True)
class SaidStatement:
    """A sentence, or a row of a table (`header` are then the words above its cells, which `|` parts in `text`).

    `starts` are the places in `text` where a line of the file begins, `line` the number of the first one, from 1. `paragraph`
    is the same for sentences that follow one another.
    """

    text: str
    line: int
    starts: tuple[int, ...]
    paragraph: int
    header: tuple[str, ...] = ()

    def line_at(self, at: int) -> int:
        """The line of the file on which a place of the text stands."""
        return self.line + max(0, bisect_right(self.starts, at) - 1)


@dataclass(frozen=True, slots=True)
class IgnoredRules:
    """A comment that suppresses findings of some rules on its own line and the next: with a reason, or it does nothing."""

    rules: tuple[str, ...]
    reason: str
    line: int


@dataclass(frozen=True, slots=True)
class AnswerText:
    """An answer in statements; `fenced` counts lines in code blocks, which are not read."""

    statements: tuple[SaidStatement, ...]
    comments: tuple[IgnoredRules, ...] = ()
    fenced: int = 0


def statements(text: str) -> AnswerText:
    """The statements of a Markdown text. Raises TooLarge."""
    if len(text) > MOST_LETTERS:
        raise TooLarge(
            f"the answer has {len(text):,} letters; at most {MOST_LETTERS:,} are read: check its parts"
        )
    lines = text.splitlines()
    comments = tuple(
        IgnoredRules(tuple(re.split(r"[\s,]+", m[1].upper().strip())), (m[2] or "").strip(), number)
        for number, line in enumerate(lines, start=1)
        for m in _IGNORE.finditer(line)
    )
    found: list[SaidStatement] = []
    fenced, at, paragraph, inside = 0, 0, 0, False
    while at < len(lines):
        line = lines[at]
        if _FENCE.match(line):
            inside = not inside
            at += 1
        elif inside:
            fenced += 1
            at += 1
        elif not line.strip():
            at += 1
        elif line.lstrip().startswith("|"):
            end = _while(lines, at, lambda one: one.lstrip().startswith("|"))
            found += _rows(lines[at:end], at + 1, paragraph)
            at, paragraph = end, paragraph + 1
        else:
            end = _while(
                lines,
                at + 1,
                lambda one: (
                    bool(one.strip())
                    and not _NEW.match(one)
                    and not one.lstrip().startswith("|")
                    and not _FENCE.match(one)
                ),
            )
            found += _sentences(lines[at:end], at + 1, paragraph)
            at, paragraph = end, paragraph + 1
    return AnswerText(tuple(found), comments, fenced)


def _while(lines: Sequence[str], at: int, holds: object) -> int:
    assert callable(holds)
    while at < len(lines) and holds(lines[at]):
        at += 1
    return at


def _rows(lines: Sequence[str], first: int, paragraph: int) -> Iterator[SaidStatement]:
    """The rows of a table below its header."""
    header: tuple[str, ...] = ()
    for place, line in enumerate(lines):
        if _RULE.fullmatch(line):
            continue
        if not header:
            header = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        else:
            yield SaidStatement(line.strip().strip("|"), first + place, (0,), paragraph, header)


def _sentences(lines: Sequence[str], first: int, paragraph: int) -> Iterator[SaidStatement]:
    text, starts = "", []
    for line in lines:
        starts.append(len(text))
        text += line.rstrip() + " "
    begin = 0
    for cut in (*(m.end() for m in _SENTENCE.finditer(text)), len(text)):
        sentence = text[begin:cut]
        if sentence.strip():
            at = max(0, bisect_right(starts, begin) - 1)
            later = tuple(start - begin for start in starts[at + 1 :] if start < cut)
            yield SaidStatement(sentence, first + at, (0, *later), paragraph)
        begin = cut
