"""LaTeX's own names that macro expansion treats specially."""

from __future__ import annotations

#: Commands whose meaning the table reader relies on; a document's redefinition of them is ignored.
KEPT = frozenset(
    [
        "begin",
        "end",
        "multirow",
        "multicolumn",
        "cite",
        "citep",
        "citet",
        "caption",
        "label",
        "ref",
        "section",
        "subsection",
        "textbf",
        "textit",
        "emph",
        "hline",
        "toprule",
        "midrule",
        "bottomrule",
        "cmidrule",
        "cline",
        "rowcolor",
        "cellcolor",
        "makecell",
        "tabularnewline",
        "input",
        "include",
        "footnote",
        "item",
        "par",
    ]
)
#: Commands that style files redefine with no effect on tables.
SIZES = frozenset(
    [
        "small",
        "footnotesize",
        "scriptsize",
        "tiny",
        "large",
        "Large",
        "LARGE",
        "huge",
        "Huge",
        "normalsize",
        "maketitle",
        "thebibliography",
        "natexlab",
        "and",
        "And",
        "AND",
        "footnoterule",
        "newblock",
        "thefootnote",
        "baselinestretch",
        "paragraph",
        "subparagraph",
        "subsubsection",
        "href",
        "url",
    ]
)
#: Environments that a document cannot redefine.
TABLES = frozenset(
    ("tabular", "tabular*", "tabularx", "tabulary", "longtable", "array", "table", "table*", "document")
)
#: TeX's own conditionals.
CONDITIONALS = frozenset(
    [
        "if",
        "ifcat",
        "ifnum",
        "ifdim",
        "ifodd",
        "ifvmode",
        "ifhmode",
        "ifmmode",
        "ifinner",
        "ifvoid",
        "ifhbox",
        "ifvbox",
        "ifx",
        "ifeof",
        "iftrue",
        "iffalse",
        "ifcase",
        "ifdefined",
        "ifcsname",
        "ifpdf",
        "ifxetex",
        "ifluatex",
    ]
)
