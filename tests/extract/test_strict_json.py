"""Files of numbers lose nothing without a word, and hold nothing that cannot be stored."""

from __future__ import annotations

import pytest

from litdb.errors import InputError
from litdb.extract.score_files import read_score_file
from litdb.extract.strict_json import read_json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"PESQ": 2.8, "PESQ": 3.9}', "PESQ twice"),
        ('{"a": [{"b": 1, "b": 1}]}', "b twice"),
        (r'{"a": "\ud800"}', "half a character"),
        (r'{"\uDC00x": 1}', "half a character"),
        (r'{"a": "x\u0000"}', "NUL"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5000, "not JSON"),
        ("{", "not JSON"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_json(text, "a.json")


def test_a_whole_pair_of_halves_is_a_character() -> None:
    assert read_json(r'{"a": "\ud83d\ude00"}', "a.json") == {"a": "\U0001f600"}


@pytest.mark.parametrize(
    "line", ['{"key": "a.wav", "pesq": 2.8, "pesq": 3.9}', "{'key': 'a.wav', 'pesq': 2.8, 'pesq': 3.9}"]
)
def test_a_score_file_of_a_tool_with_a_key_twice_is_refused(line: str) -> None:
    with pytest.raises(InputError, match="pesq twice"):
        read_score_file(f"{line}\n", "scores.txt")
