"""Tables that programs printed into code blocks."""

from __future__ import annotations

import pytest

from litdb.extract.markup import fenced
from tests.extract.support import read, tables, texts

HEAD = "# FooNet\n\nScores on VoiceBank+DEMAND.\n\n"
LINES = {
    "tabs": "model\tPESQ\tSTOI\nnoisy\t1.97\t0.921\nfoo\t2.71\t0.940\n",
    "blanks": "model    PESQ   STOI\nnoisy    1.97   0.921\nfoo      2.71   0.940\n",
    "rule": "model    PESQ   STOI\n-----    ----   ----\nnoisy    1.97   0.921\nfoo      2.71   0.940\n",
    "pipes": "| model | PESQ | STOI |\n|---|---|---|\n| noisy | 1.97 | 0.921 |\n| foo | 2.71 | 0.940 |\n",
    "frame": "+-------+------+-------+\n| model | PESQ | STOI  |\n+-------+------+-------+\n| noisy | 1.97 | 0.921 |\n| foo   | 2.71 | 0.940 |\n+-------+------+-------+\n",
}


@pytest.mark.parametrize("lines", LINES.values(), ids=LINES)
@pytest.mark.parametrize("fence", ["```", "~~~", "```text"])
def test_what_a_program_printed_is_read(lines: str, fence: str) -> None:
    text = f"{HEAD}{fence}\n{lines}{fence[:3]}\n"
    found = read(text, "README.md").readings
    assert [(r.model, r.quantity, r.dataset, r.value) for r in found] == [
        ("noisy", "PESQ", "VoiceBank+DEMAND", 1.97), ("noisy", "STOI", "VoiceBank+DEMAND", 0.921),
        ("foo", "PESQ", "VoiceBank+DEMAND", 2.71), ("foo", "STOI", "VoiceBank+DEMAND", 0.94),
    ]  # fmt: skip
    assert [text[r.span.start : r.span.end] for r in found] == ["1.97", "0.921", "2.71", "0.940"]


@pytest.mark.parametrize(
    "block",
    [
        f"```python\n{LINES['blanks']}```",  # a program
        "```\nmodel    depth  layers\nfoo      12     3\nbar      24     6\n```",  # names no metric
        "```\nPESQ  STOI\n1.97  0.92\n```",  # one row
        "```\nmodel  PESQ  STOI\nnoisy  1.97\nfoo  2.71  0.94\n```",  # a hole: which cell is missing?
        "```\npip install foo  PESQ\nbar  now\nbaz  then\n```",
        "```\n```",
        "```",
    ],
)
def test_what_is_no_table_is_none(block: str) -> None:
    assert not tables(HEAD + block, "README.md")


def test_a_block_that_is_never_closed() -> None:
    (grid,) = tables(f"{HEAD}```\n{LINES['tabs']}", "README.md")
    assert texts(grid) == [["model", "PESQ", "STOI"], ["noisy", "1.97", "0.921"], ["foo", "2.71", "0.940"]]


def test_a_long_block_takes_no_long_time() -> None:
    assert fenced.rows_of("```", ["a  PESQ"] + ["x  " + "1" * 50] * 100_000)[-1][0] < 100_000


def test_a_table_of_html_that_reaches_into_a_block() -> None:
    text = f"{HEAD}<table><tr><td>PESQ</td><td>3.1</td></tr>\n\n```\n{LINES['tabs']}</table>\nmore\n```\n\n| Model | PESQ |\n|--|--|\n| foo | 2.7 |\n"
    assert [r.value for r in read(text, "README.md").readings][-1] == 2.7
