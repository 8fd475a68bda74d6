"""The group's own evaluation reports, read as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

import litdb
from litdb.extract.results import read_results


def report(real_data: Path, kind: str) -> Path:
    found = sorted((real_data / "own").glob(f"evaluation_results_{kind}_*.txt"))
    if not found:
        pytest.skip(f"no report of the {kind} checkpoint in {real_data / 'own'}")
    return found[0]


def test_the_report_of_the_best_checkpoint(real_data: Path) -> None:
    found = read_results(report(real_data, "best_composite").read_text(encoding="utf-8"), "report")
    assert found.values == {
        "PESQ": "2.8635", "CSIG@unit": "4.2620", "CBAK@unit": "3.4792", "COVL@unit": "3.6154",
        "SSNR": "8.0607", "STOI": "0.9399",
    }  # fmt: skip
    assert (found.dataset, found.files, found.epoch) == ("vbd", 824, 190)
    assert found.validation["PESQ"] == 2.9424  # of two-second crops: never a test result


def test_the_report_of_the_last_checkpoint(real_data: Path) -> None:
    found = read_results(report(real_data, "last").read_text(encoding="utf-8"), "report")
    assert found.values["PESQ"] == "2.9727"
    assert found.validation == {}


def test_both_go_into_a_catalogue_and_neither_becomes_the_headline(
    real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITDB_HOME", str(tmp_path))
    monkeypatch.delenv("LITDB_DB", raising=False)
    with litdb.open() as catalogue:
        for kind in ("best_composite", "last"):
            text = report(real_data, kind).read_text(encoding="utf-8")
            options = {"text": text, "file": kind}
            first = catalogue.add_result("BSRNN-FAC-MRHA3", **options)
            assert (first.new, first.same) == (6, 0)
            assert catalogue.add_result("BSRNN-FAC-MRHA3", **options).same == 6
        (row,) = catalogue.table(["PESQ", "CSIG@unit"], models=["BSRNN-FAC-MRHA3"]).rows
        assert row.checkpoint == "new/best-composite"  # declared; the last one scores higher on the test set
        assert row.cells[0].value == 2.8635
