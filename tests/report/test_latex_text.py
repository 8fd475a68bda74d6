"""Any text as LaTeX text: what is set, what is named, and that nothing acts. A run of pdfLaTeX stands in test_latex.py."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from litdb.report.paper.latex_text import latex, unset

from .samples import HOSTILE
from .test_escape import NASTY

_COMMAND = re.compile(
    r"\\(?:text(?:backslash|asciicircum|asciitilde|asciigrave|less|greater|bar|bullet|copyright|registered|superscript|subscript)"
    r"|ensuremath|math(?:rm|ring)|imath|jmath|hat|tilde|acute|grave|bar|breve|d?dot|check|[A-Za-z]+(?=\})|circ|ldots|ss|oe|OE|ae|AE"
    r"|fontencoding|selectfont|pounds|[oOlLSijPk]|[ubcdrvH]|[`'^~=.\"]|[{}$&#%_])"
)


@given(NASTY)
def test_known_commands_only(text: str) -> None:
    escaped = latex(text)
    rest = _COMMAND.sub("", escaped.replace(r"\ensuremath{^{\circ}}", ""))
    assert not set(rest) & set('\\$&#%_^~"|<>')
    assert rest.isascii()
    depth = 0
    for char in rest:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert not re.search(r"--|''|\?`|!`", escaped.replace("{''}", "")) or any(c in text for c in "–—“”‘’")


def test_what_papers_print_is_spelled() -> None:
    assert latex("café Łukasz naïve") == r"caf\'{e} \L{}ukasz na\"{\i}ve"
    assert latex("α=0.5 ± 1, x² → ∞") == (
        r"\ensuremath{\alpha}=0.5 \ensuremath{\pm} 1, x\textsuperscript{2} \ensuremath{\rightarrow} \ensuremath{\infty}"
    )
    assert latex("[0pt] *") == "{[}0pt{]} {*}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ễ", r"\ensuremath{\tilde{\hat{\mathrm{e}}}}"),  # two accents above one letter
        ("ệ", r"\d{\^{e}}"),  # one above, one below
        ("ị", r"\d{i}"),
        ("ḉ", r"\c{\'{c}}"),
        ("x\u0302", r"\^{x}"),  # no letter of its own in Unicode
        ("ę", r"{\fontencoding{T1}\selectfont\k{e}}"),
        ("đ", r"{\fontencoding{T1}\selectfont\dj}"),
        ("«", r"{\fontencoding{T1}\selectfont\guillemotleft}"),
        ("Α", r"\ensuremath{\mathrm{A}}"),  # a Greek capital
        ("ά", r"\ensuremath{\acute{\alpha}}"),
        ("ς", r"\ensuremath{\varsigma}"),
        ("x⁴", r"x\textsuperscript{4}"),  # never x4
        ("CO₂", r"CO\textsubscript{2}"),
        ("2½", r"2\textsuperscript{1}/\textsubscript{2}"),  # never 21/2
        ("™", r"\textsuperscript{TM}"),
    ],
)
def test_letters_are_set_where_latex_can(text: str, written: str) -> None:
    assert latex(text) == written
    assert unset(written) == ()


def test_what_no_font_of_latex_has_is_found_again() -> None:
    written = latex("模型 ở [U+4E2D] 模 ☆")
    assert written == "{[U+6A21]}{[U+578B]} {[U+1EDF]} {[}U+4E2D{]} {[U+6A21]} {[U+2606]}"
    assert unset(written) == ("模", "型", "ở", "☆")


def test_hostile_names_keep_their_words() -> None:
    assert [latex(name) for name in HOSTILE[:2]] == [
        r"\textbackslash{}input\{/etc/passwd\}",
        r"\textless{}script\textgreater{}alert(1)\textless{}/script\textgreater{}",
    ]
