"""The options of a question are made from its words, the same in every command that has them."""

from __future__ import annotations

from pathlib import Path
from typing import get_type_hints

import typer

from litdb.api import Words
from litdb.cli import options, query, state
from litdb.cli.drawn import plot
from tests.cli.conftest import Litdb


def given(app: typer.Typer, command: str) -> dict[str, tuple[tuple[str, ...], str, object]]:
    """Each option of a command by its parameter: names, help, default."""
    made = typer.main.get_group(app).commands[command]
    return {
        p.name: (tuple(p.opts), str(getattr(p, "help", "")), p.default)
        for p in made.params
        if p.name is not None
    }


def test_every_word_is_an_option_of_table_with_the_words_own_help() -> None:
    hints = get_type_hints(Words, include_extras=True)
    table = given(query.app, "table")
    del hints["dataset"]  # of Python and of the commands with one test set; `table` has `datasets`
    assert hints.keys() <= table.keys()
    for word, hint in hints.items():
        assert table[word][1] == hint.__metadata__[0], word


def test_an_option_is_the_same_in_every_command() -> None:
    shared = options.OPTIONS.keys() | {"params", "metrics"}
    table = given(query.app, "table")
    for app, command in ((query.app, "models"), (plot.app, "plot"), (state.app, "patterns")):
        for word, option in given(app, command).items():
            if word in shared - {"dataset"}:
                assert option == table[word], (command, word)


def test_params_is_short_for_a_condition(litdb: Litdb) -> None:
    short = litdb("models", "--params", "0.4M..1.0M", "--metric", "PESQ=2.8..3.4", "--json")
    long = litdb("models", "--metric", "params=0.4M..1.0M", "--where", "PESQ=2.8..3.4", "--json")
    assert short.code == 0
    assert short.out == long.out
    assert len(short.json["rows"]) == 7


def test_names_are_read_from_a_file_and_keep_their_order(litdb: Litdb) -> None:
    Path("names.txt").write_text("# the two\nTSTNN\nIMSE\n", encoding="utf-8")
    rows = litdb("table", "--models", "@names.txt", "-f", "json").json["rows"]
    assert [row["name"] for row in rows] == ["TSTNN", "IMSE"]
