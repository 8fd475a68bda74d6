"""`litdb review` from a pipe: every key, what is stored, what is left, and decisions whose cell changed."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from litdb.catalogue.database.session import Store
from tests.catalogue import scenes
from tests.cli.conftest import Litdb, Said

PAPER = """# FooNet: a network

Table 1: PESQ on VoiceBank+DEMAND

| Model | -5 dB | 0 dB |
|---|---|---|
| Noisy | 1.20 | 1.50 |
| Bar [1] | 2.01 | 2.31 |
| FooNet (Ours) | 2.11 | 2.51 |

## More

Table 2: STOI on VoiceBank+DEMAND

| Model | -5 dB | 0 dB |
|---|---|---|
| FooNet (Ours) | 0.91 | 0.92 |
"""

Type = Callable[..., Said]


@pytest.fixture
def typed(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> Type:
    """Call `litdb review` with lines typed into it."""

    def call(*lines: str, options: tuple[str, ...] = ()) -> Said:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
        return litdb("review", *options)

    return call


@pytest.fixture
def waiting(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with eight proposed readings in two tables."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    Path("paper.md").write_text(PAPER, encoding="utf-8")
    said = litdb("ingest", "paper.md", "--arxiv", "2501.00001v1")
    assert "8 proposed" in said.out


def left(litdb: Litdb, *options: str) -> int:
    return int(litdb("review", "--json", *options).json["left"])


def statuses(litdb: Litdb, model: str) -> list[tuple[str, str]]:
    values = [v for metric in ("PESQ", "STOI") for v in litdb("why", model, metric, "--json").json["values"]]
    return sorted((v["printed"], v["status"]) for v in values)


@pytest.mark.usefixtures("waiting")
def test_the_table_is_shown_as_it_stood_with_its_readings_numbered(typed: Type) -> None:
    said = typed("q")
    assert said.code == 0
    assert "8 readings in 2 tables left" in said.out
    assert "3  Bar            2.01 [3]  2.31 [4]" in said.out
    assert "[5] FooNet: PESQ [SNR -5 dB] on vbd = 2.11  (self, " in said.out
    assert "  all: the metric is named only in the caption" in said.out


@pytest.mark.usefixtures("waiting")
def test_a_table_a_row_a_cell(typed: Type, litdb: Litdb) -> None:
    said = typed("a 1 # looked it up", "r row 3", "a", "a", "u")
    assert said.code == 0, said.err
    assert "accepted 1; 7 readings in 2 tables left" in said.out
    assert "rejected 2; 5 readings in 2 tables left" in said.out
    assert "taken back; 2 readings in 1 table left" in said.out
    assert statuses(litdb, "Bar") == [("2.01", "rejected"), ("2.31", "rejected")]
    assert statuses(litdb, "FooNet") == [
        ("0.91", "proposed"), ("0.92", "proposed"), ("2.11", "accepted"), ("2.51", "accepted"),
    ]  # fmt: skip
    reasons = [entry["reason"] for entry in litdb("history", "--json").json]
    assert reasons[:4] == ["looked it up", "reviewed by row", "reviewed by row", "reviewed with its table"]


@pytest.mark.usefixtures("waiting")
def test_a_correction_and_a_second_session(typed: Type, litdb: Litdb) -> None:
    said = typed(
        "c 6 2.15", "c 5 metric=CSIG", 'c 4 model="NoSuch"', "q", options=("--reason", "from the PDF")
    )
    assert "corrected 1; 7 readings" in said.out
    assert "NoSuch" in said.err
    assert ("2.15", "accepted") in statuses(litdb, "FooNet")
    assert left(litdb) == 6
    assert {e["reason"] for e in litdb("history", "--json").json} == {"from the PDF"}
    # Another session goes on with what is left.
    assert "6 readings in 2 tables left" in typed("q").out


@pytest.mark.usefixtures("waiting")
def test_several_readings_are_corrected_at_once(typed: Type, litdb: Litdb) -> None:
    typed("a", "a")
    for uid in [e["uid"] for e in litdb("history", "--json").json]:
        litdb("undo", uid)
    said = typed("c 3-4 1.5", "c row 3 model=FooNet # the same model", "c row", "c row 9 model=FooNet", "q")
    assert "corrected 2; 6 readings" in said.out
    assert len(said.err.splitlines()) == 3
    assert ("2.01", "accepted") in statuses(litdb, "FooNet")
    assert ("2.31", "accepted") in statuses(litdb, "FooNet")


@pytest.mark.usefixtures("waiting")
def test_undo_goes_back_over_tables(typed: Type, litdb: Litdb) -> None:
    said = typed("a", "a 1", "u", "u", "u", "q")
    assert "nothing was done yet" in said.err
    assert left(litdb) == 8
    assert said.out.rstrip().endswith("8 readings in 2 tables left")
    assert said.out.count("table 1") == 2  # shown again after the second undo


@pytest.mark.usefixtures("waiting")
def test_wrong_lines_are_answered_and_change_nothing(typed: Type, litdb: Litdb) -> None:
    lines = ("x", "a 99", "a row 9", "a 0", "c 3", "c 3 size=4", "w", "a 'b", "k", "skip 3", "a 5-2", "")
    said = typed(*lines, "w 3", "h", "s", "s")
    assert said.code == 1  # a script learns that its orders were not carried out
    assert len(said.err.splitlines()) == len(lines) - 1  # an empty line asks for help
    assert said.out.count("accept all marked readings") == 2
    assert "metric PESQ from header" in said.out
    assert left(litdb) == 8


@pytest.mark.usefixtures("waiting")
def test_only_and_paper(typed: Type, litdb: Litdb) -> None:
    assert left(litdb, "--only", "self") == 4
    assert left(litdb, "--only", "quoted") == 4
    assert left(litdb, "--paper", "2501.00001") == 8
    assert litdb("review", "--only", "mine").code == 2
    assert litdb("review", "--paper", "2501.99999").code == 2
    assert "4 readings in 2 tables left" in typed("q", options=("--only", "self")).out
    typed("a", "a", options=("--only", "self"))
    assert left(litdb) == 4


@pytest.mark.usefixtures("waiting")
def test_an_interruption_loses_nothing(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def __init__(self) -> None:
            self.lines = ["a 1-4\n"]

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            if not self.lines:
                raise KeyboardInterrupt
            return self.lines.pop()

    monkeypatch.setattr(sys, "stdin", Interrupted())
    said = litdb("review")
    assert said.code == 130
    assert "stopped; what was decided is stored, 4 readings in 2 tables left" in said.out
    assert left(litdb) == 4


@pytest.mark.usefixtures("waiting")
def test_nothing_waits(typed: Type, litdb: Litdb) -> None:
    typed("a", "a")
    said = typed("a")
    assert (said.code, said.out.strip()) == (
        0,
        "nothing waits for review; `litdb fetch` and `litdb ingest` bring new readings",
    )


@pytest.mark.usefixtures("waiting")
def test_decisions_survive_reading_again(typed: Type, litdb: Litdb) -> None:
    typed("r row 3", "c row 4 metric=PESQ-NB", "a", "q")
    before = statuses(litdb, "Bar"), statuses(litdb, "FooNet")
    assert left(litdb) == 2
    assert "0 readings new, 0 gone, 0 changed" in litdb("reextract").out
    assert (statuses(litdb, "Bar"), statuses(litdb, "FooNet")) == before
    assert left(litdb) == 2
    assert not [state for state in changed_cells(litdb) if state != "in force"]


def changed_cells(litdb: Litdb) -> list[str]:
    return [entry["state"] for entry in litdb("history", "--json").json]


def test_decisions_whose_cell_changed_or_is_gone(
    typed: Type, litdb: Litdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    litdb("init", "mine.db", "--empty")
    monkeypatch.setenv("LITDB_DB", "mine.db")
    lines = [("FooNet", "3.41", True), ("Bar", "3.11", False), ("Baz", "2.91", False)]
    store = Store("mine.db")
    with store.write() as session:
        scenes.put(session, "2501.00001", scenes.doubtful(scenes.extraction(lines)))
    typed("a 1 # checked", "r 2 # wrong", "c 3 2.95 # misread")
    with store.write() as session:  # another reader: two cells read otherwise, one no longer read
        seen = [("FooNet", "3.14", True), ("Bar", "3.12", False)]
        scenes.put(session, "2501.00001", scenes.doubtful(scenes.extraction(seen)))
    store.close()
    queue = litdb("review", "--json").json
    assert [(d["printed"], d["now"]) for d in queue["decisions"]] == [
        ("3.41", "3.14"),
        ("3.11", "3.12"),
        ("2.91", ""),
    ]
    assert "3 decisions and 2 readings in 1 table left" in typed("q").out
    said = typed("a", "k", "d", "k", "d", "q")
    assert "this is a decision whose cell changed" in said.err
    assert "no longer read" in said.err
    assert "made again; 2 decisions" in said.out
    assert statuses(litdb, "FooNet") == [("3.14", "accepted")]
    assert statuses(litdb, "Bar") == [("3.12", "proposed")]
    assert litdb("review", "--json").json["decisions"] == []
    assert not [state for state in changed_cells(litdb) if state.startswith("needs review")]


def test_text_of_papers_cannot_command_the_terminal(
    typed: Type, litdb: Litdb, monkeypatch: pytest.MonkeyPatch
) -> None:
    litdb("init", "mine.db", "--empty")
    monkeypatch.setenv("LITDB_DB", "mine.db")
    store = Store("mine.db")
    with store.write() as session:
        seen = scenes.doubtful(scenes.extraction([("Foo\x1b[31mNet\u202e", "3.41", True)]))
        scenes.put(session, "2501.00001", seen, title="A\x1b]0;title\x07 paper")
    store.close()
    said = typed("w 1", "q")
    assert "\x1b" not in said.out
    assert "\u202e" not in said.out
    assert "FooNet" in said.out


OTHERWISE = """# Study of losses

Table 1: Results on VoiceBank+DEMAND

| Loss | Backbone | PESQ | STOI |
|---|---|---|---|
| L1 | Conformer | 2.50 | 0.93 |
| L2 | Conformer | 2.55 | 0.94 |
| SI-SDR loss | Mamba | 2.61 | 0.94 |
| GAN | Mamba | 2.91 | 0.95 |
"""


@pytest.fixture
def otherwise(litdb: Litdb, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue with one table whose reasons offer another interpretation."""
    assert litdb("init", "mine.db", "--empty").code == 0
    monkeypatch.setenv("LITDB_DB", "mine.db")
    Path("paper.md").write_text(OTHERWISE, encoding="utf-8")
    assert "8 proposed" in litdb("ingest", "paper.md", "--arxiv", "2501.00002v1").out


@pytest.mark.usefixtures("otherwise")
def test_one_key_takes_the_other_interpretation_for_the_whole_table(typed: Type, litdb: Litdb) -> None:
    before = [(r["label"], r["printed"]) for r in litdb("review", "--json").json["tables"][0]["readings"]]
    assert before[0] == ("[backbone=Conformer]", "2.50")
    said = typed("o # Backbone is what is compared", "q")
    assert "read so: 'Backbone' is the model" in said.out
    values = litdb("why", "Mamba [Loss=GAN]", "PESQ", "--json").json["values"]
    assert {v["printed"] for v in values} == {"2.91"}
    assert all("somebody chose this interpretation: 'Backbone' is the model" in v["reasons"] for v in values)
    entry = litdb("history", "--json").json[-1]
    assert (entry["kind"], entry["reason"], entry["state"]) == (
        "read as",
        "Backbone is what is compared",
        "in force",
    )
    assert "1 document of 1 paper read again: 0 readings new, 0 gone, 0 changed" in litdb("reextract").out
    assert litdb("undo", entry["uid"], "--reason", "it was the loss").code == 0
    after = [(r["label"], r["printed"]) for r in litdb("review", "--json").json["tables"][0]["readings"]]
    assert after == before
    undoing = litdb("history", "--json").json[-1]
    assert litdb("undo", undoing["uid"], "--reason", "the backbone after all").code == 0
    assert litdb("why", "Mamba [Loss=GAN]", "PESQ", "--json").json["values"] == values
    assert litdb("db", "check").code == 0


@pytest.mark.usefixtures("otherwise")
def test_the_last_step_back_reads_the_table_as_before(typed: Type, litdb: Litdb) -> None:
    before = litdb("review", "--json").json["tables"]
    said = typed("o", "u", "q")
    assert "taken back; 8 readings in 1 table left" in said.out
    assert litdb("review", "--json").json["tables"] == before


@pytest.mark.usefixtures("otherwise")
def test_a_table_whose_document_is_lost_stays_as_it_was(
    typed: Type, litdb: Litdb, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = litdb("review", "--json").json["tables"]
    monkeypatch.setenv("LITDB_HOME", str(tmp_path / "elsewhere"))
    said = typed("o", "q")
    assert "is not in the cache; nothing was changed" in said.err
    assert litdb("review", "--json").json["tables"] == before
    assert litdb("history", "--json").json[0]["state"] == "undone"


@pytest.mark.usefixtures("waiting")
def test_a_table_without_another_interpretation_says_so(typed: Type) -> None:
    said = typed("o", "q")
    assert "no other interpretation of this table is likely" in said.err
