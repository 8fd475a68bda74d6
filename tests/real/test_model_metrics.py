"""All metrics of 120 real pairs against reference scores of the widely used port, pystoi and pesq."""

import csv
from pathlib import Path

import pytest

soundfile = pytest.importorskip("soundfile")

from model.metrics import NAMES, score  # noqa: E402

COLUMNS = {"pesq": "pesq_wb"} | {f"{name}_unit": f"{name}_unit_scale" for name in ("csig", "cbak", "covl")}


@pytest.mark.parametrize("kind", ["noisy", "bsrnn"])
def test_every_file_agrees_with_its_reference(real_data: Path, kind: str) -> None:
    folder = real_data / "audio" / "vbd60"
    with (folder / f"reference_{kind}.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 60
    for row in rows:
        clean, rate = soundfile.read(folder / "clean" / f"{row['id']}.flac")
        other, _ = soundfile.read(folder / kind / f"{row['id']}.flac")
        scores = score(clean, other, rate)
        for name in NAMES:
            assert scores.value(name) == pytest.approx(float(row[COLUMNS.get(name, name)]), abs=1e-4), (
                row["id"],
                name,
            )
