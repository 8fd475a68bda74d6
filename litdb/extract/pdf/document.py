"""A PDF as a document: its tables as grids with caption, notes and the sentences that name them, title and prose.

A table is what stands between rules of one width with a caption beside it. What has no rules, or no caption, is not
read: nothing rather than something wrong. No heading is told, because a table floats away from its section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litdb.extract.limits import MAX_TABLES, Deadline
from litdb.extract.pdf.cells import place, table_rows
from litdb.extract.pdf.lines import TextLine, Word, joined, lines, words
from litdb.extract.pdf.page import PageRule, PdfPage, pages
from litdb.extract.types import Grid

_CAPTION = re.compile(
    r"^(?:table|tab\.)\s*(?P<number>\d{1,2}|[IVXL]{1,6}|[A-Z]\.?\d{1,2})(?P<end>[.:|]|\s*$|\s+)\s*", re.I
)
_SAYS = re.compile(
    r"^(?:shows?|presents?|lists?|reports?|gives?|summari[sz]es?|compares?|and|,|in|is|we|also|contains?|provides?|demonstrates?|"
    r"illustrates?|depicts?|details?|displays?|for|that|indicates?|reveals?|to|as|with|include[sd]?|describes?)\b",
    re.I,
)
_NEAR = 45.0  # points between a table and its caption
_ABSTRACT = re.compile(r"^(?:abstract|summary)\b\W*", re.I)
_AFTER_ABSTRACT = re.compile(r"^(?:(?:\d|I)\.?\s+)?introduction\b|^(?:index terms|keywords)\b", re.I)


@dataclass(frozen=True, slots=True)
class PdfDocument:
    """What a PDF gave."""

    grids: tuple[Grid, ...]
    title: str
    abstract: str
    prose: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Caption:
    number: str
    text: str
    x0: float
    x1: float
    top: float
    bottom: float


@dataclass(slots=True)
class _Region:
    rules: list[PageRule]  # those that bound and divide it, from the top down
    caption: _Caption | None = None

    @property
    def x0(self) -> float:
        return min(rule.x0 for rule in self.rules)

    @property
    def x1(self) -> float:
        return max(rule.x1 for rule in self.rules)

    @property
    def top(self) -> float:
        return self.rules[0].y

    @property
    def bottom(self) -> float:
        return self.rules[-1].y

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in it."""
        return self.x0 - 3 <= x <= self.x1 + 3 and self.bottom <= y <= self.top


def read_pdf(data: bytes, name: str, deadline: Deadline) -> PdfDocument:
    """The tables and the text of a PDF. Raises InputError and TooLarge as `pages` does."""
    grids: list[Grid] = []
    prose: list[str] = []
    title = ""
    count = glyphs = 0
    for page in pages(data, name, deadline):
        deadline.check()
        count += 1
        glyphs += len(page.glyphs)
        found = words(page.glyphs)
        text = list(lines(found))
        if count == 1:
            title = _title(text)
        inside = _tables(page, found, text, name, grids)
        prose += [line.text for line in text if not any(_within(line, region) for region in inside)]
    remarks = []
    if count and glyphs < 20 * count:
        remarks.append(f"{name} holds pictures of pages, not text: nothing could be read")
    whole = joined(prose)
    return PdfDocument(
        tuple(replace(grid, context=_context(grid.number, whole)) for grid in grids[:MAX_TABLES]),
        title,
        _abstract(prose),
        whole,
        tuple(remarks),
    )


def _within(line: TextLine, region: _Region) -> bool:
    return region.holds((line.x0 + line.x1) / 2, line.y)


def _tables(
    page: PdfPage, found: Sequence[Word], text: Sequence[TextLine], name: str, grids: list[Grid]
) -> list[_Region]:
    """Append the tables of a page; returns their regions."""
    captions = _captions(text, page.rules)
    regions = [region for region in _regions(page.rules, captions) if _captioned(region, captions)]
    for region in regions:
        assert region.caption is not None
        inside = [word for word in found if region.holds(word.centre, word.y)]
        rows = table_rows(inside, region.rules, name, page.number)
        if not rows:
            continue
        grids.append(
            Grid(
                rows=rows,
                caption=region.caption.text,
                number=region.caption.number,
                ordinal=len(grids) + 1,
                notes=_notes(region, text),
                span=place(inside, name, page.number),
            )
        )
    return regions


def _captions(text: Sequence[TextLine], rules: Sequence[PageRule]) -> list[_Caption]:
    done = []
    for at, line in enumerate(text):
        match = _CAPTION.match(line.text)
        if match is None or _SAYS.match(line.text[match.end() :]):
            continue
        if not match["end"].strip() and line.text[match.end() :] and _runs_on(text, at):
            continue
        block = [line]
        for other in text[at + 1 : at + 12]:
            last = block[-1]
            step = last.y - other.y
            between = any(
                other.y < rule.y < last.y and rule.x0 < last.x1 and rule.x1 > last.x0 for rule in rules
            )
            if abs(step) < 0.3 * last.size and 0 < other.x0 - last.x1 < 3 * last.size:
                block.append(other)
                continue
            if between or not 0 < step <= 1.75 * max(last.size, other.size) or _CAPTION.match(other.text):
                break
            if (
                other.x0 > last.x1
                or other.x1 < last.x0
                or abs(other.size - line.size)
                > (
                    0.35 if other.text.isupper() else 0.15  # small capitals
                )
                * line.size
            ):
                if len(block) > 1 or other.x0 > last.x1 or other.x1 < last.x0:
                    break
            block.append(other)
        whole = joined(each.text for each in block)
        done.append(
            _Caption(
                match["number"],
                _CAPTION.sub("", whole, count=1).strip(),
                min(each.x0 for each in block),
                max(each.x1 for each in block),
                line.y + line.size,
                block[-1].y,
            )
        )
    return done


def _runs_on(text: Sequence[TextLine], at: int) -> bool:
    """Whether a line belongs to the paragraph of the one before it."""
    if not at:
        return False
    before, line = text[at - 1], text[at]
    step = before.y - line.y
    return (
        0 < step < 1.5 * line.size
        and before.x0 < line.x1
        and line.x0 < before.x1
        and abs(before.size - line.size) < 0.2
    )


def _regions(rules: Sequence[PageRule], captions: Sequence[_Caption]) -> list[_Region]:
    """Rules of one width below each other, with no caption between them, bound one table."""
    taken: set[int] = set()
    done = []
    for at, rule in enumerate(rules):
        if at in taken or rule.width < 40:
            continue
        group = [at]
        for other in range(at + 1, len(rules)):
            below = rules[other]
            if other in taken or abs(below.x0 - rule.x0) > 2.5 or abs(below.x1 - rule.x1) > 2.5:
                continue
            if _parted(rules[group[-1]], below, captions):
                break
            group.append(other)
        if len(group) < 2:
            continue
        taken.update(group)
        top, bottom = rules[group[0]].y, rules[group[-1]].y
        every = [
            r for r in rules if bottom - 0.1 <= r.y <= top + 0.1 and r.x0 > rule.x0 - 3 and r.x1 < rule.x1 + 3
        ]
        taken.update(i for i, r in enumerate(rules) if r in every)
        if top - bottom > 10:
            done.append(_Region(every))
    return done


def _parted(upper: PageRule, lower: PageRule, captions: Sequence[_Caption]) -> bool:
    return any(
        lower.y < caption.top - 1
        and caption.bottom < upper.y
        and caption.x0 < upper.x1
        and upper.x0 < caption.x1
        for caption in captions
    )


def _captioned(region: _Region, captions: Sequence[_Caption]) -> bool:
    """Give a region the caption beside it; False where there is none."""
    best: tuple[float, _Caption] | None = None
    for caption in captions:
        if caption.x0 > region.x1 or caption.x1 < region.x0:
            continue
        distance = (
            caption.bottom - region.top if caption.bottom >= region.top - 2 else region.bottom - caption.top
        )
        if -4 <= distance <= _NEAR and (best is None or distance < best[0]):
            best = (distance, caption)
    if best is not None:
        region.caption = best[1]
    return best is not None


def _notes(region: _Region, text: Sequence[TextLine]) -> tuple[str, ...]:
    """The small lines right below a table that begin with a mark."""
    done: list[str] = []
    last = region.bottom
    for line in text:
        if not (region.x0 - 5 < line.x0 and line.x0 < region.x1 and 0 < last - line.y < 2 * line.size + 4):
            continue
        if _CAPTION.match(line.text):
            break
        if re.match(r"^(?:[*†‡§¶]|\(?[a-z0-9][)\s]|notes?\b|\w\^)", line.text, re.I):
            done.append(line.text)
        elif done:
            done[-1] = joined((done[-1], line.text))
        else:
            break
        last = line.y
        if len(done) > 8:
            break
    return tuple(done)


def _title(text: Sequence[TextLine]) -> str:
    """The lines in the largest type of the first page's upper half."""
    worded = [line for line in text[:40] if re.search(r"[A-Za-z]{3}", line.text)]
    if not worded:
        return ""
    largest = max(line.size for line in worded)
    chosen = []
    for line in worded:
        if line.size > largest - 0.3:
            chosen.append(line.text)
        elif chosen:
            break
    return joined(chosen)[:300]


def _abstract(prose: Sequence[str]) -> str:
    for at, text in enumerate(prose[:200]):
        if _ABSTRACT.match(text):
            found: list[str] = []
            for line in prose[at : at + 60]:
                if found and _AFTER_ABSTRACT.match(line):
                    break
                found.append(line)
            return _ABSTRACT.sub("", joined(found))
    return ""


def _context(number: str, prose: str) -> str:
    """The sentences around each mention of a table, four at most."""
    found = []
    for match in re.finditer(
        rf"\b(?:table|tab\.)\s*{re.escape(number)}(?![\w.]\d|\w)(?!\s*[:.])", prose, re.I
    ):
        start = max(prose.rfind(". ", 0, match.start()), match.start() - 500, 0)
        end = prose.find(". ", match.end())
        found.append(prose[start : end if 0 <= end < match.end() + 500 else match.end() + 500].strip(". "))
        if len(found) == 4:
            break
    return "\n".join(found)
