"""Glyphs to words, words to the lines of a text: by the order of the file and the gaps between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from litdb.extract.pdf.page import Glyph

_WORD_GAP = 0.16  # of the size of the font: what is wider stands between words
_LINE_GAP = 1.6  # what is wider stands between columns
_SMALL = 0.85
_BLANKS = " \u00a0\u2003\u2002\u2009"
_MARK = re.compile(r"[†‡§¶⋆∗*#♯♭♠♣△◇]{1,3}|[a-z]|\d{1,2}(?:,\d{1,2})*")
_SAME = str.maketrans({"∗": "*", "⋆": "*", "−": "-", "‐": "-", "‑": "-", "’": "'", "\u00ad": "-", "∼": "~"})


@dataclass(frozen=True, slots=True)
class Word:
    """Glyphs without a gap between them. `mark` is what stands raised behind it: a footnote's mark."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    start: int
    end: int
    mark: str = ""

    @property
    def centre(self) -> float:
        """The middle between its edges."""
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class WordRun:
    """Words of one row that belong together, from left to right."""

    words: tuple[Word, ...]

    @property
    def x0(self) -> float:
        """Its left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Its right edge."""
        return self.words[-1].x1


@dataclass(frozen=True, slots=True)
class TextLine(WordRun):
    """Words on one baseline without a wide gap: a line of a column of text."""

    @property
    def text(self) -> str:
        """Its words with blanks."""
        return " ".join(word.text for word in self.words)

    @property
    def y(self) -> float:
        """Its baseline; a mark may stand raised before it."""
        return self.words[-1].y

    @property
    def size(self) -> float:
        """The size of most of its words."""
        sizes = sorted(word.size for word in self.words)
        return sizes[len(sizes) // 2]


def words(glyphs: Iterable[Glyph]) -> list[Word]:
    """The words of a page in the order of the file."""
    done: list[Word] = []
    body: list[Glyph] = []
    small: list[Glyph] = []
    for glyph in (*glyphs, None):
        if glyph is not None and body and glyph.char not in _BLANKS:
            base, last = body[-1], (small or body)[-1]
            gap = (glyph.x0 - last.x1) / base.size
            if -0.6 < gap < _WORD_GAP + 0.1 * (glyph.size < _SMALL * base.size):
                if glyph.size < _SMALL * base.size and abs(glyph.y - base.y) < 0.7 * base.size:
                    small.append(glyph)
                    continue
                if (
                    gap < _WORD_GAP
                    and abs(glyph.y - base.y) < 0.12 * base.size
                    and glyph.size < 1.3 * base.size
                ):
                    body += [*small, glyph]
                    small = []
                    continue
        if body:
            done.append(_word(body, small))
        body, small = [], []
        if glyph is not None and glyph.char not in _BLANKS:
            body = [glyph]
    return done


def _raised(small: Sequence[Glyph], base: Glyph) -> bool:
    return small[0].y > base.y + 0.1 * base.size


def _word(body: Sequence[Glyph], small: Sequence[Glyph]) -> Word:
    text = _clean("".join(glyph.char for glyph in body))
    more = _clean("".join(glyph.char for glyph in small))
    mark = ""
    if small and _raised(small, body[-1]):
        if text.endswith("10") or not _MARK.fullmatch(more):
            text += f"^{more}"
        else:
            mark = more
    elif small and small[0].y < body[-1].y - 0.05 * body[-1].size:
        text += f"_{more}" if more else ""
    else:
        text += more  # small capitals
    every = (*body, *small)
    return Word(
        text,
        min(g.x0 for g in every),
        max(g.x1 for g in every),
        body[0].y,
        body[0].size,
        min(g.at for g in every),
        max(g.at for g in every) + 1,
        mark,
    )


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_SAME)


def lines(found: Sequence[Word]) -> Iterator[TextLine]:
    """The lines of a text in the order of the file."""
    line: list[Word] = []
    for word in found:
        marked = (
            len(line) == 1
            and line[0].size < _SMALL * word.size
            and 0 < line[0].y - word.y < 0.7 * word.size
            and 0 <= word.x0 - line[0].x1 < word.size
        )
        if (
            line
            and not marked
            and (
                abs(word.y - line[-1].y) > 0.3 * line[-1].size
                or not -0.5 < (word.x0 - line[-1].x1) / line[-1].size < _LINE_GAP
            )
        ):
            yield TextLine(tuple(line))
            line = []
        line.append(word)
    if line:
        yield TextLine(tuple(line))


def joined(texts: Iterable[str]) -> str:
    """Lines as one text: a word broken at the end of a line is whole again."""
    done = ""
    for text in texts:
        if re.search(r"[a-z]-$", done) and re.match(r"[a-z]", text):
            done = done[:-1] + text
        else:
            done = f"{done} {text}" if done else text
    return done
