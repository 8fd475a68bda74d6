"""Result files of every layout. The reports are synthetic; only their layout is that of the group's scripts."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from litdb.errors import InputError, LitdbError, UsageError
from litdb.extract.results import read_results

LINE = "=" * 70
PLAIN = f"""{LINE}
A NETWORK - Evaluation Results
{LINE}

Date: 2026-01-02 10:00:00
Checkpoint: /runs/exp1/model_last.pt
Model type: last
Epoch: 12
Test data directory: /data/voicebank-demand-16k/test
Number of test files: 824

{LINE}
METRICS
{LINE}
PESQ: 2.5001
CSIG: 3.9000
SSNR: 7.1
{LINE}
"""
WITH_VALIDATION = f"""{LINE}
ANOTHER NETWORK - Evaluation Results
{LINE}

Date: 2026-01-03 11:00:00
Checkpoint: /runs/exp2/model_best.pt
Model type: best
Epoch: 40

Validation Metrics (from training):
  Validation loss: 0.08
  PESQ: 2.9999
  STOI: 0.9999
  Composite: 0.5

Test data directory: /data/voicebank-demand-16k/test
Number of test files: 820

{LINE}
TEST SET METRICS
{LINE}
PESQ: 2.6002
STOI: 0.9302
{LINE}
"""


def test_a_report_without_validation() -> None:
    found = read_results(PLAIN, "r.txt")
    assert found.values == {"PESQ": "2.5001", "CSIG@unit": "3.9000", "SSNR": "7.1"}
    assert (found.dataset, found.files, found.epoch) == ("vbd", 824, 12)
    assert (found.checkpoint, found.criterion) == ("/runs/exp1/model_last.pt", "last")
    assert found.date == dt.date(2026, 1, 2)
    assert found.validation == {}


def test_the_validation_block_is_never_taken_for_test_results() -> None:
    found = read_results(WITH_VALIDATION, "r.txt")
    assert found.values == {"PESQ": "2.6002", "STOI": "0.9302"}
    assert found.validation == {"Validation loss": 0.08, "PESQ": 2.9999, "STOI": 0.9999, "Composite": 0.5}
    assert found.files == 820
    assert found.selected_on == ""


def test_a_report_cut_off_before_its_test_metrics_has_none() -> None:
    cut = WITH_VALIDATION[: WITH_VALIDATION.index("TEST SET METRICS")]
    with pytest.raises(InputError, match="no block of test metrics"):
        read_results(cut, "r.txt")


@pytest.mark.parametrize("text", [PLAIN.replace("\n", "\r\n"), "\ufeff" + PLAIN, "\n\n" + PLAIN])
def test_line_ends_and_marks_of_other_systems(text: str) -> None:
    assert read_results(text, "r.txt") == read_results(PLAIN, "r.txt")


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (("Epoch: 12", "Epoch: twelve"), "whole number"),
        (("2026-01-02 10:00:00", "yesterday"), "YYYY-MM-DD"),
        (("SSNR: 7.1", "Loudness: 7.1"), "unknown metric"),
        (("SSNR: 7.1", "PESQ: 2.6"), "PESQ twice"),
    ],
)
def test_a_report_with_an_odd_line_is_refused(wrong: tuple[str, str], hint: str) -> None:
    with pytest.raises(LitdbError, match=hint):
        read_results(PLAIN.replace(*wrong), "r.txt")


def test_json_plain_and_with_what_is_known_of_the_checkpoint() -> None:
    assert read_results('{"PESQ": 2.91, "STOI": 0.94}', "r.json").values == {"PESQ": "2.91", "STOI": "0.94"}
    full = {
        "metrics": {"PESQ": 2.91, "CSIG": 4.1, "PESQ-NB": 3.4, "time": 3},
        "dataset": "vbd", "checkpoint": "exp/best.pt", "checkpoint_sha256": "ab" * 32, "epoch": 7, "files": 824,
        "selected_on": "validation", "composite_scale": "unit", "date": "2026-01-02",
    }  # fmt: skip
    found = read_results(json.dumps(full), "r.json")
    assert found.values == {"PESQ": "2.91", "CSIG@unit": "4.1", "PESQ-NB": "3.4"}
    assert (found.sha256, found.selected_on, found.epoch, found.files) == ("ab" * 32, "validation", 7, 824)
    assert found.date == dt.date(2026, 1, 2)


def test_json_rows_are_scores_of_files() -> None:
    found = read_results('[{"id": "a", "pesq": 2.0}, {"id": "b", "pesq": 3.0}]', "r.json")
    assert found.values == {"PESQ": "2.500000"}
    assert found.utterances == (("a", "PESQ", 2.0, ""), ("b", "PESQ", 3.0, ""))


@pytest.mark.parametrize(
    "text",
    [
        "metric,value\nPESQ,2.91\nSegSNR,8.1\n",
        "metric\tvalue\nPESQ\t2.91\nSSNR\t8.1",
        "PESQ;SSNR\n2.91;8.1",
        "PESQ\tSSNR\n2.91\t8.1\n",
    ],
)
def test_small_tables(text: str) -> None:
    assert read_results(text, "r.csv").values == {"PESQ": "2.91", "SSNR": "8.1"}


def test_scores_of_files_become_means_that_say_what_they_cover() -> None:
    text = (
        "file,pesq,csig_unit,stoi,error\na.wav,2.0,4.0,0.9,\nb.wav,nan,3.0,0.8,no speech\nc.wav,3.0,,0.7,\n"
    )
    found = read_results(text, "scores.csv")
    assert found.values == {"PESQ": "2.500000", "CSIG@unit": "3.500000", "STOI": "0.800000"}
    assert found.counted == {"PESQ": 2, "CSIG@unit": 2, "STOI": 3}
    assert found.files == 3
    assert ("b.wav", "PESQ", None, "no speech") in found.utterances
    assert ("c.wav", "CSIG@unit", None, "no value") in found.utterances


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "is empty"),
        ("\x0c", "is empty"),
        (",,,\n,,", "is empty"),
        ("{", "not JSON"),
        ("[1, 2]", "no rows"),
        ("[" * 100_000, "not JSON"),
        ('{"colour": 3}', "names no metric"),
        ('{"metrics": 3}', "must be an object"),
        ('{"PESQ": NaN, "STOI": 0.9}', "PESQ is nan"),
        ('{"PESQ": 2.8, "PESQ": 3.9}', "PESQ twice"),
        ('{"PESQ": 2.8, "files": -5}', "files is '-5'"),
        ('{"PESQ": 2.8, "epoch": 1e30}', "epoch is '1e[+]30'"),
        ('[{"id": "a", "pesq": 2, "pesq": 3}]', "pesq twice"),
        ("metric,value\nPESQ,2,86\n", "line 2: 3 cells stand under 2 headers"),
        ("id,pesq\na,2.5\n\nb,2,6\n", "line 4: 3 cells"),
        ("id,pesq,pesq\na,2.5,2.6", "two columns pesq"),
        ("id,pesq\na,2.5\nAverage,2.5", "line 3: 'Average' is a summary"),
        ("id,pesq\na,2.5\nstd (n=1),2.5", "line 3: 'std [(]n=1[)]' is a summary"),
        ("id,pesq\na,2.5\nb,29.31", "line 3: PESQ cannot be 29.31: it lies between 0.9 and 4.65"),
        ("id,pesq\na,2.5\nb,1e400", "line 3: pesq is '1e400'"),
        ("id,ssnr\na,1.7976931348623157e308", "line 2: SSNR cannot be"),
        ("id,stoi\na,0.95\nb,91.3", "line 2: STOI is 0.95, and 1 other row has it in percent"),
        ('{"PESQ": 2.8, "WB-PESQ": 2.9}', "PESQ twice"),
        ("metric,value\nPESQ,2.9\npesq,2.8", "PESQ twice"),
        ("id,pesq,PESQ\na,1,2", "two columns of PESQ"),
        ("id,pesq\na,1\na,2", "line 3: a stands there twice"),
        ("pesq,id\n2.5\n", "line 2: id is empty"),
        ("id,pesq\na,good", "line 2: pesq is 'good'"),
        ("id,pesq\na,\nb,nan", "no score in any row"),
        ("pesq\n2.5\n2.6", "no column that names the file"),
        ("name,colour\na,red", "no column that is a metric"),
        ("id,pesq\n", "no rows"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text: str, hint: str) -> None:
    with pytest.raises(InputError, match=hint) as caught:
        read_results(text, "the file")
    assert "\n" not in str(caught.value)
    assert "the file" in str(caught.value)


def test_a_decimal_comma_is_understood_where_it_is_certain() -> None:
    assert read_results("id;pesq;stoi\na;2,864;0,940\nb;2,5;0,9", "r.csv").utterances == (
        ("a", "PESQ", 2.864, ""),
        ("a", "STOI", 0.94, ""),
        ("b", "PESQ", 2.5, ""),
        ("b", "STOI", 0.9, ""),
    )


def test_what_pesq_and_pystoi_write_for_no_value_is_missing() -> None:
    found = read_results("id,pesq,stoi\na,-1,1e-05\nb,2.5,0.9\nc,3.5,0.00001", "r.csv")
    assert found.values == {"PESQ": "3.000000", "STOI": "0.900000"}
    assert (found.files, found.counted) == (3, {"PESQ": 2, "STOI": 1})
    assert found.utterances[0] == ("a", "PESQ", None, "-1, which stands for no value")


def test_a_column_in_percent_is_a_fraction_as_elsewhere() -> None:
    found = read_results("id,stoi\na,91.39\nb,94", "r.csv")
    assert [value for _file, _metric, value, _error in found.utterances] == pytest.approx([0.9139, 0.94])


def test_forced_scores_are_taken() -> None:
    assert read_results("id,pesq\na,29.5\nb,2.5", "r.csv", force=True).values == {"PESQ": "16.000000"}


def test_a_huge_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("litdb.extract.results.MAX_BYTES", 1000)
    with pytest.raises(InputError, match="larger than"):
        read_results("x" * 1001, "the file")


PIECES = [
    "id",
    "pesq",
    "PESQ",
    "csig_unit",
    "error",
    "a",
    "b",
    "2.5",
    "nan",
    "=",
    ": ",
    ",",
    "\t",
    "\n",
    '"',
    "{",
    "}",
    "[",
    "]",
    "METRICS\n",
]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=25).map("".join)))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    try:
        found = read_results(text, "the file")
    except (InputError, UsageError):
        return
    assert all(value is not None for value in found.values.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(0.9, 4.6)), min_size=1, max_size=30))
def test_a_mean_lies_between_its_scores_and_counts_them(scores: list[float | None]) -> None:
    text = "id,pesq\n" + "".join(f"f{n},{'' if s is None else s}\n" for n, s in enumerate(scores))
    known = [s for s in scores if s is not None]
    if not known:
        with pytest.raises(InputError):
            read_results(text, "r.csv")
        return
    found = read_results(text, "r.csv")
    assert min(known) - 1e-6 <= float(found.values["PESQ"]) <= max(known) + 1e-6
    assert (found.counted["PESQ"], found.files) == (len(known), len(scores))
