"""Every figure of the network from a short training on real recordings: two seeds, two epochs, one with a discriminator."""

from pathlib import Path

import pypdfium2
import pytest

from model.evaluation.evaluate import evaluate
from model.evaluation.systems import System
from model.evaluation.test_data import open_design_set, open_test_set
from model.figures.document import document
from model.figures.drawing import Absent, Kind, Material, Picture, figures
from model.figures.hearing import drawn_of
from model.figures.numbers import sections
from model.figures.sources import source_of
from model.networks import variant
from model.training.recipe import Recipe
from model.training.trainer import Machine, start, training_data

TRAINING, TESTING = ("p257_009", "p257_011", "p257_395", "p257_403"), ("p232_001", "p232_005")


@pytest.mark.slow
def test_every_figure_from_a_short_training(real_data: Path, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    corpus = tmp_path / "corpus"
    for part, ids in (("train", TRAINING), ("test", TESTING)):
        for kind in ("clean", "noisy"):
            (corpus / part / kind).mkdir(parents=True)
            for name in ids:
                (corpus / part / kind / f"{name}.flac").symlink_to(
                    real_data / "audio" / "vbd60" / kind / f"{name}.flac"
                )
    held = ("p257_395", "p257_403")
    words = [
        "epochs=2",
        "batch=1",
        "crop_seconds=0.5",
        "adversarial_start=0.5",
        f"validation={','.join(held)}",
    ]
    for seed in (1, 2):
        data = training_data(corpus, held, leaks="record")  # p232 and p257 are the speakers of the test set
        plan = Recipe().with_overrides([*words, f"seed={seed}"])
        start(tmp_path / f"s{seed}", "M4", variant("M4"), plan, data, Machine(cpu=True, workers=1))
    sources = tuple(source_of(tmp_path / f"s{seed}") for seed in (1, 2))
    first = sources[0]
    assert first.record is not None
    tested = [System(first.record.name, "checkpoint", first.checkpoint), System("noisy", "noisy")]
    evaluate(tested, open_test_set(corpus), workers=1, run=tmp_path / "s1")
    test = open_design_set(corpus, tested[:1])
    example, heard = drawn_of(test)
    material = Material(sources, data=test, example=example, heard=heard)
    found = figures(Kind, material)
    assert [one for one in found if isinstance(one, Absent)] == []
    pictures = [one for one in found if isinstance(one, Picture)]
    assert [one.name for one in pictures] == [str(kind) for kind in Kind]
    assert "mean of 2 runs (seeds 1, 2)" in pictures[0].caption
    assert "the discriminator trains from epoch 2 on" in pictures[0].caption
    drawn = {one.name: one.rendered(2, "pdf") for one in pictures}
    with pypdfium2.PdfDocument(document("M4", sections(material), found, drawn)) as pdf:
        text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    assert "Leak, recorded on request" in text
    assert "p257_" in text
