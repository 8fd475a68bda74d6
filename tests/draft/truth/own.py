"""The working catalogue that the draft of this folder is written about: what ships, and made-up runs of the own network."""

from __future__ import annotations

from pathlib import Path

import litdb
from litdb.catalogue.database.places import Place, make_working

#: The full network, by run: PESQ, STOI, SSNR, CSIG, CBAK, COVL on samples in [-1, 1].
FULL = {
    "full-s1": ("3.038", "0.9408", "8.41", "4.31", "3.41", "3.66"),
    "full-s2": ("3.052", "0.9413", "8.52", "4.33", "3.43", "3.68"),
    "full-s3": ("3.060", "0.9415", "8.57", "4.34", "3.44", "3.69"),
}
#: The steps of the ablation: model and run.
STEPS = {
    "m1-s1": ("BSRNN-FAC-MRHA3:M1", "2.861", "0.9352"),
    "m2-s1": ("BSRNN-FAC-MRHA3:M2", "2.927", "0.9370"),
    "axial-s1": ("BSRNN-FAC-MRHA3:axial-dot", "2.952", "0.9378"),
    "m3-s1": ("BSRNN-FAC-MRHA3:M3", "2.994", "0.9391"),
}


def own_catalogue(place: Path) -> litdb.Catalogue:
    """A working copy of what ships at `place`, with the runs above, three seeds declared together; open."""
    make_working(str(place)).close()
    catalogue = litdb.Catalogue(Place(str(place), read_only=False))
    for run, row in FULL.items():
        values = dict(zip(("PESQ", "STOI", "SSNR", "CSIG", "CBAK", "COVL"), row, strict=True))
        catalogue.add_result(
            "BSRNN-FAC-MRHA3", values, run=f"{run}/best-pesq", dataset="vbd", selected_on="validation",
            files=824, scale="unit",
        )  # fmt: skip
    for run, (model, pesq, stoi) in STEPS.items():
        catalogue.add_result(
            model, {"PESQ": pesq, "STOI": stoi}, run=f"{run}/best-pesq", dataset="vbd",
            selected_on="validation", files=824,
        )  # fmt: skip
    catalogue.declare_group(
        list(FULL),
        reason="three seeds, planned before the test",
        omitted={"new": "another recipe", "old": "another recipe"},
    )
    return catalogue
