"""Checkpoints of other trainers load; what does not says why, and what to do, in one sentence."""

import argparse
import os
import pickle
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from model.checkpoint import CheckpointError, load_checkpoint, read_safely, save_checkpoint  # noqa: E402
from model.networks import build  # noqa: E402
from model.networks.names import to_stored  # noqa: E402
from model.stored.header import describe_header, read_header  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.cli.conftest import home as home  # noqa: E402
from tests.model.cli.conftest import litdb as litdb  # noqa: E402
from tests.model.stored.kinds import KINDS, TINY, trained, write_all  # noqa: E402


@pytest.mark.parametrize("old_format", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_its_weights(kind: str, old_format: bool, tmp_path: Path) -> None:
    torch.manual_seed(3)
    content = KINDS[kind]()
    torch.save(content, tmp_path / "c.pth", _use_new_zipfile_serialization=not old_format)
    network, meta = load_checkpoint(tmp_path / "c.pth")
    assert meta.config == TINY
    wanted = [tensor for name, tensor in _flat(content).items() if "band_split" in name]
    there = [tensor for name, tensor in to_stored(network).items() if "band_split" in name]
    assert len(there) == len(wanted) > 0
    for one, other in zip(sorted(there, key=_order), sorted(wanted, key=_order), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "is an audio file, no checkpoint"),
        (b"fLaC\x00", "is an audio file"),
        (b"\x93NUMPY\x01", "is no checkpoint"),
        (b"\x80\x02.", "is no readable checkpoint"),
        (b"PK\x03\x04", "is no readable checkpoint"),
    ],
)
def test_what_is_no_checkpoint_is_named(start: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_bytes(start + bytes(200))
    with pytest.raises(CheckpointError, match=said):
        read_safely(tmp_path / "x.wav")


def _flat(content: dict) -> dict:
    found = {}
    for name, value in content.items():
        if isinstance(value, torch.Tensor):
            found[name] = value
        elif isinstance(value, dict) and "discriminator" not in str(name):
            found |= _flat(value)
    return found


def _order(tensor: "torch.Tensor") -> tuple:
    return (tuple(tensor.shape), tensor.flatten().tolist())


def test_scores_and_epochs_of_numpy_are_numbers(tmp_path: Path) -> None:
    torch.save(KINDS["whole"](), tmp_path / "c.pth")
    meta = load_checkpoint(tmp_path / "c.pth")[1]
    assert (meta.epoch, meta.gen_loss, meta.pesq_score, meta.stoi_score) == (42, 0.125, 2.5, 0.5)
    torch.save(KINDS["best_pesq_only"](), tmp_path / "d.pth")
    assert load_checkpoint(tmp_path / "d.pth")[1].pesq_score == 2.5


def test_numpy_before_2_wrote_another_module(tmp_path: Path) -> None:
    """The very bytes of numpy 1.26 for a float64, put in place of those of numpy 2."""
    torch.save(
        {"a": torch.zeros(1), "s": np.float64(1.5)}, tmp_path / "c.pth", _use_new_zipfile_serialization=False
    )
    written = (tmp_path / "c.pth").read_bytes()
    older = written.replace(b"cnumpy._core.multiarray\n", b"cnumpy.core.multiarray\n")
    assert older != written
    (tmp_path / "old.pth").write_bytes(older)
    assert read_safely(tmp_path / "old.pth")["s"] == 1.5


class Custom:
    """An object of a trainer's own."""


class Runs:
    def __reduce__(self) -> tuple:
        return os.system, ("touch this_must_not_exist",)


@pytest.mark.parametrize("old_format", [False, True])
@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"args": argparse.Namespace(lr=1)}, "argparse.Namespace"),
        ({"where": Path("/data")}, "pathlib.PosixPath"),
        ({"config": Custom()}, "test_reading.Custom"),
        ({"config": Runs()}, "posix.system"),
        ({"a": np.array([Custom()], dtype=object)}, "numpy.dtypes.ObjectDType"),
        (torch.nn.Linear(2, 2), "torch.nn.modules.linear.Linear"),
    ],
)
def test_an_object_is_refused_by_its_name(
    content: object, named: str, old_format: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(content, tmp_path / "c.pth", _use_new_zipfile_serialization=not old_format)
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(tmp_path / "c.pth")
    said = str(error.value)
    assert named in said
    assert "torch.save({'model_state_dict': network.state_dict()}" in said
    assert "weights_only" not in said
    assert "\x1b" not in said
    assert "\n" not in said
    assert not Path("this_must_not_exist").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", "git lfs pull"),
        (b"<!DOCTYPE html>\n<html>Quota exceeded</html>", "web page"),
        (b"not yet uploaded\n", "text file"),
        (b"", "is empty"),
        (pickle.dumps([1, 2]), "no readable checkpoint|no checkpoint|not a dictionary"),
    ],
)
def test_files_that_are_no_checkpoints_say_what_they_are(content: bytes, said: str, tmp_path: Path) -> None:
    (tmp_path / "c.pth").write_bytes(content)
    with pytest.raises(CheckpointError, match=said) as error:
        load_checkpoint(tmp_path / "c.pth")
    assert "\x1b" not in str(error.value)


def test_the_header_says_what_is_there(tmp_path: Path) -> None:
    torch.save(KINDS["whole"](), tmp_path / "c.pth")
    header = read_header(tmp_path / "c.pth")
    assert (header.weights_key, header.selected_on, header.config_source) == (
        "model_state_dict",
        "unknown",
        "inferred",
    )
    said = describe_header(header)
    assert "pesq_score: 2.5 (float64 of NumPy)" in said
    assert "optimizer_state_dict: state of an optimizer" in said
    assert "scores in it do not say of which files they are" in said
    save_checkpoint(tmp_path / "own.pt", build(TINY), epoch=2)
    assert read_header(tmp_path / "own.pt").config_source == "stored"


def test_a_folder_of_every_kind_is_evaluated(litdb: Litdb, toy: Path, home: Path) -> None:
    write_all(home / "old")
    words = ["model", "evaluate", "--all", "old", "--data", str(toy), "--workers", "1"]
    said = litdb(*words, "--json", "--run", "runs/old")
    assert said.code == 0, said.err
    systems = said.json["systems"]
    assert {system["name"] for system in systems} == set(KINDS)
    assert {system["means"]["si_sdr"]["files"] for system in systems} == {3}
    assert {system["origin"]["seen"]["known"] for system in systems} == {"unknown"}
    heads = litdb("model", "inspect", "old", "--header", "--json").json
    assert {Path(head["path"]).stem for head in heads} == set(KINDS)
    # one that does not load is named once, and nothing is scored
    torch.save({"args": argparse.Namespace(), "model": to_stored(trained()[0])}, home / "old" / "zz.pth")
    (home / "old" / "pointer.pth").write_text("version https://git-lfs.github.com/spec/v1\n")
    refused = litdb(*words, "--run", "runs/other")
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert refused.err.startswith("Error: 2 of 12 checkpoints do not load, nothing was scored: ")
    assert refused.err.count("argparse.Namespace") == 1
    assert not (home / "runs" / "other").exists()


def test_the_header_of_a_run_says_what_selected_it(litdb: Litdb, toy_run: Path) -> None:
    said = litdb("model", "inspect", str(toy_run), "--header")
    assert said.code == 0, said.err
    assert "selected on: validation: highest validation PESQ" in said.out
    assert "selected on: nothing: last epoch" in said.out


def _first(content: dict) -> str:
    return next(name for name, tensor in content.items() if tensor.dim() > 1)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: t.to("meta"), "no numbers"),
        (lambda t: t.to_sparse(), "sparse"),
        (lambda t: torch.full_like(t, float("nan")), "NaN"),
        (lambda t: torch.where(t == t.flatten()[0], float("inf"), t), "infinite"),
        (lambda t: t.to(torch.complex64), "complex"),
        (lambda t: t.to(torch.int32), "int32"),
        (lambda t: torch.zeros(1).expand(t.shape), "fewer numbers"),
    ],
)
def test_weights_that_are_no_numbers_are_named(spoil, said: str, tmp_path: Path) -> None:
    content = dict(to_stored(trained()[0]))
    name = _first(content)
    content[name] = spoil(content[name])
    torch.save({"model_state_dict": content}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match=said) as caught:
        load_checkpoint(tmp_path / "c.pth")
    assert name in str(caught.value) or "band" in str(caught.value)
