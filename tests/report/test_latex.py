"""LaTeX that compiles: alignment of the cells, and a run of pdfLaTeX where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from litdb.errors import UsageError
from litdb.report.paper import latex_text
from litdb.report.render import render
from litdb.values.table import Cell, Column, Table

from .samples import TABLE, cell, hostile_table, row

PACKAGES = ("booktabs.sty", "siunitx.sty", "threeparttable.sty")


def compile_document(body: str, folder: Path) -> str:
    """The log of pdfLaTeX on a document with `body`; fails the test when it does not compile."""
    if shutil.which("pdflatex") is None or shutil.which("kpsewhich") is None:
        pytest.skip("no pdflatex on this machine")
    for package in PACKAGES:
        if not subprocess.run(["kpsewhich", package], capture_output=True, check=False).stdout:
            pytest.skip(f"the LaTeX package {package} is not installed")
    source = (
        "\\documentclass{article}\n\\usepackage[paperheight=60cm,paperwidth=60cm]{geometry}\n"
        f"\\usepackage{{booktabs,siunitx,threeparttable}}\n\\begin{{document}}\n{body}\n\\end{{document}}\n"
    )
    (folder / "x.tex").write_text(source, encoding="utf-8")
    command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "x.tex"]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, errors="replace", check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout[-2000:]
    return done.stdout


def cells(table: Table) -> list[list[str]]:
    body = render(table, "latex").partition("\\midrule\n")[2].partition("\\bottomrule")[0]
    return [re.split(r"(?<!\\) & ", line.removesuffix(r" \\")) for line in body.splitlines()]


def test_the_sample_compiles_without_a_warning(tmp_path: Path) -> None:
    log = compile_document(render(TABLE, "latex", label="tab:x", source_columns=True), tmp_path)
    assert "Overfull" not in log
    assert "undefined" not in log


def test_hostile_text_compiles_and_reads_no_file(tmp_path: Path) -> None:
    log = compile_document(render(hostile_table(), "latex", source_columns=True), tmp_path)
    assert "/etc/passwd" not in re.findall(r"\((/[^\s()]+)", log)


def test_every_known_character_compiles(tmp_path: Path) -> None:
    characters = [chr(code) for code in (*range(0x20, 0x250), *range(0x370, 0x400), *range(0x1E00, 0x1F00))]
    characters += [*latex_text._TEXT, *latex_text._T1, *latex_text._MATH, *latex_text._LOOKS]
    characters += ["x\u0302", "⁴", "½", "™", "ﬁ", "①", "模", "🎉"]
    body = "\n\n".join(latex_text.latex(f"x{char}y {char}") for char in characters)
    name = latex_text.latex("Nguyễn Thị đ ệ ę «ở» x⁴")
    compile_document(f"{body}\n\n\\begin{{table}}\\caption{{{name}}}\\end{{table}}", tmp_path)


def test_bold_is_a_switch_and_underlined_numbers_are_padded() -> None:
    first, second, third = cells(TABLE)[:3]
    assert first[2] == r"\bfseries 3.399"
    assert second[2] == r"{\underline{3.37}\phantom{0}\phantom{\textsuperscript{2}}}"
    assert second[3].startswith(r"{\phantom{$-$}\phantom{0}\underline{9.9}\phantom{0}")
    assert third[3] == r"{$-$10.25\rlap{\textsuperscript{2,3}}\phantom{\textsuperscript{2,3}}}"
    assert third[4] == "0.95"


def test_the_column_format_covers_every_number() -> None:
    values = (cell(-3.1, "-3.1"), cell(12.25, "12.25"), cell(7, "7"), Cell(text="good"))
    table = Table("vbd", (Column("SSNR", "SSNR"),), tuple(row("m", value) for value in values))
    assert "S[table-format=-2.2, detect-weight]" in render(table, "latex")
    assert [line[2] for line in cells(table)] == ["-3.1", "12.25", "7", "{good}"]


def test_whole_numbers_are_padded_past_the_missing_point() -> None:
    values = (cell(12.25, "12.25"), cell(7, "7", rank=2))
    table = Table("vbd", (Column("SSNR", "SSNR"),), tuple(row("m", value) for value in values))
    assert cells(table)[1][2] == r"{\phantom{0}\underline{7}\phantom{.00}}"


def test_words_alone_need_no_number_column() -> None:
    table = Table("vbd", TABLE.columns[:1], (row("m", Cell(text="3.0+", rank=1)),))
    assert "S[" not in render(table, "latex")
    assert cells(table)[0][2] == r"{\textbf{3.0+}}"


def test_caption_and_label() -> None:
    text = render(TABLE, "latex", caption="50% of $x$", label="tab:a_b-1")
    assert r"\caption{50\% of \$x\$}" in text
    assert r"\label{tab:a_b-1}" in text
    assert r"\label" not in render(TABLE, "latex")


@pytest.mark.parametrize("label", ["", "a b", "a}\\input{x", "a\n"])
def test_a_label_that_is_none_is_wrong_use(label: str) -> None:
    with pytest.raises(UsageError, match="label"):
        render(TABLE, "latex", label=label)
