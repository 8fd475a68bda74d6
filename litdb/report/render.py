"""One comparison table in every format: LaTeX, Markdown, HTML, CSV, JSON and plain text."""

from __future__ import annotations

from typing import Literal, get_args

from litdb.errors import UsageError
from litdb.report import data, plain
from litdb.report.sheet import Sheet, lay_out
from litdb.values.table import Table

Format = Literal["latex", "markdown", "csv", "html", "terminal", "json"]
FORMATS: tuple[str, ...] = get_args(Format)


def render(
    table: Table,
    fmt: str,
    *,
    source_columns: bool | None = None,
    caption: str | None = None,
    label: str | None = None,
    styled: bool = False,
) -> str:
    r"""The table as text, ending with a newline.

    `source_columns` adds Origin and Source columns (the default everywhere but in LaTeX, which has little room;
    without them second-hand rows say their source in a footnote). `caption` (plain text, the title of the table
    when None) and `label` are for LaTeX, `caption` also for HTML and Markdown. `styled` shows ranks by ANSI codes
    in the terminal format. CSV and JSON hold everything and take no options. Raises UsageError for an unknown
    format or an impossible label.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown table format {fmt!r}; use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if fmt == "csv":
        return data.csv(table)
    if fmt == "json":
        return data.json_text(table)
    with_source = fmt != "latex" if source_columns is None else source_columns
    sheet = lay_out(table, with_source=with_source)
    if fmt == "terminal":
        return plain.terminal(sheet, hidden=table.hidden, styled=styled)
    title = sheet.title if caption is None else caption
    if fmt == "latex":
        return _latex(sheet, title, label, table.hidden)
    return _marked_up(sheet, title, table.hidden, "md" if fmt == "markdown" else "html")


def _latex(sheet: Sheet, caption: str, label: str | None, hidden: int) -> str:
    # Jinja costs start-up time that the terminal formats need not pay.
    from litdb.report import latex
    from litdb.report.templating import Ready, render_template

    return render_template(
        "tables/table.tex.j2",
        {
            "caption": caption,
            "label": Ready(latex.checked_label(label)) if label is not None else None,
            "specification": latex.specification(sheet),
            "header": latex.header(sheet),
            "rows": latex.rows(sheet),
            "footnotes": [(latex.item(mark), text) for mark, text in sheet.footnotes],
            "notes": sheet.notes,
            "hidden": hidden,
        },
    )


def _marked_up(sheet: Sheet, caption: str, hidden: int, language: str) -> str:
    from litdb.report.sheet import heading
    from litdb.report.templating import Ready, render_template

    return render_template(
        f"tables/table.{language}.j2",
        {
            "sheet": sheet,
            "caption": caption,
            "ready": Ready,
            "headings": [heading(column) for column in sheet.columns],
            "hidden": hidden,
        },
    )
