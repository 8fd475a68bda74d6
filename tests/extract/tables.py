"""Small invented papers with one table each, written as LaTeX, HTML or Markdown from the same rows."""

from __future__ import annotations

import html
from collections.abc import Sequence

from litdb.extract import Extraction, extract, source_from_files

FORMATS = ("latex", "html", "markdown")


def paper(
    kind: str,
    rows: Sequence[Sequence[str]],
    *,
    caption: str = "",
    title: str = "FooNet: Speech Enhancement",
    before: str = "",
    heading: str = "",
) -> Extraction:
    """The readings of a paper with one table; the first row is the header."""
    make = {"latex": _latex, "html": _html, "markdown": _markdown}[kind]
    name, text = make(rows, caption, title, before, heading)
    return extract(source_from_files({name: text}, name))


def found(extraction: Extraction) -> set[tuple[str, str, str, float]]:
    """Model, metric without its condition, test set and value of every score; numbers of parameters left out."""
    return {
        (r.model, r.metric.split(" [")[0], r.dataset, r.value)
        for r in extraction.readings
        if r.quantity != "params"
    }


def _latex(
    rows: Sequence[Sequence[str]], caption: str, title: str, before: str, heading: str
) -> tuple[str, str]:
    escape = str.maketrans({"#": r"\#", "%": r"\%", "_": r"\_", "&": r"\&"})
    body = "\n".join(" & ".join(cell.translate(escape) for cell in row) + r" \\" for row in rows)
    section = rf"\section{{{heading.translate(escape)}}}" if heading else ""
    return (
        "main.tex",
        rf"\documentclass{{article}}\title{{{title}}}\begin{{document}}\maketitle {section} {before.translate(escape)}"
        rf"\begin{{table}}\caption{{{caption.translate(escape)}}}\begin{{tabular}}{{{'c' * len(rows[0])}}}"
        f"\n{body}\n" + r"\end{tabular}\end{table}\end{document}",
    )


def _html(
    rows: Sequence[Sequence[str]], caption: str, title: str, before: str, heading: str
) -> tuple[str, str]:
    head = "".join(f"<th>{html.escape(cell)}</th>" for cell in rows[0])
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows[1:]
    )
    section = f"<h2>{html.escape(heading)}</h2>" if heading else ""
    lead = f"<p>{html.escape(before)}</p>" if before else ""
    return (
        "page.html",
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{section}{lead}<table>"
        f"<caption>{'Table 1: ' + html.escape(caption) if caption else ''}</caption><tr>{head}</tr>{body}</table></body></html>",
    )


def _markdown(
    rows: Sequence[Sequence[str]], caption: str, title: str, before: str, heading: str
) -> tuple[str, str]:
    lines = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    lines += ["| " + " | ".join(row) + " |" for row in rows[1:]]
    parts = [
        f"# {title}",
        f"## {heading}" if heading else "",
        before,
        f"Table 1: {caption}" if caption else "",
    ]
    return "README.md", "\n\n".join(part for part in parts if part) + "\n\n" + "\n".join(lines) + "\n"
