"""How a page is read, and what it may leave out of an output."""

from __future__ import annotations

import pytest

from tests.docs.pages import agrees, blocks, renewed, spans

PAGE = """Text with `litdb why IMSE PESQ`.

<!-- not run: GPU -->
```console
$ litdb model train \\
    --data DIR    # a remark
$ litdb runs
run  epoch

a    1
```

```python
print(1)
```
"""


def test_a_page_is_its_blocks_commands_and_spans() -> None:
    console, python = blocks(PAGE)
    assert (console.mark, console.value, python.language) == ("not run", "GPU", "python")
    first, second = console.commands()
    assert first.words == ["litdb", "model", "train", "--data", "DIR"]
    assert second.shown == ("run  epoch", "", "a    1")
    assert PAGE.split("\n")[second.first] == second.shown[0]
    assert spans(PAGE) == [["why", "IMSE", "PESQ"]]


@pytest.mark.parametrize(
    ("shown", "fits"),
    [
        ("a b c d", True),
        ("a ... d", True),
        ("...", True),
        ("... c d", True),
        ("a b ...", True),
        ("a ... c ...", True),
        ("a ... b ... c d", True),
        ("a b c", False),
        ("b ...", False),
        ("a ... c b ...", False),
        ("a b c ... c d", False),
    ],
)
def test_three_dots_stand_for_any_lines(shown: str, fits: bool) -> None:
    assert agrees(shown.split(), ["a", "b", "c", "d"]) is fits


def test_a_page_renewed_leaves_out_what_it_left_out() -> None:
    assert renewed(["a", "...", "z"], ["1", "2", "3"]) == ["1", "...", "3"]
    assert renewed(["a", "...", "z"], ["1", "2"]) == ["1", "2"]
    assert renewed(["a"], ["1", "2"]) == ["1", "2"]
