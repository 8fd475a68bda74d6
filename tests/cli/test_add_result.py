"""`litdb add-result`: identity, repetition, replacement, files of every layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb

REPORT = """======================================================================
SOME NETWORK - Evaluation Results
======================================================================

Date: 2026-01-02 10:00:00
Checkpoint: /somewhere/exp1/checkpoint_best.pt
Model type: best
Epoch: 12
{validation}
Test data directory: /data/voicebank-demand-16k/test
Number of test files: 824

======================================================================
TEST SET METRICS
======================================================================
PESQ: 2.5001
CSIG: 3.9000
STOI: 0.9301
======================================================================
"""
VALIDATION = "\nValidation Metrics (from training):\n  Validation loss: 0.1\n  PESQ: 2.9999\n  STOI: 0.9999\n"


def values(litdb: Litdb, model: str = "MyNet", metric: str = "PESQ") -> list[tuple[str, str, str]]:
    found = litdb("why", model, metric, "--json").json["values"]
    return [(v["metric"], v["printed"], v["origin"]) for v in found]


@pytest.mark.parametrize("validation", ["", VALIDATION])
def test_a_report_gives_test_results_with_unit_composites(litdb: Litdb, validation: str) -> None:
    Path("r.txt").write_text(REPORT.format(validation=validation))
    assert litdb("add-result", "MyNet", "--from", "r.txt").out.startswith("3 new")
    assert values(litdb) == [("PESQ", "2.5001", "measured")]
    assert values(litdb, metric="CSIG") == [("CSIG@unit", "3.9000", "measured")]
    assert litdb("add-result", "MyNet", "--from", "r.txt").out.startswith(
        "0 new, 0 replaced, 3 already there"
    )


def test_other_numbers_are_refused_with_both_shown_unless_replaced(litdb: Litdb) -> None:
    litdb("add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=2.9")
    said = litdb("add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=3.0")
    assert said.code == 1
    assert "2.9" in said.err
    assert "3.0" in said.err
    assert values(litdb) == [("PESQ", "2.9", "measured")]
    assert (
        litdb(
            "add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=3.0", "--replace", "-r", "typo"
        ).code
        == 0
    )
    assert values(litdb) == [("PESQ", "3.0", "measured")]
    (entry,) = litdb("history", "MyNet", "--json").json
    assert entry["kind"] == "replace"
    assert "2.9" in entry["detail"]
    assert "3.0" in entry["detail"]


def test_the_checkpoint_hash_is_the_identity(litdb: Litdb) -> None:
    Path("a.json").write_text(
        '{"metrics": {"PESQ": 2.8, "STOI": 0.93}, "dataset": "vbd", "checkpoint_sha256": "%s"}' % ("ab" * 32)
    )
    assert litdb("add-result", "MyNet", "--from", "a.json").code == 0
    Path("b.json").write_text(
        '{"metrics": {"PESQ": 2.9}, "dataset": "vbd", "checkpoint": "elsewhere.pt", "checkpoint_sha256": "%s"}'
        % ("ab" * 32)
    )
    said = litdb("add-result", "MyNet", "--from", "b.json")
    assert said.code == 1
    assert "2.8" in said.err


def test_per_file_scores_become_means_that_say_what_they_cover(litdb: Litdb) -> None:
    lines = ["id,pesq,csig,csig_unit,stoi,error"]
    lines += [f"p232_{n:03d},{2 + n / 1000},3.5,3.6,0.9," for n in range(820)]
    lines += [f"p257_{n:03d},,,,0.9,no utterance detected" for n in range(4)]
    Path("scores.csv").write_text("\n".join(lines))
    said = litdb("add-result", "MyNet", "--run", "r/best", "--dataset", "vbd", "--from", "scores.csv")
    assert said.code == 0, said.err
    shown = litdb("why", "MyNet", "PESQ", "--json").json["shown"][0]["value"]
    assert shown["value"] == pytest.approx(2 + 819 / 2000)
    assert (shown["protocol"]["files"]["value"], shown["protocol"]["files_expected"]["value"]) == (
        "820",
        "824",
    )
    row = next(
        r
        for r in litdb("models", "--metrics", "PESQ,STOI,CSIG@unit", "--json").json["rows"]
        if r["name"] == "MyNet"
    )
    pesq, stoi, _unit = row["cells"]
    assert pesq["refused"]
    assert "820 of 824" in " ".join(pesq["notes"])
    assert not stoi["refused"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v.csv", "metric,value\nPESQ,2.91\nSegSNR,8.1\n"),
        ("v.tsv", "PESQ\tSSNR\n2.91\t8.1\n"),
        ("v.json", '{"PESQ": 2.91, "SSNR": 8.1}'),
    ],
)
def test_small_files(litdb: Litdb, name: str, text: str) -> None:
    Path(name).write_text(text)
    assert litdb("add-result", "MyNet", "--run", "r/best", "--dataset", "vbd", "--from", name).code == 0
    assert values(litdb) == [("PESQ", "2.91", "measured")]
    assert values(litdb, metric="SSNR") == [("SSNR", "8.1", "measured")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "id,pesq\na,1\na,2\n",
        "name,colour\na,1\n",
        "id,pesq\na,good\n",
        "====\nno metrics here\n",
        "[1, 2]",
    ],
)
def test_bad_files_are_one_sentence_and_change_nothing(litdb: Litdb, text: str) -> None:
    Path("bad.txt").write_text(text)
    said = litdb("add-result", "MyNet", "--run", "r", "--dataset", "vbd", "--from", "bad.txt")
    assert said.code in (1, 2)
    assert "Traceback" not in said.err
    assert litdb("why", "MyNet", "PESQ").code == 2


def test_without_a_source_it_is_a_claim(litdb: Litdb) -> None:
    litdb("add-result", "SomeNet", "--metric", "PESQ=3.3", "--params", "0.5M")
    assert values(litdb, "SomeNet") == [("PESQ", "3.3", "claim")]
    assert "SomeNet" not in litdb("models").out
    assert "SomeNet" in litdb("models", "--claims").out


def test_a_value_read_by_hand_names_its_paper(litdb: Litdb) -> None:
    words = [
        "add-result",
        "OtherNet",
        "--paper",
        "2405.06573v2",
        "--table",
        "3",
        "--row",
        "5",
        "--origin",
        "quoted",
        "--metric",
        "PESQ=3.01",
    ]
    assert litdb(*words).code == 0
    value = litdb("why", "OtherNet", "PESQ", "--json").json["values"][0]
    assert (value["origin"], value["source"]) == ("quoted", "arXiv:2405.06573v2, table 3")
    assert litdb(*words).out.startswith("0 new")


def test_an_impossible_value_is_refused_unless_forced_with_a_reason(litdb: Litdb) -> None:
    words = ("add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=4.9", "--metric", "STOI=0.9")
    said = litdb(*words)
    assert said.code == 1
    assert "PESQ cannot be 4.9: it lies between 0.9 and 4.65 (--force" in said.err
    assert litdb(*words, "--force").code == 2
    assert litdb("show", "MyNet").code == 2
    assert litdb(*words, "--force", "--reason", "a test of the audit").code == 0
    value = litdb("why", "MyNet", "PESQ", "--json").json["values"][0]
    assert "out of range" in value["flags"]
    assert "a test of the audit" in value["remark"]
    table = litdb("table", "--models", "MyNet,IMSE", "--metrics", "PESQ", "--format", "json").json
    cell = table["rows"][0]["cells"][0]
    assert (cell["refused"], cell["rank"]) == (True, None)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (("--params", "0.46"), "0.46 params is too few: write 0.46M"),
        (("--params", "459867.5"), "no whole number"),
        (("--params", "2,864M"), "may be 2.864M or 2864M"),
        (("--metric", "MACs=4.2"), "write 4.2M"),
        (("--metric", "STOI=1.2"), "STOI cannot be 1.2"),
        (("--metric", "SSNR=1.7976931348623157e308"), "SSNR cannot be"),
        (("--metric", "PESQ=" + "9" * 400), "is not a number"),
        (("--metric", "PESQ=1e400"), "is not a number"),
        (("--metric", "PESQ=2.91", "--metric", "pesq=3.95"), "PESQ is given twice, as 2.91 and as 3.95"),
        (("--metric", "params=0.46M", "--params", "0.47M"), "params is given twice"),
        (("--metric", "PESQ=2.9", "--files", "900"), "824 files, not 900"),
    ],
)
def test_the_door_names_what_is_wrong_and_stores_nothing(
    litdb: Litdb, typed: tuple[str, ...], hint: str
) -> None:
    said = litdb("add-result", "MyNet", "--run", "r/best", *typed)
    assert said.code in (1, 2)
    assert hint in said.err
    assert litdb("show", "MyNet").code == 2


def test_a_correction_passes_the_same_door(litdb: Litdb) -> None:
    litdb("add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=2.9")
    key = litdb("why", "MyNet", "PESQ", "--json").json["values"][0]["key"]
    assert litdb("correct", key[:12], "--value", "29", "--reason", "slip").code == 1
    assert litdb("correct", key[:12], "--value", "2,85", "--reason", "read again").code == 0
    assert litdb("why", "MyNet", "PESQ", "--json").json["values"][0]["value"] == 2.85


def test_a_leading_zero_is_no_group_of_thousands(litdb: Litdb) -> None:
    litdb("add-result", "MyNet", "--run", "r/best", "--params", "0,460M", "--metric", "PESQ=2,864")
    shown = {value["metric"]: value["value"] for value in litdb("show", "MyNet", "--json").json["values"]}
    assert shown == {"params": 460_000, "PESQ": 2.864}


def test_a_published_model_is_not_somebodys_run(litdb: Litdb) -> None:
    said = litdb("add-result", "IMSE", "--run", "r", "--metric", "PESQ=3.5")
    assert said.code == 2
    assert "published model" in said.err


@pytest.mark.parametrize("second", ["t/best", "t/last"])
def test_parts_of_one_run_given_in_two_calls_are_one_run(litdb: Litdb, second: str) -> None:
    litdb("add-result", "Twostep", "--run", "t/best", "--metric", "PESQ=2.9", "--selected-on", "validation")
    litdb("add-result", "Twostep", "--run", second, "--params", "0.4M")
    (row,) = litdb("table", "--models", "Twostep", "--metrics", "params,PESQ", "--format", "json").json[
        "rows"
    ]
    assert [cell["value"] for cell in row["cells"]] == [400_000, 2.9]
    listed = litdb("models", "--params", "0.3M..0.5M", "--json").json["rows"]
    assert "Twostep" in [row["name"] for row in listed]
    shown = litdb("why", "Twostep", "params", "--json").json["shown"]
    assert [one["value"]["value"] for one in shown] == [400_000]


def test_scores_of_another_checkpoint_of_a_run_complete_no_row(litdb: Litdb) -> None:
    litdb("add-result", "Twostep", "--run", "t/best", "--metric", "PESQ=2.9", "--selected-on", "validation")
    litdb("add-result", "Twostep", "--run", "t/last", "--metric", "STOI=0.94")
    (row,) = litdb("table", "--models", "Twostep", "--metrics", "PESQ,STOI", "--format", "json").json["rows"]
    assert [cell["value"] for cell in row["cells"]] == [2.9, None]


def test_add_result_says_what_it_recorded_and_refuses_an_empty_run(litdb: Litdb) -> None:
    said = litdb("add-result", "MyNet", "--run", "", "--metric", "PESQ=2.9")
    assert (said.code, "--run is empty" in said.err) == (2, True)
    assert (
        "measured on run r/best"
        in litdb("add-result", "MyNet", "--run", "r/best", "--metric", "PESQ=2.9").out
    )
    assert "a claim" in litdb("add-result", "Other", "--metric", "PESQ=2.9").out
    by_hand = ("--paper", "2405.06573v2", "--table", "3", "--row", "5")
    assert (
        "read by hand in 2405.06573v2, table 3"
        in litdb("add-result", "IMSE", *by_hand, "--metric", "PESQ=3.1").out
    )
