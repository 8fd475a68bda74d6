"""`litdb gap`, `litdb claim`, `litdb patterns`, `litdb fact` on the shipped catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb


def test_the_gap_of_the_declared_checkpoint(litdb: Litdb) -> None:
    said = litdb("gap", "--target", "PESQ=3.0,STOI=0.94", "--against", "0.4M..1.0M")
    assert said.code == 0, said.err
    assert said.out.startswith("BSRNN-FAC-MRHA3 on VoiceBank+DEMAND: checkpoint new/best-composite")
    lines = {line.split("  ")[0]: line for line in said.out.splitlines()}
    assert lines["PESQ ≥ 3"].split()[3:] == ["2.8635", "0.1365"]
    assert "dominated" in lines["IMSE"]
    assert "not dominated" in lines["MUSE"]
    assert "better in Params (M)" in lines["MUSE"]
    assert "4.63 -" in lines["MUSE"]
    assert "4.33 x" in lines["TSTNN"]
    assert "known to differ: composite scale" in said.out
    found = litdb("gap", "-t", "PESQ=3.0", "--json").json
    assert found["aims"][0]["missing"] == pytest.approx(0.1365)
    assert "no published model with 90M.. parameters" in litdb("gap", "--against", "90M..").out


def test_a_claim_that_is_refuted_with_its_counterexamples(litdb: Litdb) -> None:
    said = litdb("claim", "smallest with PESQ>=3.0 on vbd")
    assert said.code == 1
    assert said.out.startswith("False, in this catalogue on ")
    against = said.out.partition("Against it:")[2].partition("May speak against it:")[0]
    assert "Dense-TSNet  2024-09-18   PESQ 3.05, params 0.014M" in against
    assert "LiSenNet     2024-09-20   PESQ 3.07, params 0.037M" in against
    assert "what is not in the catalogue is not known" in said.out


def test_a_claim_that_holds_and_one_that_cannot_be_decided(litdb: Litdb) -> None:
    true = litdb("claim", "PrimeK-Net is the only with PESQ=3.605..3.615 and params<1.5M", "--json")
    assert (true.code, true.json["verdict"]) == (0, "true")
    undecided = litdb("claim", "Dense-TSNet is the smallest with PESQ>=3.0")
    assert undecided.code == 1
    assert undecided.out.startswith("Not decidable")
    assert "params not known" in undecided.out


def test_techniques_of_a_range(litdb: Litdb) -> None:
    said = litdb("patterns", "--params", "0.4M..1.0M", "--metric", "PESQ=3.0..")
    assert said.code == 0, said.err
    assert "counts of what sources state, not causes" in said.out
    line = next(line for line in said.out.splitlines() if line.startswith("technique  u-net"))
    assert line.count("●") == int(line.split()[2].partition("/")[0]) >= 3
    found = litdb("patterns", "--params", "0.4M..1.0M", "--metric", "PESQ=3.0..", "--json").json
    row = next(row for row in found["rows"] if row["component"] == "linear-attention")
    names = [model["name"] for model in found["models"]]
    with_it = [name for name, source in zip(names, row["sources"], strict=True) if source]
    assert with_it == ["IMSE", "MUSE"]
    assert row["count"] == 2
    table = litdb("patterns", "--params", "0.4M..0.6M", "--markdown").out.splitlines()
    width = table[0].count("|")
    assert width >= 6
    assert all(line.count("|") == width for line in table if line.startswith("|"))


def test_a_fact_is_recorded_listed_and_taken_back(litdb: Litdb) -> None:
    litdb("init", "sota.db")
    said = litdb(
        "fact", "TridentSE", "--technique", "global-attention", "--source", "arXiv:2210.12995v1, section 2"
    )
    assert said.code == 0, said.err
    (fact,) = litdb("fact", "TridentSE", "--json").json["components"]
    assert (fact["component"], fact["item"], fact["by"]) == ("global-attention", "technique", "tester")
    assert "global-attention" in litdb("history", "TridentSE").out
    number = said.out.partition("litdb undo ")[2].partition("`")[0]
    assert litdb("undo", number, "-r", "misread").code == 0
    assert litdb("fact", "TridentSE", "--json").json["components"] == []
    assert litdb("fact", "MUSE", "--technique", "deformable", "--withdraw", "-r", "not so").code == 0
    assert "deformable" not in litdb("fact", "MUSE").out
    assert litdb("db", "check").code == 0


def test_what_a_source_says_in_words_is_listed_replaced_and_withdrawn(litdb: Litdb) -> None:
    litdb("init", "sota.db")
    assert "Is the model causal?" in litdb("card", "SEMamba").out
    said = litdb("fact", "SEMamba", "--says", "seeds=one run, by mail", "--source", "mail of the authors")
    assert said.code == 0, said.err
    assert "How much do the numbers change with the seed" not in litdb("card", "SEMamba").out
    for text, source in (("both", "section 4"), ("no", "its code")):
        again = litdb("fact", "SEMamba", "--says", f"causal={text}", "--source", source)
        assert again.code == 0, again.err
    assert "Is the model causal?" not in litdb("card", "SEMamba").out
    now = {one["topic"]: one for one in litdb("fact", "SEMamba", "--json").json["descriptions"]}
    assert (now["causal"]["text"], now["causal"]["by"]) == ("no", "tester")
    assert "its code" in litdb("fact", "SEMamba").out
    assert litdb("fact", "SEMamba", "--says", "causal", "--withdraw", "-r", "misread").code == 0
    assert "Is the model causal?" in litdb("card", "SEMamba").out
    assert litdb("db", "check").code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["gap"], "say what to compare with"),
        (["gap", "--target", "PESQ"], "METRIC=VALUE"),
        (["claim", "MUSE is competitive"], "no superlative"),
        (["claim", "smallest with PESQ"], "not a condition"),
        (["claim", "NoNet is the smallest"], "no model is called"),
        (["patterns", "--params", "much"], "not a number"),
        (["patterns", "--markdown", "--json"], "exclude each other"),
        (["fact", "NoNet"], "no model is called"),
        (["fact", "MUSE", "--technique", "x", "--training", "y"], "give one of"),
        (["fact", "MUSE", "--technique", "mamba"], "needs its source"),
        (["fact", "MUSE", "--says", "causal=no"], "needs its source"),
        (["fact", "MUSE", "--says", "causal", "-s", "its code"], "causal=TEXT"),
        (["fact", "MUSE", "--says", "causl=no", "-s", "its code"], "did you mean causal?"),
        (["fact", "MUSE", "--says", "weather=good", "-s", "its code"], "use one of approach, parts"),
        (["fact", "MUSE", "--says", "causal", "--withdraw", "-r", "no"], "nothing is recorded on causal"),
        (["fact", "MUSE", "--source", "x"], "say what is stated"),
        (["fact", "MUSE", "--technique", "mamba", "--withdraw", "-r", "x"], "not recorded"),
        (["fact", "MUSE", "--technique", "deformable", "--withdraw"], "needs its reason"),
        (["fact", "MUSE", "--technique", "mamba", "-s", "x", "-r", "y"], "goes with --withdraw"),
    ],
)
def test_wrong_words_are_said_in_a_sentence(litdb: Litdb, words: list[str], said: str) -> None:
    litdb("init", "sota.db")
    found = litdb(*words)
    assert found.code == 2, found.out
    assert said in found.err


def test_the_components_are_listed(litdb: Litdb) -> None:
    assert "technique  band-split" in litdb("vocabulary", "components").out
    assert any(c["id"] == "discriminator" for c in litdb("vocabulary", "--json").json["components"])


def test_what_does_not_count_reaches_no_target_and_beats_nobody(litdb: Litdb, home: Path) -> None:
    assert litdb("init", "sota.db").code == 0
    forced = ("--force", "--reason", "to see what is said")
    words = ("add-result", "OddNet", "--run", "o/best", "--params", "0.45M", "--metric", "PESQ=4.9")
    assert litdb(*words, "--metric", "STOI=0.96", *forced).code == 0
    said = litdb("gap", "--target", "PESQ=3.0", "--model", "OddNet", "--against", "0.4M..0.46M")
    assert "does not count: PESQ lies between 0.9 and 4.65" in said.out
    assert "reached" not in said.out
    assert "taken because: to see what is said" in said.out
    assert "better in PESQ" not in said.out
    found = litdb("claim", "OddNet is the best PESQ with params<0.5M", "--json").json
    assert found["verdict"] == "not decidable"
    assert any("does not count: 4.9" in text for text in found["own"])

    words = ("add-result", "PartNet", "--run", "p/best", "--metric", "PESQ=3.4", "--files", "3")
    assert litdb(*words).code == 0
    (aim,) = litdb("gap", "--target", "PESQ=3.0", "--model", "PartNet", "--json").json["aims"]
    assert aim["missing"] is None
    assert "covers 3 of 824 files" in aim["note"]
