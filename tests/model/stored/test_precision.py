"""Weights of another type than networks compute in load, and it is said wherever they are used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model.checkpoint import CheckpointError, load_checkpoint  # noqa: E402
from model.networks.names import to_stored  # noqa: E402
from model.stored.header import describe_header, read_header  # noqa: E402
from model.stored.precision import conversion  # noqa: E402
from tests.cli.conftest import Litdb  # noqa: E402
from tests.model.cli.conftest import home as home  # noqa: E402
from tests.model.cli.conftest import litdb as litdb  # noqa: E402
from tests.model.stored.kinds import trained  # noqa: E402

TYPES = ["float16", "bfloat16", "float64", "float8_e4m3fn"]


def saved(path: Path, kind: str, only: int | None = None) -> Path:
    """A checkpoint whose tensors (or the first few) are of that type."""
    stored = to_stored(trained()[0])
    for number, (name, tensor) in enumerate(stored.items()):
        if only is None or number < only:
            stored[name] = tensor.to(getattr(torch, kind))
    torch.save({"model_state_dict": stored}, path)
    return path


@pytest.mark.parametrize("kind", TYPES)
def test_a_type_is_loaded_as_float32_and_said(kind: str, tmp_path: Path) -> None:
    path = saved(tmp_path / "c.pth", kind)
    network, meta = load_checkpoint(path)
    assert {p.dtype for p in network.parameters()} == {torch.float32}
    count = len(to_stored(network))
    assert meta.types == {kind: count}
    header = read_header(path)
    assert header.to_json()["types"] == {kind: count}
    said = describe_header(header)
    assert f"model_state_dict, {kind}" in said
    assert f"of {count} tensors of weights the file holds {count} as {kind}: they are rounded " in said
    assert ("when they are loaded" in said) == (kind == "float64")


def test_a_part_of_another_type_is_counted(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.pth", "float16", only=3)
    meta = load_checkpoint(path)[1]
    assert meta.types["float16"] == 3
    assert conversion(meta.types).startswith(
        f"of {sum(meta.types.values())} tensors of weights the file holds 3 as"
    )
    assert conversion({"float16": 1, "float64": 2, "float32": 9}).startswith(
        "of 12 tensors of weights the file holds 1 as float16, 2 as float64: "
        "they are rounded before they were saved or rounded to float32 when they are loaded"
    )


def test_the_usual_type_needs_no_word(tmp_path: Path) -> None:
    path = saved(tmp_path / "c.pth", "float32")
    header = read_header(path)
    assert list(header.types) == ["float32"]
    assert "attention" not in describe_header(header)
    assert conversion({"float32": 4}) == conversion({}) == ""


def test_a_double_beyond_float32_is_refused(tmp_path: Path) -> None:
    stored = to_stored(trained()[0])
    name = next(iter(stored))
    stored[name] = torch.full_like(stored[name], 1e300, dtype=torch.float64)
    torch.save({"model_state_dict": stored}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match="beyond what float32 can hold"):
        load_checkpoint(tmp_path / "c.pth")


def test_nan_in_a_type_that_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    stored = to_stored(trained()[0])
    name = next(iter(stored))
    stored[name] = torch.full_like(stored[name], float("nan")).to(torch.float8_e4m3fn)
    torch.save({"model_state_dict": stored}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match="NaN or infinite"):
        load_checkpoint(tmp_path / "c.pth")


def test_evaluate_says_it_and_keeps_it_for_the_catalogue(litdb: Litdb, toy: Path, home: Path) -> None:
    path = saved(home / "half.pth", "float16")
    said = litdb(
        "model", "evaluate", "-c", str(path), "--data", str(toy), "--workers", "1", "--run", "runs/half"
    )
    assert said.code == 0, said.err
    assert "as float16: they are rounded before they were saved" in said.out
    summary = json.loads(next((home / "runs" / "half").rglob("summary.json")).read_text())
    (types,) = [entry["types"] for entry in summary["entries"]]
    assert list(types) == ["float16"]
    one = next(toy.rglob("*.wav"))
    said = litdb("model", "enhance", str(one), str(home / "out.wav"), "-c", str(path))
    assert said.code == 0, said.err
    assert "as float16" in said.err
    assert "as float16" in litdb("model", "describe", str(path)).err
