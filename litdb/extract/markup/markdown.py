"""Markdown documents: GitHub's pipe tables, tables that pandoc made of LaTeX, and HTML tables in between."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from litdb.extract.layout import rectangle, trimmed
from litdb.extract.limits import MAX_CELLS, MAX_TABLES, Deadline, check_size
from litdb.extract.markup import fenced
from litdb.extract.markup.html import HtmlDocument, tables_in
from litdb.extract.markup.markdown_text import has_pipes, rich, without_links
from litdb.extract.references import from_bib
from litdb.extract.types import Grid, Span, TableCell

_DELIMITER = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
#: The line under a heading, which has to stand alone: 'Results' over '-------'.
_UNDERLINE = re.compile(r"^ {0,3}(?:=+|--+)\s*$")
_BACKTICKS = re.compile(r"`+")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})")  # in a list item it is indented as deep as that
#: What a part that is folded away is called, and where it ends; the call to unfold it is no part of its name.
_FOLDED = re.compile(r"<summary>(?P<title>.*?)</summary>|</details>", re.I)
_UNFOLD = re.compile(r"\s*\((?:click|tap|unfold|expand)[^()]*\)", re.I)
_INNERMOST = 7
_BOLD = re.compile(r"\s*(?:\*\*|__)(.+?)(?:\*\*|__):?\s*")
_CAPTION = re.compile(
    r"^\s*[*_]{0,3}(?:TABLE|Tab\.?)\s*(?P<number>[A-Z]?\d+(?:\.\d+)?|[IVXLC]+)\s*[*_]{0,3}\s*(?:[.:|—–-]|(?=\s[A-Z*]))\s*[*_]{0,3}",
    re.I,
)
_NOTE = re.compile(r"^(?:\^?\(|[*†‡§-]|\\\*|Note|<sup>|\[\^|\d\))", re.I)
_HTML_TABLE = re.compile(r"<table\b", re.I)
_HTML_END = re.compile(r"</table\s*>", re.I)
_BIBTEX = re.compile(r"^[ \t]*@[A-Za-z]+\s*\{", re.M)


@dataclass(frozen=True, slots=True)
class _TextLine:
    text: str
    start: int


def read_markdown(source: str, name: str, deadline: Deadline) -> HtmlDocument:
    """The tables of a Markdown file. Raises TooLarge when it cannot be read within the limits."""
    check_size(source, name)
    reader = _Reader(source, name, deadline)
    reader.run()
    references = tuple(from_bib(source)) if _BIBTEX.search(source) else ()
    lines = zip(reader.lines, reader.fenced, strict=True)
    prose = "\n".join(
        without_links(line.text) for line, fenced in lines if not fenced and not has_pipes(line.text)
    )
    return HtmlDocument(tuple(reader.grids), references, reader.title, "", prose)


def _cells(line: _TextLine) -> list[tuple[str, int, int]]:
    """The cells of a pipe row with their offsets; pipes in code or behind a backslash do not count."""
    text = line.text
    cuts: list[int] = []
    index, code = 0, ""
    unclosed: set[int] = set()  # lengths of runs of backticks that no later one closes
    while index < len(text):
        char = text[index]
        if char == "\\":
            index += 2
            continue
        if char == "`":
            run = _BACKTICKS.match(text, index).end() - index  # type: ignore[union-attr]  # it is at one
            mark = "`" * run
            if not code and run not in unclosed and text.find(mark, index + run) >= 0:
                code = mark
            elif not code:
                unclosed.add(run)
            elif code == mark:
                code = ""
            index += run
            continue
        if char == "|" and not code:
            cuts.append(index)
        index += 1
    edges = [-1, *cuts, len(text)]
    parts = [(text[a + 1 : b], line.start + a + 1, line.start + b) for a, b in itertools.pairwise(edges)]
    if parts and cuts and not parts[0][0].strip() and text.lstrip().startswith("|"):
        parts = parts[1:]
    if parts and cuts and not parts[-1][0].strip() and text.rstrip().endswith("|"):
        parts = parts[:-1]
    return parts


class _Reader:
    def __init__(self, source: str, name: str, deadline: Deadline) -> None:
        self.source, self.name, self.deadline = source, name, deadline
        self.lines: list[_TextLine] = []
        position = 0
        for raw in source.split("\n"):
            self.lines.append(_TextLine(raw.rstrip("\r"), position))
            position += len(raw) + 1
        self.title = ""
        self.sections: dict[int, str] = {}
        self.grids: list[Grid] = []
        self.fenced: list[bool] = []
        self.blocks: dict[int, int] = {}  # where a code block begins, and the line after it
        self.captions_first = False
        self.headings: dict[int, tuple[int, str]] = {}
        self.headed: frozenset[int] = frozenset()

    def run(self) -> None:
        self._fences()
        self._find_headings()
        index = 0
        while index < len(self.lines):
            self.deadline.check()
            line = self.lines[index]
            if index in self.headings:
                level, text = self.headings[index]
                self._heading(level, rich(text).text)
            elif index in self.blocks:
                index = self._block(index)
                continue
            elif self.fenced[index]:
                pass  # the rest of a block that a table of HTML reached into
            elif _HTML_TABLE.search(line.text):
                index = self._html(index)
                continue
            elif self._starts_table(index):
                index = self._pipe(index)
                continue
            index += 1

    def _fences(self) -> None:
        mark, begun = "", 0
        for at, line in enumerate(self.lines):
            match = _FENCE.match(line.text)
            inside = bool(mark)
            if match and not mark:
                mark, begun = match[1][0] * 3, at
                inside = True
            elif match and match[1].startswith(mark) and not line.text[match.end() :].strip():
                mark = ""
                self.blocks[begun] = at + 1
            self.fenced.append(inside)
        if mark:  # to the end
            self.blocks[begun] = len(self.lines) + 1

    def _find_headings(self) -> None:
        """The lines that are headings, by level and text, and those that belong to one: an underline is no text."""
        underlines = set()
        for at, line in enumerate(self.lines):
            if self.fenced[at]:
                continue
            match = _HEADING.match(line.text)
            if match:
                self.headings[at] = (len(match[1]), match[2])
            elif folded := _FOLDED.search(line.text):
                self.headings[at] = (_INNERMOST, _UNFOLD.sub("", folded["title"] or ""))
            elif at + 1 < len(self.lines) and self._underlined(at):
                self.headings[at] = (1 if "=" in self.lines[at + 1].text else 2, line.text.strip())
                underlines.add(at + 1)
        self.headed = frozenset(self.headings) | underlines

    def _underlined(self, at: int) -> bool:
        text = self.lines[at].text
        return (
            bool(re.match(r" {0,3}[^\s|<>*+-]", text))
            and "|" not in text
            and (at == 0 or not self.lines[at - 1].text.strip())
            and _UNDERLINE.match(self.lines[at + 1].text) is not None
        )

    def _heading(self, level: int, text: str) -> None:
        if level == 1 and not self.title:
            self.title = text
        self.sections = {depth: words for depth, words in self.sections.items() if depth < level}
        if text:
            self.sections[level] = text

    @property
    def section(self) -> str:
        deep = [self.sections[level] for level in sorted(self.sections) if level > 1]
        return " / ".join(deep[-2:]) if deep else self.sections.get(1, "")

    @property
    def above(self) -> tuple[str, ...]:
        deep = [self.sections[level] for level in sorted(self.sections) if level > 1]
        return tuple(deep[:-2])

    def _starts_table(self, index: int) -> bool:
        if index + 1 >= len(self.lines) or self.fenced[index]:
            return False
        head, rule = self.lines[index].text, self.lines[index + 1].text
        return "|" in head and "-" in rule and "|" in rule and bool(_DELIMITER.match(rule))

    def _pipe(self, index: int) -> int:
        rows = [self._row(self.lines[index], header=True)]
        at = index + 2
        count = 0
        while at < len(self.lines):
            self.deadline.check()
            line = self.lines[at]
            if not line.text.strip() or "|" not in line.text or self.fenced[at]:
                break
            if at in self.headed or self._starts_table(at):
                break
            row = self._row(line, header=False)
            count += len(row)
            rows.append(row)
            at += 1
            if count > MAX_CELLS:
                break
        width = max(len(row) for row in rows)
        if len(self.grids) < MAX_TABLES and width >= 1:
            self._emit(trimmed(rectangle(rows, flowing=False)), index, at)
        return at

    def _block(self, index: int) -> int:
        """A code block: what a program printed may be a table. The line after it."""
        after = self.blocks[index]
        rows = fenced.rows_of(
            self.lines[index].text, [line.text for line in self.lines[index + 1 : after - 1]]
        )
        if rows and len(self.grids) < MAX_TABLES and sum(len(row) for _, row in rows) <= MAX_CELLS:
            head = rows[0][0]
            cells = (self._fenced_row(index + 1 + at, row, at == head) for at, row in rows)
            self._emit(tuple(cells), index, min(after, len(self.lines)))
        return after

    def _fenced_row(self, at: int, row: list[fenced.FencedCell], header: bool) -> tuple[TableCell, ...]:
        start = self.lines[at].start
        return tuple(
            TableCell(
                part.text,
                part.text,
                Span(self.name, start + part.at, start + part.at + len(part.text)),
                header=header,
            )
            for part in row
        )

    def _row(self, line: _TextLine, *, header: bool) -> list[TableCell]:
        cells = []
        for text, start, end in _cells(line):
            value = rich(text)
            cells.append(
                TableCell(
                    text=value.text,
                    raw=text.strip(),
                    span=Span(self.name, start, end),
                    header=header,
                    bold=value.bold,
                    cites=value.cites,
                    marks=value.marks,
                )
            )
        return cells

    def _emit(self, rows: tuple[tuple[TableCell, ...], ...], first: int, after: int) -> None:
        if not rows:
            return
        caption, number, notes = self._caption(first, after)
        self.grids.append(
            Grid(
                rows=rows,
                caption=caption,
                number=number,
                ordinal=len(self.grids) + 1,
                section=self.section,
                above=self.above,
                context=self._before(first),
                notes=tuple(notes),
                span=Span(
                    self.name,
                    self.lines[first].start,
                    self.lines[after - 1].start + len(self.lines[after - 1].text),
                ),
            )
        )

    def _paragraph(self, index: int) -> tuple[str, int]:
        """The paragraph that begins at or after a line, and the line after it."""
        while index < len(self.lines) and not self.lines[index].text.strip():
            index += 1
        words = []
        while index < len(self.lines) and self.lines[index].text.strip():
            text = self.lines[index].text
            if (
                index in self.headed
                or self._starts_table(index)
                or _HTML_TABLE.search(text)
                or self.fenced[index]
            ):
                break
            words.append(text)
            index += 1
        return " ".join(part.strip() for part in words), index

    def _caption(self, first: int, after: int) -> tuple[str, str, list[str]]:
        """'Table 2: ...' behind the table (pandoc) or right before it, and notes between table and caption."""
        before = self._block_before(first)
        ahead = _CAPTION.match(before)
        if ahead and not self.grids:
            self.captions_first = True
        if ahead and self.captions_first:
            return rich(before[ahead.end() :]).text, ahead["number"], self._notes_after(after)
        notes: list[str] = []
        at = after
        for _ in range(6):
            words, following = self._paragraph(at)
            if not words or _BOLD.fullmatch(words):
                break
            match = _CAPTION.match(words)
            if match:
                return rich(words[match.end() :]).text, match["number"], notes
            if (
                not re.match(r"^(?:\^?\(|[*†‡§-]|\\\*|Note|<sup>|\[\^|\d\))", words.strip(), re.I)
                and len(words) > 400
            ):
                break
            notes.append(_note(words))
            at = following
        if ahead and not self.grids:
            return rich(before[ahead.end() :]).text, ahead["number"], []
        bold = _BOLD.fullmatch(before)
        return (rich(bold[1]).text if bold else ""), "", notes[:2] if notes and len(notes[0]) < 300 else []

    def _notes_after(self, after: int) -> list[str]:
        words, _ = self._paragraph(after)
        return [_note(words)] if _NOTE.match(words.strip()) and not _CAPTION.match(words) else []

    def _block_before(self, index: int) -> str:
        end = index
        while end > 0 and not self.lines[end - 1].text.strip():
            end -= 1
        start = end
        while (
            start > 0
            and self.lines[start - 1].text.strip()
            and start - 1 not in self.headed
            and not self.lines[start - 1].text.lstrip().startswith(("|", "#", "```"))
        ):
            start -= 1
        return " ".join(line.text.strip() for line in self.lines[start:end])

    def _before(self, index: int) -> str:
        """The prose of the section in front of the table, a line a paragraph, nearest last; code and tables left out.

        A paragraph in bold alone is a heading: nothing above it is about the table.
        """
        paragraphs: list[list[str]] = [[]]
        at = index - 1
        while at >= 0 and index - at < 40 and at not in self.headed:
            text = self.lines[at].text
            if text.strip() and not has_pipes(text) and not self.fenced[at]:
                paragraphs[-1].append(text.strip())
                if _BOLD.fullmatch(text) and (at == 0 or not self.lines[at - 1].text.strip()):
                    break
            elif paragraphs[-1]:
                paragraphs.append([])
            at -= 1
        texts = [rich(" ".join(reversed(lines))).text for lines in reversed(paragraphs) if lines]
        return "\n".join(re.sub(r"\s*\n\s*", " ", text) for text in texts)

    def _html(self, index: int) -> int:
        start = self.lines[index].start
        position, depth = start, 0
        end = len(self.source)
        for match in re.compile(r"<(/?)table\b[^>]{0,2000}>", re.I).finditer(self.source, start):
            depth += -1 if match[1] else 1
            if depth <= 0:
                end = match.end()
                break
            position = match.end()
        after = index + 1
        while after < len(self.lines) and self.lines[after].start < max(end, position):
            after += 1
        for grid in tables_in(self.source, self.name, start, end, self.deadline):
            if len(self.grids) >= MAX_TABLES:
                break
            caption, number, notes = self._caption(index, after)
            self.grids.append(
                replace(
                    grid,
                    caption=grid.caption or caption,
                    number=grid.number or number,
                    ordinal=len(self.grids) + 1,
                    section=self.section,
                    above=self.above,
                    context=self._before(index),
                    notes=(*grid.notes, *notes),
                )
            )
        return after


def _note(words: str) -> str:
    """A note with the marks by which cells refer to it lowered into the text."""
    return rich(re.sub(r"\^\(([^()]*)\)|<sup>(.*?)</sup>", lambda m: f" {m[1] or m[2]} ", words)).text
