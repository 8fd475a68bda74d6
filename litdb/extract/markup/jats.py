"""JATS XML (PMC): table-wraps with their captions, footnotes and the reference list."""

from __future__ import annotations

from dataclasses import replace

from litdb.extract.layout import rectangle, trimmed
from litdb.extract.limits import MAX_CELLS, MAX_TABLES, Deadline, check_size
from litdb.extract.markup import html_text
from litdb.extract.markup.citing import cited
from litdb.extract.markup.html import HtmlDocument, strip_citations
from litdb.extract.markup.tree import Node, parse
from litdb.extract.references import reference
from litdb.extract.types import Grid, Reference, Span, TableCell


def read_jats(source: str, name: str, deadline: Deadline) -> HtmlDocument:
    """The tables of a JATS article. Raises TooLarge when it cannot be read within the limits."""
    check_size(source, name)
    root = parse(source, deadline, xml=True)
    title = next((html_text.text(node) for node in root.find("article-title")), "")
    abstract = next((html_text.text(node) for node in root.find("abstract")), "")
    references = tuple(_reference(node) for node in root.find("ref"))
    grids: list[Grid] = []
    section = ""
    mentions: dict[str, list[str]] = {}
    prose: list[str] = []
    citing: list[str] = []
    for node in root.walk():
        if node.name == "sec":
            section = next((html_text.text(c) for c in node.children if c.name == "title"), section)
        elif node.name == "p":
            targets = {
                x.attrs.get("rid", "") for x in node.find("xref") if x.attrs.get("ref-type") == "table"
            }
            prose.append(html_text.text(node))
            citing.append(html_text.marked(node))
            for target in targets:
                mentions.setdefault(target, []).append(prose[-1])
        elif node.name == "table-wrap":
            for table in node.nearest("table", "table", "table-wrap"):
                deadline.check()
                if len(grids) < MAX_TABLES:
                    grid = _grid(node, table, name, section, len(grids) + 1, deadline)
                    if grid is not None:
                        grids.append(grid)
    done = tuple(_with_context(grid, mentions.get(grid.label, [])) for grid in grids)
    return HtmlDocument(done, cited(references, citing), title, abstract, "\n".join(prose))


def _with_context(grid: Grid, mentions: list[str]) -> Grid:
    return replace(grid, context="\n".join(mentions[:4]))


def _reference(node: Node) -> Reference:
    found = reference(node.attrs.get("id", ""), html_text.text(node))
    doi = next((n.content().strip() for n in node.find("pub-id") if n.attrs.get("pub-id-type") == "doi"), "")
    return replace(found, doi=doi or found.doi)


def _grid(wrap: Node, table: Node, name: str, section: str, ordinal: int, deadline: Deadline) -> Grid | None:
    rows: list[list[TableCell]] = []
    count = 0
    for row in table.nearest("tr", "table", "tr"):
        deadline.check()
        cells = []
        for node in row.children:
            if node.name not in ("td", "th"):
                continue
            value = html_text.rich(node)
            text, cites = strip_citations(value.text, value.cites)
            cells.append(
                TableCell(
                    text=text,
                    raw=html_text.printed(value),
                    span=Span(name, node.start, node.end),
                    rowspan=_count(node, "rowspan"),
                    colspan=_count(node, "colspan"),
                    header=node.name == "th",
                    bold=value.bold,
                    cites=cites,
                    marks=value.marks,
                )
            )
            count += 1
        rows.append(cells)
        if count > MAX_CELLS:
            break
    grid_rows = trimmed(rectangle(rows, flowing=True))
    if not grid_rows:
        return None
    caption = " ".join(html_text.text(node) for node in wrap.children if node.name == "caption")
    label = next((node.content().strip() for node in wrap.children if node.name == "label"), "")
    notes = tuple(
        html_text.note(n)
        for foot in wrap.nearest("table-wrap-foot", "table-wrap", "table")
        for n in foot.find("p")
    )
    return Grid(
        rows=grid_rows,
        caption=caption,
        label=wrap.attrs.get("id", ""),
        number="".join(part for part in label.split()[-1:] if any(ch.isalnum() for ch in part)).rstrip(".:"),
        ordinal=ordinal,
        section=section,
        notes=notes,
        span=Span(name, table.start, table.end),
    )


def _count(node: Node, attribute: str) -> int:
    value = node.attrs.get(attribute, "1").strip()
    return int(value) if value.isdigit() and len(value) < 5 else 1
