"""Every command: help, exit codes, one-sentence errors, JSON, start-up."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from litdb.catalogue.database.places import shipped_path
from litdb.cli._root import COMMANDS, root
from tests.cli.conftest import Litdb


def commands() -> Iterator[tuple[str, Any]]:
    """All commands of litdb itself with their full names, groups walked."""
    group = root()
    context = typer.Context(group)
    for name in COMMANDS:
        command = group.get_command(context, name)
        if hasattr(command, "commands"):
            for inner, sub in command.commands.items():
                yield f"{name} {inner}", sub
        else:
            yield name, command


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_has_help_with_an_example(litdb: Litdb, name: str) -> None:
    said = litdb(*name.split(), "--help")
    assert said.code == 0
    assert "Example: litdb " + name in said.out


def test_the_overview_says_what_the_commands_say() -> None:
    for name, command in commands():
        if name in COMMANDS:
            assert command.help.splitlines()[0] == COMMANDS[name][1], name


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("models --metric QESP=1..2", "unknown metric"),
        ("models --params 1M..0.4M", "lower end comes first"),
        ("models --params ..", "range without an end"),
        ("models --params much", "is not a number"),
        ("models --metric PESQ", "METRIC=RANGE"),
        ("models --dataset nowhere", "unknown test set"),
        ("models --origin rumour", "unknown origin"),
        ("models --new yesterday", "YYYY-MM-DD"),
        ("models --nonsense", "No such option"),
        ("table --format word", "unknown format"),
        ("table --models NoSuchNet", "no model is called"),
        ("why MP-SENet PESQ", "MP-SENet-2023"),
        ("why IMSE nonsense", "unknown metric"),
        ("show NoSuchNet", "no model is called"),
        ("history NoSuchNet", "no model, paper or result"),
        ("plot --out figure.bmp", ".bmp"),
        ("fetch", "give ids"),
        ("fetch not-an-id", "not-an-id"),
        ("fetch --since 2024-01-01", "--query"),
        ("accept zzzz --reason r", "does not name a result"),
        ("accept 0000 --reason r", "no result has a key"),
        ("alias X NoSuchNet", "no model is called"),
        ("undo 0000", "no decision"),
        ("add-result MyNet", "no value is given"),
        ("add-result MyNet --metric PESQ", "METRIC=VALUE"),
        ("add-result MyNet --metric PESQ=2.8 --table 2", "--paper"),
        ("vocabulary words", "metrics, datasets or components"),
        ("nosuchcommand", "nosuchcommand"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(litdb: Litdb, words: str, hint: str) -> None:
    said = litdb(*words.split())
    assert said.code == 2, said
    assert hint in said.err
    assert said.err.startswith("Error: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("models --db missing.db", "there is no catalogue"),
        ("models --db notes.txt", "is no catalogue to work with"),
        ("ingest missing.tex", "cannot be read"),
        ("extract missing.tex", "cannot be read"),
        ("extract .", "is a folder"),
        ("add-result MyNet --from missing.json", "cannot be read"),
        ("add-result MyNet --run r --metric PESQ=good", "is not a number"),
        ("db load missing.jsonl new.db", "cannot be read"),
        ("table --out nowhere/table.md", "cannot be written"),
    ],
)
def test_failed_work_is_one_sentence(litdb: Litdb, words: str, hint: str) -> None:
    Path("notes.txt").write_text("just text\n" * 200)
    said = litdb(*words.split())
    assert said.code in (1, 2), said
    assert hint in said.err
    assert "Traceback" not in said.err
    assert not Path("new.db").exists()


def test_a_database_of_another_schema_is_refused(litdb: Litdb) -> None:
    litdb("init", "mine.db")
    connection = sqlite3.connect("mine.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    said = litdb("models", "--db", "mine.db")
    assert said.code == 1
    assert "schema 9999" in said.err


def test_the_shipped_file_is_never_written(litdb: Litdb) -> None:
    before = shipped_path().read_bytes()
    said = litdb("alias", "X", "IMSE", "--db", str(shipped_path()))
    assert said.code == 1
    assert "litdb init" in said.err
    assert shipped_path().read_bytes() == before


def test_the_first_write_makes_the_users_copy(litdb: Litdb, home: Path) -> None:
    copy = home.parent / "home" / "catalogue.db"
    assert litdb("models").code == 0
    assert not copy.exists()
    assert litdb("add-result", "MyNet", "--run", "r1/best", "--metric", "PESQ=2.91").code == 0
    assert copy.exists()
    assert "MyNet" in litdb("models").out


def test_a_local_catalogue_is_used_only_when_it_is_a_working_one(litdb: Litdb) -> None:
    Path("sota.db").write_bytes(shipped_path().read_bytes())
    litdb("add-result", "MyNet", "--run", "r1/best", "--metric", "PESQ=2.91")
    assert Path("sota.db").read_bytes() == shipped_path().read_bytes()
    Path("sota.db").unlink()
    litdb("init", "sota.db")
    assert "MyNet" not in litdb("models").out


JSON = [
    "models --json", "table --format json", "why IMSE PESQ --json", "show IMSE --json", "show 2511.14515 --json",
    "history --json", "vocabulary --json", "db check --json", "plot --out p.svg --json",
]  # fmt: skip


@pytest.mark.parametrize("words", JSON)
def test_json_is_json(litdb: Litdb, words: str) -> None:
    said = litdb(*words.split())
    assert said.code == 0, said.err
    json.loads(said.out)


def _imports(*words: str) -> set[str]:
    code = (
        "import sys; from litdb.cli._root import run; code = run(sys.argv[1:]); "
        "print('\\n' + ' '.join(m.split('.')[0] for m in sys.modules)); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


HEAVY = {"torch", "pandas", "matplotlib", "scipy", "sklearn"}


def test_help_and_plain_queries_start_light() -> None:
    for words in (["--help"], ["models", "--help"], ["db", "merge", "--help"]):
        assert not _imports(*words) & (HEAVY | {"sqlalchemy", "rich"}), words
    for words in (["models"], ["table"], ["why", "IMSE", "PESQ"], ["table", "-f", "latex"]):
        assert not _imports(*words) & (HEAVY | {"alembic", "arxiv", "requests", "lxml"}), words


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m litdb vocabulary | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in done.stderr


def test_hostile_names_do_not_reach_the_terminal(litdb: Litdb) -> None:
    litdb("add-result", "Evil\x1b[31mNet\u202e", "--run", "r/x", "--metric", "PESQ=2.9")
    for words in (["models"], ["show", "EvilNet"], ["why", "EvilNet", "PESQ"], ["history"]):
        out = litdb(*words).out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_decisions_act_and_are_undone(litdb: Litdb) -> None:
    key = litdb("why", "IMSE", "PESQ", "--json").json["shown"][0]["value"]["key"]
    said = litdb("correct", key[:8], "--value", "3.40", "--reason", "for the test")
    assert said.code == 0, said.err
    assert litdb("why", "IMSE", "PESQ", "--json").json["shown"][0]["value"]["value"] == 3.4
    decision = litdb("history", "IMSE", "--json").json[0]
    assert (decision["kind"], decision["who"]) == ("correct", "tester")
    assert litdb("undo", decision["uid"][:8]).code == 0
    assert litdb("why", "IMSE", "PESQ", "--json").json["shown"][0]["value"]["value"] == 3.399
    assert [e["state"] for e in litdb("history", "IMSE", "--json").json] == ["undone", "in force"]
    assert litdb("undo", decision["uid"][:8]).code == 2


def test_models_are_unified_and_parted_again(litdb: Litdb) -> None:
    before = litdb("models", "--json").json["rows"]
    assert litdb("unify", "UL-UNAS‡", "UL-UNAS†", "--reason", "for the test").code == 0
    assert len(litdb("models", "--json").json["rows"]) == len(before) - 1
    uid = litdb("history", "UL-UNAS‡", "--json").json[0]["uid"]
    assert litdb("undo", uid[:8]).code == 0
    assert litdb("models", "--json").json["rows"] == before


def test_an_alias_moves_a_quoted_row_and_back(litdb: Litdb) -> None:
    Path("t.md").write_text(
        "| Model | PESQ |\n|---|---|\n| Imsel | 3.2 |\n| MUSE | 3.37 |\n\nResults on VoiceBank+DEMAND.\n"
    )
    Path("t.md").write_text(
        "# VoiceBank+DEMAND\n\n| Model | PESQ | STOI |\n|---|---|---|\n| Imsel | 3.2 | 0.94 |\n| MUSE | 3.37 | 0.95 |\n"
    )
    assert litdb("ingest", "t.md").code == 0
    assert litdb("alias", "Imsel", "IMSE", "--reason", "for the test").code == 0
    assert "Imsel" in {v["label"] for v in litdb("why", "IMSE", "PESQ", "--json").json["values"]}
    uid = litdb("history", "IMSE", "--json").json[0]["uid"]
    assert litdb("undo", uid[:8]).code == 0
    assert "Imsel" not in {v["label"] for v in litdb("why", "IMSE", "PESQ", "--json").json["values"]}
    assert litdb("db", "check").code == 0


def test_a_name_of_two_systems_waits_for_a_decision_and_stays_so(litdb: Litdb) -> None:
    Path("t.md").write_text(
        "# VoiceBank+DEMAND\n\n| Model | PESQ | STOI |\n|---|---|---|\n| MP-SENet | 3.567 | 0.94 |\n| MUSE | 3.37 | 0.95 |\n"
    )
    assert litdb("ingest", "t.md").code == 0
    assert litdb("db", "check").code == 0
    values = [
        v
        for k in ("MP-SENet-2023", "MP-SENet-long")
        for v in litdb("why", k, "PESQ", "--json").json["values"]
    ]
    assert "3.567" not in {v["printed"] for v in values}
    assert "3.567" not in litdb("models").out
    assert "3.567" in litdb("models", "--proposed").out


def test_words_that_are_not_known_bring_near_ones(litdb: Litdb) -> None:
    for words, hint in (
        (("tabel",), "did you mean table"),
        (("models", "--dataset", "vdb"), "did you mean vbd"),
        (("models", "--metrics", "PSEQ"), "did you mean PESQ"),
        (("models", "--params", "0.4..1.0"), "write 0.4M"),
    ):
        said = litdb(*words)
        assert (said.code, said.out) == (2, "")
        assert hint in said.err


def test_an_empty_answer_says_which_condition_excluded_most(litdb: Litdb) -> None:
    said = litdb("models", "--metric", "PESQ>=4.5", "--params", "<1M", "--json")
    assert said.json["rows"] == []
    assert "PESQ>=4.5 excludes most" in said.json["notes"][0]
    assert "no model meets these conditions" in said.err


def test_comparisons_and_percent_find_what_ranges_find(litdb: Litdb) -> None:
    ranged = litdb("models", "--metric", "STOI=0.94..0.96", "--json").json["rows"]
    assert ranged
    assert litdb("models", "--metric", "STOI=94..96", "--json").json["rows"] == ranged
    assert (
        litdb("models", "--metric", "STOI>=94", "--json").json["rows"]
        == litdb("models", "--metric", "STOI=0.94..", "--json").json["rows"]
    )


def test_unify_says_which_name_stays_and_refuses_what_surprises(litdb: Litdb) -> None:
    assert litdb("init", "mine.db").code == 0
    said = litdb("unify", "UL-UNAS‡", "UL-UNAS†", "--db", "mine.db")
    assert (said.code, said.out.splitlines()[0]) == (0, "UL-UNAS† is UL-UNAS‡ from now on")
    assert litdb("add-result", "MyNet", "--run", "r/1", "--metric", "PESQ=2.9", "--db", "mine.db").code == 0
    turned = litdb("unify", "MUSE", "MyNet", "--db", "mine.db")
    assert (turned.code, "write 'MyNet' first" in turned.err) == (2, True)
    assert litdb("unify", "MUSE", "Noisy", "--db", "mine.db").code == 2
    assert litdb("unify", "MyNet", "MUSE", "--db", "mine.db").code == 0
