"""`litdb compare` on real scores by file."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import litdb
from litdb.catalogue.database.places import make_working


def column(file: Path, name: str) -> np.ndarray:
    with file.open(encoding="utf-8") as lines:
        return np.array([float(row[name]) for row in csv.DictReader(lines, delimiter="\t")])


def test_noisy_and_enhanced_speech_of_sixty_files(real_data: Path, tmp_path: Path) -> None:
    noisy, enhanced = (real_data / "audio/vbd60" / f"reference_{name}.tsv" for name in ("noisy", "bsrnn"))
    make_working(str(tmp_path / "mine.db"), empty=True).close()
    with litdb.open(tmp_path / "mine.db") as catalogue:
        (found,) = catalogue.compare(str(noisy), str(enhanced), metrics=["PESQ", "STOI", "SI-SDR"])
    assert [measure.verdict for measure in found.measures] == ["better"] * 3
    for measure, name in zip(found.measures, ("pesq_wb", "stoi", "si_sdr"), strict=True):
        gain = column(enhanced, name) - column(noisy, name)
        difference = measure.difference
        assert (measure.a, measure.b) == pytest.approx(
            (column(noisy, name).mean(), column(enhanced, name).mean())
        )
        assert difference.mean == pytest.approx(gain.mean())
        known = stats.ttest_1samp(gain, 0).confidence_interval(0.95)  # near enough with sixty files
        width = known.high - known.low
        assert (difference.low, difference.high) == pytest.approx((known.low, known.high), abs=0.15 * width)
        assert [part.value for part in measure.parts] == ["p232", "p257"]
