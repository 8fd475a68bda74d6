"""`litdb add-result`: identity, repetition, replacement, files of every layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Litdb
from tests.support.runs import write_run

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
    assert any("taken because: a test of the audit" in flag for flag in value["flags"])
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


# --- scores by file of other tools ------------------------------------------------------------------------

VERSA = """{"key": "p232_001", "pesq": 2.5, "stoi": 0.94, "si_snr": 18.0, "pysepm_c_sig": 3.5, "se_si_snr": 12.0}
{"key": "p232_002", "pesq": 0.0, "stoi": 0.90, "si_snr": 10.0, "pysepm_c_sig": 3.0, "se_si_snr": 8.0}
"""
SPEECHSCORE = """{'Mean_Score': {'PESQ': 2.0, 'SSNR': 3.0},
 'p232_001.wav': {'DNSMOS': {'BAK': 3.5, 'OVRL': 3.0, 'P808_MOS': 3.25, 'SIG': 3.4},
                  'NB_PESQ': 2.75, 'PESQ': 2.25, 'SISDR': 12.0, 'SSNR': -0.5},
 'p232_002.wav': {'DNSMOS': {'BAK': 3.0, 'OVRL': 2.5, 'P808_MOS': 3.0, 'SIG': 3.0},
                  'NB_PESQ': 2.25, 'PESQ': 1.75, 'SISDR': 8.0, 'SSNR': 6.5}}
"""
DNSMOS = """id,DNSMOS-SIG,DNSMOS-BAK,DNSMOS-OVRL,DNSMOS-P808,error
a,3.400000,3.900000,3.000000,3.500000,
b,3.200000,3.700000,2.800000,3.300000,
c,,,,,the signal is empty or all zero
"""
RUN = ("--run", "exp/best", "--dataset", "vbd", "--selected-on", "validation")


def test_versa_scores_come_in_with_what_is_different_about_them(litdb: Litdb) -> None:
    Path("versa.txt").write_text(VERSA)
    said = litdb("add-result", "MyNet", "--from", "versa.txt", *RUN)
    assert said.code == 0, said.err
    assert "4 new" in said.out
    assert "VERSA, se_si_snr: compared with the output of an enhancement network" in said.out
    assert values(litdb) == [("PESQ", "2.500000", "measured")]
    (pesq,) = litdb("why", "MyNet", "PESQ", "--json").json["values"]
    assert pesq["protocol"]["files"]["value"] == "1"  # a failure is no PESQ of 0
    assert any("a failure is written as 0.0" in flag for flag in pesq["flags"])
    assert values(litdb, metric="CSIG") == [("CSIG@unit", "3.250000", "measured")]
    table = litdb("table", "--models", "MyNet", "--metrics", "PESQ,SI-SDR,STOI", "--format", "csv").out
    assert "scored with VERSA, si_snr: SI-SNR, taken after removing means" in table
    assert litdb("add-result", "MyNet", "--from", "versa.txt", *RUN).out.startswith("0 new")


def test_speechscore_leaves_out_what_is_another_quantity(litdb: Litdb) -> None:
    Path("scores.txt").write_text(SPEECHSCORE)
    said = litdb("add-result", "MyNet", "--from", "scores.txt", *RUN, "--json")
    assert said.json["new"] == 7
    notes = said.json["notes"]
    assert any(
        "SSNR" in note and "scaling one signal to the other's peak" in note and note.endswith("left out")
        for note in notes
    )
    assert values(litdb, metric="SSNR") == []
    assert values(litdb) == [("PESQ", "2.000000", "measured"), ("PESQ-NB", "2.500000", "measured")]
    assert values(litdb, metric="DNSMOS-P808") == [("DNSMOS-P808", "3.125000", "measured")]


def test_scores_of_other_tools_can_be_compared_by_file(litdb: Litdb) -> None:
    Path("versa.jsonl").write_text(VERSA)
    Path("scores.txt").write_text(SPEECHSCORE)
    litdb("add-result", "MyNet", "--from", "scores.txt", *RUN)
    (found,) = litdb("compare", "exp/best", "versa.jsonl", "--metrics", "SI-SDR", "--json").json
    assert found["measures"][0]["difference"]["mean"] == pytest.approx(4.0)
    assert any(note.startswith("versa.jsonl: scored with VERSA, si_snr") for note in found["notes"])
    said = found["measures"][0]["notes"]
    assert any(note.startswith("exp/best: scored with SpeechScore, SISDR") for note in said)


def test_dnsmos_by_file_comes_in(litdb: Litdb) -> None:
    Path("m4.csv").write_text(DNSMOS)
    assert (
        litdb("add-result", "MyNet", "--from", "m4.csv", "--run", "exp/best").code == 2
    )  # of which test set?
    said = litdb("add-result", "MyNet", "--from", "m4.csv", "--run", "exp/best", "--dataset", "dns2020-real")
    assert said.out.startswith("4 new")
    (sig,) = litdb("why", "MyNet", "DNSMOS-SIG", "--dataset", "dns2020-real", "--json").json["values"]
    assert sig["value"] == pytest.approx(3.3)
    assert sig["protocol"]["files"]["value"] == "2"
    (run,) = [run for run in litdb("runs", "--json").json if run["key"] == "exp"]
    assert run["checkpoints"][0]["scored"] == {"dns2020-real": 3}
    said = litdb("add", "m4.csv")
    assert said.code == 1
    assert "litdb add-result MODEL" in said.err


def test_a_broken_file_of_a_tool_names_its_line(litdb: Litdb) -> None:
    Path("versa.txt").write_text(VERSA + VERSA.splitlines()[0])
    said = litdb("add-result", "MyNet", "--from", "versa.txt", *RUN)
    assert said.code == 1
    assert "line 3" in said.err and "twice" in said.err


def test_a_name_one_letter_away_from_an_own_one_asks(litdb: Litdb, home: Path) -> None:
    words = ("--run", "r/best", "--metric", "PESQ=2.9")
    assert litdb("add-result", "GoldNet", *words).code == 0
    said = litdb("add-result", "GoldNte", "--run", "q/best", "--metric", "PESQ=2.9")
    assert (said.code, "did you mean GoldNet?" in said.err) == (2, True)
    assert litdb("show", "GoldNte").code == 2
    assert litdb("add-result", "GoldNet2", "--run", "p/best", "--metric", "PESQ=2.9").code == 0
    assert litdb("add-result", "GoldNte", "--run", "q/best", "--metric", "PESQ=2.9", "--new").code == 0
    folder = write_run(home / "x")
    said = litdb("add", str(folder), "--model", "GoldNett")
    assert (said.code, "did you mean GoldNet?" in said.err) == (2, True)
