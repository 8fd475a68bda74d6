"""Reading takes time in proportion to length, whatever is repeated: each kind of token, in each place, in each format."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from litdb.errors import LitdbError
from litdb.extract import extract, source_from_files
from litdb.extract.meaning.scope.mentions import known_mentions
from litdb.extract.renderings import explain_text
from litdb.extract.results import read_results

pytestmark = pytest.mark.slow

SIZE = 20_000  # characters of repetition
SECONDS = 3  # of processor time, for one document; the linear ones take a tenth of a second

MARKDOWN = "# N: {0}\n\n{1}\n\n| Model {2} | PESQ |\n|---|---|\n| Noisy | 1.97 |\n| A {3} | 2.5 {4} |\n| N (ours) | 3.1 |\n\nTable 1: VoiceBank+DEMAND {5}\n"
HTML = (
    "<html><body><h1>N: {0}</h1><p>{1}</p><table><caption>Table 1: VoiceBank+DEMAND {5}</caption><tr><th>Model {2}</th><th>PESQ"
    "</th></tr><tr><td>Noisy</td><td>1.97</td></tr><tr><td>A {3}</td><td>2.5 {4}</td></tr></table></body></html>"
)
LATEX = (
    r"\documentclass{{article}}\begin{{document}}\title{{N: {0}}}\maketitle {1}\begin{{table}}\caption{{VoiceBank+DEMAND {5}}}"
    r"\begin{{tabular}}{{lc}}Model {2} & PESQ \\ Noisy & 1.97 \\ A {3} & 2.5 {4} \\ N (ours) & 3.1 \\\end{{tabular}}\end{{table}}"
    r"\end{{document}}"
)
JATS = (
    '<?xml version="1.0"?><article><front><article-title>N: {0}</article-title></front><body><sec><p>{1}</p><table-wrap>'
    "<label>Table 1</label><caption><p>VoiceBank+DEMAND {5}</p></caption><table><thead><tr><th>Model {2}</th><th>PESQ</th></tr>"
    "</thead><tbody><tr><td>Noisy</td><td>1.97</td></tr><tr><td>A {3}</td><td>2.5 {4}</td></tr></tbody></table></table-wrap></sec>"
    "</body></article>"
)
WORDS = [
    "3.1/", "1,", "9", "a", "A-", "Foo-", "1-", "w/o A + ", "VoiceBank+DEMAND ", "on A", "PESQ ", "± 1 ", "3.1 (2.5) ", "10^", "1e",
    "(", "[", ",", " ", "\n", "\t", "[1]", "+", "&", "é", "{", "<td>", "¹", "†", "模", "e\u0301", "\u0301", "%", "0.", "M1 (", "→",
    "test set is A", "Aa mixed with Bb ", "A2 speakers ", "a. ", "-", "model is A",
]  # fmt: skip
MARKS = {
    "a.md": ["`", "`a` ", "``a` ", "**a ", "*a ", "_", "~", "$", "$a", "|", "[a](", "![", "[a][", "<a ", "^(", "\\", "```\n", "# ", "[[", "[[a|", "a\n--\n\n", "```\na  PESQ\n"],
    "a.html": ["<", "<a ", "<a>", "</a>", '<a "', "<a x='", "<!", "<!--", "<table>", "<tr>", "<td>", "<sup>", "<li>", "&#1;", "<math>"],
    "a.tex": ["\\a", "{", "}", "{}", "$", "$^", "^{", "_{", "\\\\", "\\textbf{", "\\cite{", "\\begin{a}", "\\if", "\\[", "%\n", "#1"],
    "a.nxml": ["<", "<a ", "<a>", "</a>", '<a "', "<!", "<![CDATA[", "<xref>", "<table>", "<tr>", "<td>", "&x;", "]]>"],
}  # fmt: skip
#: What may stand in a code block, which is looked through for tables.
BLOCK = "# N\n\n```\n{0}\n```\n"
TEXTS = {"a.md": MARKDOWN, "a.html": HTML, "a.tex": LATEX, "a.nxml": JATS}


class _TooSlow(BaseException):
    pass


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """At most so many seconds of this process's own time, whatever else the machine does."""

    def stop(*_: object) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def slow(work: Callable[[], object]) -> bool:
    """Whether work takes longer than it may; a refusal is fine."""
    try:
        with limited(SECONDS):
            work()
    except LitdbError:
        return False
    except _TooSlow:
        return True
    return False


def _read(name: str, text: str) -> None:
    explain_text([(name, extract(source_from_files({name: text}, name)))])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("place", range(6))
@pytest.mark.parametrize("name", TEXTS)
def test_no_repetition_takes_long(name: str, place: int) -> None:
    late = []
    for token in (*WORDS, *MARKS[name]):
        filled = ["" if at != place else token * (SIZE // len(token)) for at in range(6)]
        text = TEXTS[name].format(*filled)
        if slow(lambda text=text: _read(name, text)):  # type: ignore[misc]
            late.append(token)
    assert not late


@pytest.mark.parametrize("token", ["-", "=", " ", "\t", "|", " |", "1  ", "a\t", "PESQ  ", "-|", "1", "+"])
def test_a_line_of_a_code_block_that_is_long(token: str) -> None:
    line = token * (4 * SIZE // len(token))
    assert not slow(lambda: _read("a.md", BLOCK.format(f"a  PESQ\nb  2.1\n{line}x")))


@pytest.mark.parametrize("token", ["[", "![", "](", "(", "[a", "(1,", "`", "<a ", "3.1/"])
@pytest.mark.parametrize("name", ["a.html", "a.tex"])
def test_a_label_four_times_as_long(name: str, token: str) -> None:
    """What grows with the square of the length passes at the size above in a second, and takes ten here."""
    text = TEXTS[name].format("", "", "", token * (4 * SIZE // len(token)), "", "")
    assert not slow(lambda: _read(name, text))


@pytest.mark.parametrize("name", ["a.md", "a.html", "a.tex"])
def test_many_rows(name: str) -> None:
    row = {
        "a.md": "| M{0} | {1} |\n",
        "a.html": "<tr><td>M{0}</td><td>{1}</td></tr>",
        "a.tex": "M{0} & {1} \\\\ ",
    }[name]
    rows = "".join(row.format(at, f"2.{10 + at % 90}") for at in range(1500))
    first = {
        "a.md": "| Noisy | 1.97 |\n",
        "a.html": "<tr><td>Noisy</td><td>1.97</td></tr>",
        "a.tex": r"Noisy & 1.97 \\ ",
    }[name]
    text = TEXTS[name].format(*[""] * 6).replace(first, first + rows)
    assert rows in text
    assert not slow(lambda: _read(name, text))


SCORES = [
    "1,",
    "1;",
    "\t",
    '"',
    "'",
    "\n",
    "a",
    "9",
    "0.",
    "-",
    "e",
    "{",
    "[",
    '{"a":',
    '"a",',
    "\\",
    "±",
    "% ",
    "2.5 ",
]


@pytest.mark.parametrize(
    "start",
    ["metric,value\nPESQ,", "id\tpesq\na.wav\t", '{"PESQ": ', '{"PESQ": "', "{'key': 'a', 'pesq': ", ""],
)
def test_no_repetition_in_a_file_of_scores_takes_long(start: str) -> None:
    assert not [
        token
        for token in SCORES
        if slow(lambda token=token: read_results(start + token * (SIZE // len(token)) + "\n", "scores"))  # type: ignore[misc]
    ]


def test_what_a_name_is_joined_to_is_looked_for_beside_it() -> None:
    """Found by fuzzing: each name of a test set was searched for a partner from the beginning of its text."""
    prose = "VoiceBank+DEMAND and " * 4000
    began = time.process_time()
    found = list(known_mentions(prose))
    assert len(found) >= 4000
    assert time.process_time() - began < 4
