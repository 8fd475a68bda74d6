"""Reading a table takes time in proportion to its rows and to the length of its cells."""

from __future__ import annotations

import time

import pytest

from litdb.extract import extract, source_from_files


def text(rows: int, length: int) -> str:
    """A table of LaTeX, Markdown or the like is longer by rows or by what its labels say."""
    body = [
        f"| Model{chr(65 + at % 26)}{at} {'with a gate ' * length} | {2 + at % 90 / 100:.2f} | {3 + at % 80 / 100:.2f} |"
        for at in range(rows)
    ]
    head = "# FooNet: a network\n\nTable 1: Results on VoiceBank+DEMAND.\n\n| Model | PESQ | CSIG |\n|---|---|---|\n"
    return head + "\n".join(body)


def least(source: str, times: int = 3) -> float:
    """The least processor time of several readings, in seconds."""
    found = []
    for _ in range(times):
        start = time.process_time()
        extraction = extract(source_from_files({"README.md": source}, "README.md"))
        found.append(time.process_time() - start)
        assert extraction.readings
    return min(found)


@pytest.mark.parametrize(("small", "large"), [((150, 1), (300, 1)), ((40, 20), (40, 40))])
def test_twice_as_much_takes_at_most_some_more_than_twice_the_time(
    small: tuple[int, int], large: tuple[int, int]
) -> None:
    least(text(10, 1), 1)  # tables of the vocabulary are read once
    assert least(text(*large)) <= 2.5 * least(text(*small)) + 0.02
