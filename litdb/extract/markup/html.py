"""HTML documents: arXiv's LaTeXML pages in all their shapes, ar5iv, and plain tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from litdb.extract.layout import rectangle, trimmed
from litdb.extract.limits import MAX_CELLS, MAX_TABLES, Deadline, check_size
from litdb.extract.markup import html_text
from litdb.extract.markup.citing import cited
from litdb.extract.markup.outline import Outline
from litdb.extract.markup.tree import Node, parse
from litdb.extract.references import reference
from litdb.extract.types import Grid, Reference, Span, TableCell

_NUMBER = re.compile(
    r"^\s*(?:TABLE|Tab\.?|Tbl\.?)\s*(?P<number>[A-Z]?\.?\d+(?:\.\d+)?|[IVXLC]+)\b\s*[.:|—–-]?\s*", re.I
)
_LAYOUT = frozenset(
    [
        "ltx_equation",
        "ltx_equationgroup",
        "ltx_eqn_table",
        "ltx_eqn_row",
        "ltx_listing",
        "ltx_algorithm",
        "ltx_float_algorithm",
    ]
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOTE_WORDS = re.compile(r"[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class HtmlDocument:
    """The tables of an HTML document and what surrounds them."""

    grids: tuple[Grid, ...]
    references: tuple[Reference, ...] = ()
    title: str = ""
    abstract: str = ""
    prose: str = ""


def read_html(source: str, name: str, deadline: Deadline) -> HtmlDocument:
    """The tables of an HTML page. Raises TooLarge when it cannot be read within the limits."""
    check_size(source, name)
    root = parse(source, deadline)
    reader = _PageReader(source, name, deadline)
    reader.visit(root)
    title = reader.title or reader.page_title
    prose = "\n".join(reader.prose)
    references = cited(reader.references, reader.citing)
    return HtmlDocument(reader.finished(), references, title, reader.abstract, prose)


def tables_in(source: str, name: str, start: int, end: int, deadline: Deadline) -> tuple[Grid, ...]:
    """The tables of a piece of HTML inside another document; offsets are those of the whole source."""
    reader = _PageReader(source, name, deadline)
    reader.visit(parse(source, deadline, start=start, end=end))
    return reader.finished()


def is_table(node: Node) -> bool:
    """Whether an element is a table: `<table>`, or anything that LaTeXML marks as a tabular."""
    classes = node.classes
    if classes & _LAYOUT:
        return False
    return node.name == "table" or "ltx_tabular" in classes


def _is_row(node: Node) -> bool:
    return node.name == "tr" or "ltx_tr" in node.classes


def _is_cell(node: Node) -> bool:
    return node.name in ("td", "th") or bool(node.classes & {"ltx_td", "ltx_th"})


class _Below(NamedTuple):
    """What lies below an element: rows and cells, tables, the cells within those (each counted for each), large ones."""

    rows: int = 0
    cells: int = 0
    tables: int = 0
    cells_of_tables: int = 0
    big: int = 0


def _counted(root: Node) -> dict[int, _Below]:
    """What lies below each element of a page, in one pass from the leaves up."""
    found: dict[int, _Below] = {}
    for node in reversed(list(root.walk())):
        rows = cells = tables = of_tables = big = 0
        for child in node.children:
            below = found[id(child)]
            rows += below.rows + _is_row(child)
            cells += below.cells + _is_cell(child)
            tables += below.tables
            of_tables += below.cells_of_tables
            big += below.big
            if is_table(child):
                tables += 1
                of_tables += below.cells
                big += below.rows >= 2 and below.cells >= 4
        found[id(node)] = _Below(rows, cells, tables, of_tables, big)
    return found


class _PageReader:
    def __init__(self, source: str, name: str, deadline: Deadline) -> None:
        self.source, self.name, self.deadline = source, name, deadline
        self.title = ""
        self.page_title = ""
        self.abstract = ""
        self.outline = Outline()
        self.prose: list[str] = []
        self.grids: list[Grid] = []
        self.ids: dict[str, int] = {}
        self.references: list[Reference] = []
        self.paragraphs: list[tuple[set[str], str]] = []
        self.citing: list[str] = []
        self.lead = ""
        self.below: dict[int, _Below] = {}

    def visit(self, root: Node) -> None:
        """Collect all tables below a node, outermost first, and keep track of the headings."""
        self.below = _counted(root)
        stack: list[tuple[Node, tuple[Node, ...]]] = [(root, ())]
        while stack:
            self.deadline.check()
            node, figures = stack.pop()
            classes = node.classes if node.attrs else frozenset()
            if node.name in _HEADINGS and not node.classes & {"ltx_title_abstract"}:
                words = html_text.text(node)
                if "ltx_title_document" in classes or (node.name == "h1" and not self.title):
                    self.title = self.title or words
                else:
                    self.outline.enter(_HEADINGS.index(node.name), words)
                self.lead = ""
            elif node.name == "title":
                self.page_title = self.page_title or node.content().strip()
            if "ltx_abstract" in classes:
                self.abstract = html_text.text(node)
                continue
            if classes & {"ltx_bibitem"}:
                self.references.append(reference(node.attrs.get("id", ""), html_text.text(node)))
                continue
            if classes & _LAYOUT and not self.below[id(node)].tables:
                continue
            if node.name == "p" or classes & {"ltx_p"}:
                self.paragraph(node)
            if is_table(node) and len(self.grids) < MAX_TABLES and not self.lays_out(node):
                self.table(node, figures)
                continue
            if node.name in ("figure", "table-wrap") or classes & {"ltx_figure", "ltx_table", "ltx_float"}:
                figures = (*figures, node)
            stack.extend((child, figures) for child in reversed(node.children) if child.name != "#text")

    def paragraph(self, node: Node) -> None:
        targets = {
            child.attrs["href"].rpartition("#")[2]
            for child in node.find("a")
            if "#" in child.attrs.get("href", "")
        }
        if targets:
            self.paragraphs.append((targets, html_text.text(node)))
        if not (is_table(node) or self.below[id(node)].tables):
            words = html_text.text(node)
            if words:
                self.lead = words
                self.prose.append(words)
            if targets:
                self.citing.append(html_text.marked(node))

    def lays_out(self, node: Node) -> bool:
        """Whether a table only arranges others; a small table in a cell of a data table is part of its text."""
        below = self.below[id(node)]
        own_numbers = below.cells - below.cells_of_tables
        return bool(below.big) and own_numbers <= max(4, below.tables * 2)

    def rows_of(self, table: Node) -> list[list[Node]]:
        """The cells of each row, without those of nested tables."""
        rows: list[list[Node]] = []
        stack = list(reversed(table.children))
        while stack:
            node = stack.pop()
            if _is_row(node):
                cells: list[Node] = []
                inner = list(reversed(node.children))
                while inner:
                    part = inner.pop()
                    if _is_cell(part):
                        cells.append(part)
                    elif part.name != "#text" and not is_table(part):
                        inner.extend(reversed(part.children))
                rows.append(cells)
            elif node.name != "#text" and not is_table(node):
                stack.extend(reversed(node.children))
        return rows

    def cell(self, node: Node, notes: list[str]) -> TableCell:
        value = html_text.rich(node)
        notes.extend(value.notes)
        text, cites = strip_citations(value.text, value.cites)
        return TableCell(
            text=text,
            raw=html_text.printed(value),
            span=Span(self.name, node.start, node.end),
            rowspan=_span(node, "row"),
            colspan=max(1, _span(node, "col")),
            header=node.name == "th" or "ltx_th" in node.classes,
            bold=value.bold,
            cites=cites,
            marks=value.marks,
        )

    def table(self, node: Node, figures: Sequence[Node]) -> None:
        rows: list[list[TableCell]] = []
        notes: list[str] = []
        count = 0
        for cells in self.rows_of(node):
            self.deadline.check()
            rows.append([self.cell(cell, notes) for cell in cells])
            count += len(cells)
            if count > MAX_CELLS:
                break
        grid_rows = trimmed(rectangle(rows, flowing=True))
        if not grid_rows:
            return
        caption, number, label, figure_notes = self.caption(node, figures)
        grid = Grid(
            rows=grid_rows,
            caption=caption,
            label=label,
            number=number,
            ordinal=len(self.grids) + 1,
            section=self.outline.here,
            above=self.outline.above,
            context="" if caption else self.lead,
            notes=tuple(dict.fromkeys([*notes, *figure_notes])),
            span=Span(self.name, node.start, node.end),
        )
        self.grids.append(grid)

    def caption(self, table: Node, figures: Sequence[Node]) -> tuple[str, str, str, list[str]]:
        """Caption, printed number, id and notes from the table itself and the figures around it."""
        captions: list[str] = []
        notes: list[str] = []
        number = label = ""
        for holder in (table, *reversed(figures)):
            label = label or (holder.attrs.get("id", "") if holder is not table else "")
            stack = list(reversed(holder.children))
            while stack:
                node = stack.pop()
                if node.name in ("caption", "figcaption") or "ltx_caption" in node.classes:
                    tags = [n for n in node.walk() if n.classes & {"ltx_tag"}]
                    words = html_text.rich(node)
                    tag = html_text.text(tags[0]) if tags else ""
                    full = f"{tag} {words.text}".strip()
                    match = _NUMBER.match(full)
                    if match and not number:
                        number = match["number"]
                    captions.append(_NUMBER.sub("", full))
                    notes.extend(words.notes)
                elif holder is not table and not is_table(node) and node.name != "#text":
                    if node.name in ("p", "span") and not self.below[id(node)].tables:
                        self._note(node, notes)
                    elif node.name != "figure":
                        stack.extend(reversed(node.children))
        return " ".join(dict.fromkeys(c for c in captions if c)), number, label, notes

    @staticmethod
    def _note(node: Node, notes: list[str]) -> None:
        words = html_text.note(node)
        if len(_NOTE_WORDS.findall(words)) >= 2:
            notes.append(words)

    def finished(self) -> tuple[Grid, ...]:
        """The grids with the paragraphs that refer to them as context."""
        done = []
        for grid in self.grids:
            found = [words for targets, words in self.paragraphs if grid.label and grid.label in targets][:4]
            done.append(replace(grid, context="\n".join(found)) if found else grid)
        return tuple(done)


def _span(node: Node, kind: str) -> int:
    value = node.attrs.get(f"{kind}span", "")
    if not value.strip().isdigit():
        value = next((c.rpartition("_")[2] for c in node.classes if c.startswith(f"ltx_{kind}span_")), "1")
    return int(value) if value.strip().isdigit() and len(value) < 5 else 1


_BRACKETS = re.compile(r"\s*[\[(]\s*(?:[,;\s–-]*)\s*[\])]")
_NUMBERED = re.compile(r"\s*\[\s*\d+(?:\s*[,;–-]\s*\d+)*\s*\]")


def strip_citations(text: str, cites: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The text without brackets that citations left empty and without numbered citations written as plain text."""
    if cites:
        text = _BRACKETS.sub("", text)
    found = _NUMBERED.findall(text)
    if found and re.search(r"[A-Za-z]", _NUMBERED.sub("", text)):
        cites = (*cites, *(number for part in found for number in re.findall(r"\d+", part)))
        text = _NUMBERED.sub("", text)
    return " ".join(text.split()), tuple(dict.fromkeys(cites))
