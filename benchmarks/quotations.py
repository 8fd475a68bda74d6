"""Find what tables quote, on any folder of arXiVeri's layout (Shin et al. 2023), with the matcher of the quotation audit.

usage: python benchmarks/quotations.py DIR --out PREDICTIONS.json

DIR holds pairs/KEY.json (a table as HTML, its caption, the titles) and cited/ID.json (the paper that it may quote:
`list_table_and_caption`, tables as HTML in their order). PREDICTIONS.json maps each KEY to {"table": index or null, "cells":
[[row, column, source row, source column], ...]}, rows and columns counted from 0 with spans laid out. Nothing else is read: the
gold stands in a folder of its own.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from functools import lru_cache
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from litdb.evidence.quotations import Cited, TableText, quoted, table_text
from litdb.extract.layout import rectangle
from litdb.extract.types import Span, TableCell

_DRESS = re.compile(
    r"\\(?:mathbf|textbf|mathrm|mathit|textit|text|underline|uline|bm|boldsymbol|emph|bf|it|rm|small|scriptsize|tiny"
    r"|footnotesize)(?![a-z])\s*"
)
_COLOUR = re.compile(r"\\(?:row|cell)color\s?[a-z]+")
_SIGNS = {
    r"\pm": "±", r"\times": "×", r"\sim": "~", r"\%": "%", r"\#": "#", r"\dagger": "†", r"\ddagger": "‡", r"\ast": "*",
    r"\star": "⋆", r"\alpha": "α", r"\beta": "β", r"\delta": "δ", r"\eta": "η", r"\infty": "∞", "&amp;": "&",
}  # fmt: skip
_MARKS = re.compile(r"(?:\{\})?\^\{*[*†‡⋆§¶,\s]+\}*")
_MACRO = re.compile(r"\\[A-Za-z]+")


def plain(text: str) -> str:
    """A cell without what is left of LaTeX in it; a raised digit stays raised, so that 224^2 is no number."""
    text = _DRESS.sub("", _COLOUR.sub("", text))
    for sign, char in _SIGNS.items():
        text = re.sub(re.escape(sign) + r"(?![A-Za-z])", char, text)
    text = _MACRO.sub(" ", _MARKS.sub("", text))
    text = re.sub(r"[{}$\\]|_(?=\{)", "", text)
    return re.sub(r"\s+", " ", text).strip()


def table(source: str | None, caption: str | None) -> TableText:
    """A table of HTML with its spans laid out; none of its rows or columns is left out, for cells are counted."""
    if not source:
        return table_text([])
    root = lxml_html.fragment_fromstring(f"<div>{source}</div>")
    rows = [
        [_cell(node) for node in row if node.tag in ("td", "th")]
        for row in root.iter("tr")
    ]  # fmt: skip
    laid = rectangle(rows, flowing=True)
    return table_text([[cell.text for cell in row] for row in laid], caption or "")


def _cell(node: etree._Element) -> TableCell:
    words = plain("".join(str(text) for text in node.itertext()))
    spans = [int(value) if (value := node.get(name, "1")).isdigit() else 1 for name in ("rowspan", "colspan")]
    return TableCell(words, "", Span("", 0, 0), max(1, spans[0]), max(1, spans[1]))


@lru_cache(maxsize=256)
def cited_paper(path: Path) -> tuple[tuple[TableText, ...], tuple[str, ...]]:
    """The tables of a cited paper, and its authors."""
    paper = json.loads(path.read_text(encoding="utf-8"))
    tables = tuple(table(one.get("table"), one.get("caption")) for one in paper["list_table_and_caption"])
    return tables, tuple(name.strip() for name in paper.get("authors") or ())


def predict(folder: Path, pair: Path) -> dict[str, object]:
    """What one table quotes of the paper that it is held against."""
    said = json.loads(pair.read_text(encoding="utf-8"))
    tables, authors = cited_paper(folder / "cited" / f"{said['cited']}.json")
    cited = Cited(said.get("cited_title") or "", authors, said.get("target_title") or "")
    found = quoted(table(said["table"], said.get("caption")), tables, cited)
    if found is None:
        return {"table": None, "cells": []}
    return {"table": found.table, "cells": [list(cell) for cell in found.cells]}


def main() -> None:
    """Predict all pairs of a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    start = time.process_time()
    pairs = sorted((chosen.folder / "pairs").glob("*.json"))
    if not pairs:
        parser.error(f"{chosen.folder} holds no pairs/*.json: give a folder of arXiVeri's layout")
    said = {pair.stem: predict(chosen.folder, pair) for pair in pairs}
    chosen.out.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    quoting = sum(one["table"] is not None for one in said.values())
    print(f"{len(pairs)} tables: {quoting} quote; {time.process_time() - start:.1f} s of processor time")


if __name__ == "__main__":
    main()
