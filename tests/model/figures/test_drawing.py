"""Which figures a source gives, how they leave as files, and why one is not there."""

import os
import shutil
from pathlib import Path

import matplotlib
import numpy as np
import pypdfium2
import pytest

from model.checkpoint import save_checkpoint
from model.errors import EvaluationError, ModelUsageError
from model.evaluation.test_data import open_design_set
from model.figures.drawing import Absent, Kind, Material, Picture, figures
from model.figures.hearing import drawn_of, few_of
from model.figures.sources import source_of
from model.figures.style import TEXT, WIDTH_MM, canvas, format_of, publication, rendered, save, write_whole
from model.networks import BSRNNConfig, build, variant


@pytest.fixture(scope="module")
def material(whole_run: Path, heard: Path) -> Material:
    data = open_design_set(heard, [], patterns=["p1_*", "p3_*"])
    example, words = drawn_of(data)
    return Material((source_of(whole_run),), data=data, example=example, heard=words)


@pytest.fixture(scope="module")
def found(material: Material) -> list[Picture | Absent]:
    return figures(Kind, material)


def test_a_whole_run_gives_every_figure(found: list[Picture | Absent]) -> None:
    assert [one.name for one in found if isinstance(one, Picture)] == [str(kind) for kind in Kind]
    for one in found:
        assert isinstance(one, Picture)
        assert one.caption.endswith((".", ")"))


@pytest.mark.parametrize("columns", [1, 2])
def test_figures_fit_a_column_with_type_of_8_points_and_maps_inside(
    found: list[Picture | Absent], columns: int
) -> None:
    for one in found:
        assert isinstance(one, Picture)
        with publication():
            figure = one.draw(columns)
            content = rendered(figure, "pdf")
        sizes = {text.get_fontsize() for text in figure.findobj(matplotlib.text.Text) if text.get_text()}
        assert sizes == {TEXT}, one.name
        with pypdfium2.PdfDocument(content) as pdf:
            width, _ = pdf[0].get_size()
            words = pdf[0].get_textpage().get_text_range()
        assert width / 72 * 25.4 == pytest.approx(WIDTH_MM[columns], abs=0.01), one.name
        assert any(unit in words for unit in ("(Hz)", "dB", "Epoch", "kHz"))
        assert b"/Type3" not in content
        assert b"/CIDFontType2" in content  # TrueType
        mapped = one.kind in {Kind.ATTENTION, Kind.SPECTROGRAMS, Kind.GAIN}
        assert bool(content.count(b"/Subtype /Image")) == mapped, one.name


def test_the_same_figure_gives_the_same_bytes(found: list[Picture | Absent]) -> None:
    one = found[-1]
    assert isinstance(one, Picture)
    begins = {"pdf": b"%PDF", "svg": b"<?xml", "png": b"\x89PNG"}
    for format, first in begins.items():
        content = one.rendered(1, format)
        assert content.startswith(first)
        assert content == one.rendered(1, format)


def test_what_was_set_before_is_put_back() -> None:
    with matplotlib.rc_context({"font.size": 21}):
        with publication(["模型"]):
            assert matplotlib.rcParams["font.size"] == TEXT
        assert matplotlib.rcParams["font.size"] == 21


def test_files_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with publication():
        path = save(canvas(1, 30), tmp_path / "new" / "a.svg")
    assert [path.name for path in path.parent.iterdir()] == ["a.svg"]
    with pytest.raises(ModelUsageError, match=r"a\.jpg: the name of a figure must end in"):
        format_of(tmp_path / "a.jpg")
    (tmp_path / "file").write_text("")
    with pytest.raises(EvaluationError, match=r"cannot be written \(.*\); name another place with --out"):
        write_whole(tmp_path / "file" / "a.pdf", b"")


def reasons(path: Path, **more: object) -> dict[str, str]:
    """Why what is not there is not there, by its kind."""
    found = figures(Kind, Material((source_of(path),), **more))  # type: ignore[arg-type]
    return {str(one.kind): one.reason for one in found if isinstance(one, Absent)}


def test_a_checkpoint_alone(whole_run: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(whole_run / "checkpoint_best_composite.pt", tmp_path / "alone.pt"))
    said = reasons(path)
    assert set(said) == set(map(str, Kind)) - {"codes"}
    assert said["training"] == said["scores"] == "alone.pt does not lie in the run it is from"
    assert said["gain"] == "name a corpus with --data"
    assert said["gates"] == "name a file with --audio, or a corpus with --data"


def test_a_run_without_weights(copied: Path) -> None:
    os.remove(copied / "checkpoint_best_composite.pt")
    said = reasons(copied)
    assert set(said) == {"codes", "gates", "attention", "spectrograms", "gain"}
    for reason in said.values():
        assert "checkpoint_best_composite.pt is missing (packed runs have none)" in reason


def test_a_run_without_log_or_scores(copied: Path, material: Material) -> None:
    os.remove(copied / "log.jsonl")
    shutil.rmtree(copied / "scores")
    said = reasons(copied, data=material.data, example=material.example)
    assert set(said) == {"training", "scores"}
    assert "no log.jsonl" in said["training"]
    assert "litdb model evaluate" in said["scores"]


@pytest.mark.parametrize("name", ["M1", "axial-dot", "M4-direct", "M4-causal", "mrha3-only", "bsrnn"])
def test_other_networks_give_what_they_have(name: str, material: Material, tmp_path: Path) -> None:
    config = BSRNNConfig(4, 1, (57, 200)) if name == "bsrnn" else variant(name)
    save_checkpoint(tmp_path / "c.pt", build(config))
    found = figures(
        [Kind.CODES, Kind.GATES, Kind.ATTENTION, Kind.SPECTROGRAMS],
        Material((source_of(tmp_path / "c.pt"),), example=material.example, heard="it"),
    )
    missing = {str(one.kind) for one in found if isinstance(one, Absent)}
    plain, unattended = name in ("M1", "bsrnn", "mrha3-only"), name in ("M1", "bsrnn")
    assert ("codes" in missing, "attention" in missing) == (plain, unattended)
    assert ("gates" in missing) == (name in ("M1", "bsrnn"))
    for one in found:
        if isinstance(one, Picture):
            assert one.rendered(1, "png").startswith(b"\x89PNG")


def test_which_checkpoint_of_a_run(whole_run: Path) -> None:
    assert source_of(whole_run, "best-composite").checkpoint == whole_run / "checkpoint_best_composite.pt"
    with pytest.raises(ModelUsageError, match="has no checkpoint 'best-pesq'; it has best-composite"):
        source_of(whole_run, "best-pesq")
    with pytest.raises(ModelUsageError, match="name the folder"):
        source_of(whole_run / "checkpoint_best_composite.pt", "last")
    with pytest.raises(ModelUsageError, match="neither a run folder nor a checkpoint"):
        source_of(whole_run / "nothing")


def test_a_record_cannot_point_out_of_the_folder(copied: Path) -> None:
    text = (copied / "checkpoints.json").read_text()
    (copied / "checkpoints.json").write_text(text.replace("checkpoint_best", "/etc/../checkpoint_best"))
    source = source_of(copied)
    assert source.checkpoint == copied / "checkpoint_best_composite.pt"
    (copied / "checkpoints.json").write_text('[{"name": 3}]')
    with pytest.raises(ModelUsageError, match="is no list of checkpoints"):
        source_of(copied)


def test_few_files_are_called_few(heard: Path) -> None:
    data = open_design_set(heard, [], patterns=["*"])
    few = few_of(data, 3)
    assert (len(few.pairs), few.test_set.files) == (3, 3)
    assert few.test_set.name == f"{data.test_set.name}, 3 of 6 files"
    assert few.test_set.fingerprint != data.test_set.fingerprint
    assert few_of(data, 0) is few_of(data, 99) is data
    example, words = drawn_of(data, "p2_003")
    assert (example.id, words) == ("p2_003", f"p2_003 ({data.test_set.name})")
    assert example.clean is not None
    assert not np.array_equal(example.noisy, example.clean)
    with pytest.raises(ModelUsageError, match="has no utterance 'p9'"):
        drawn_of(data, "p9")
