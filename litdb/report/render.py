"""One comparison table in every format: LaTeX, Markdown, HTML, CSV, JSON and plain text."""

from __future__ import annotations

from typing import Literal, get_args

from litdb.errors import UsageError
from litdb.report import data, plain
from litdb.report.paper.style import USUAL, Style
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
    width: int | None = None,
    style: Style = USUAL,
) -> str:
    r"""The table as text, ending with a newline.

    `source_columns` adds Origin and Source columns (the default everywhere but in LaTeX, which has little room;
    without them second-hand rows say their source in a footnote). `caption` (plain text, the title of the table
    when None) and `label` are for LaTeX, `caption` also for HTML and Markdown. `styled` shows ranks by ANSI codes
    in the terminal format, which folds long names where the table is wider than `width` columns. `style` says the voice
    of the footnotes and, for LaTeX, citations and the room that the table has in a paper. CSV and JSON hold everything
    and take no options. Raises UsageError for an unknown format, an impossible label or a table that is too wide for its room.
    """
    if fmt not in FORMATS:
        raise UsageError(f"unknown table format {fmt!r}; use {', '.join(FORMATS[:-1])} or {FORMATS[-1]}")
    if fmt == "csv":
        return data.csv(table)
    if fmt == "json":
        return data.json_text(table)
    with_source = fmt != "latex" and style.voice == "full" if source_columns is None else source_columns
    sheet = lay_out(table, with_source=with_source, voice=style.voice, year=style.year)
    if fmt == "terminal":
        return plain.terminal(sheet, hidden=table.hidden, styled=styled, room=width)
    title = sheet.title if caption is None else caption
    if fmt == "latex":
        return _latex(sheet, title, label, table.hidden, style)
    return _marked_up(sheet, title, table.hidden, "md" if fmt == "markdown" else "html", style)


def _latex(sheet: Sheet, caption: str, label: str | None, hidden: int, style: Style) -> str:
    # Jinja costs start-up time that the terminal formats need not pay.
    from litdb.report.paper import latex
    from litdb.report.templating import Ready, render_template

    setting = latex.Typeset(style.plain, style.citations, brief=style.target is not None)
    fitted = None
    if style.target is not None:
        from litdb.report.paper.fit import fit

        fitted = fit(sheet, setting, style.target)
        setting = fitted.setting
    return render_template(
        "tables/table.tex.j2" if fitted is None else "tables/paper.tex.j2",
        {
            "caption": caption,
            "label": Ready(latex.checked_label(label)) if label is not None else None,
            "packages": Ready(",".join(packages(style))),
            "specification": latex.specification(sheet, setting),
            "spans": latex.spans(sheet),
            "header": latex.header(sheet, setting),
            "rows": latex.rows(sheet, setting),
            "footnotes": [(latex.item(note.mark), latex.told(note, setting)) for note in sheet.footnotes],
            "notes": sheet.notes,
            "hidden": hidden,
            "fit": fitted,
            "environment": Ready(fitted.room.environment) if fitted is not None else "",
            "ranked": _ranked(sheet),
            "compiled": style.compiled,
        },
        style.templates,
    )


def packages(style: Style) -> tuple[str, ...]:
    """The LaTeX packages that a table of this style needs."""
    numbers = ("array",) if style.plain else ("siunitx",)
    return ("booktabs", *numbers, "threeparttable")


def _ranked(sheet: Sheet) -> str:
    """What bold and underlined numbers are, in words; '' where there are none."""
    if not any(cell.rank for row in sheet.rows for cell in row.cells):
        return ""
    where = " of its group" if any(row.heading for row in sheet.rows) else ""
    return f"Bold: best{where}; underlined: second."


def _marked_up(sheet: Sheet, caption: str, hidden: int, language: str, style: Style) -> str:
    from litdb.report.sheet import full_heading, heading
    from litdb.report.templating import Ready, render_template

    cited = [
        (
            note.mark,
            f"{note.text} [{style.citations.get(note.cites, note.cites)}]" if note.cites else note.text,
        )
        for note in sheet.footnotes
    ]
    return render_template(
        f"tables/table.{language}.j2",
        {
            "sheet": sheet,
            "footnotes": cited,
            "caption": caption,
            "ready": Ready,
            "headings": [
                (heading if language == "html" else full_heading)(column) for column in sheet.columns
            ],
            "hidden": hidden,
        },
        style.templates,
    )
