"""Weights that never moved, vanished or grew are named under their names in the file."""

import json
import re
import shutil
from pathlib import Path

import pytest
import torch

from model.checkpoint import load_checkpoint, save_checkpoint
from model.errors import ModelUsageError
from model.inspection.initial import State, weight_states
from model.inspection.report import weight_findings
from model.networks import Network, build, variant


def drawn(seed: int) -> Network:
    torch.manual_seed(seed)
    return build(variant("M4"))


def nudged(network: Network, by: float, seed: int, shared: bool = False) -> Network:
    """Every weight moved at random by a part of its size; `shared`: by the same amount upwards as well."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            size = parameter.square().mean().sqrt()
            parameter += by * size * torch.randn_like(parameter) + (0.3 * size if shared else 0)
    return network


def states_of(network: Network, path: Path, other: Path | None = None) -> dict:
    save_checkpoint(path, network)
    return {state.name: state for state in weight_states(path, other)[0]}


def test_what_was_broken_by_hand_is_named(tmp_path: Path) -> None:
    network = nudged(drawn(3), 0.1, 4)
    with torch.no_grad():
        network.bottleneck.row.norms[0].weight.zero_()
        network.bottleneck.column.norms[1].weight *= 0.01
        network.bottleneck.row.temperature *= 10
        network.encoder[1].gate.code.mid.fill_(0.4)
        network.bottleneck.code_scale.zero_()
    save_checkpoint(tmp_path / "c.pt", network)
    states, why = weight_states(tmp_path / "c.pt")
    found = {state.name: state for state in states}
    broken = {
        "m1.row_trans.norm_cross.weight": (State.ZERO, "row.cross"),
        "m1.col_trans.norm_dot.weight": (State.SHRUNK, "column.dot"),
        "m1.row_trans.cos_temperature": (State.GROWN, "row.cos.attention"),
        "conv2.gated_pe.positional_encoding.pe_mid": (State.EVEN, "fac.2.code.mid"),
        "m1.pe_scale": (State.ZERO, "bottleneck.codes"),
    }
    assert {name: (found[name].state, found[name].part) for name in broken} == broken
    assert {state.state for name, state in found.items() if name not in broken} == {State.MOVED}
    said = "\n".join(weight_findings(states, why))
    assert "m1.row_trans.norm_cross.weight is zero throughout (part row.cross)." in said
    assert re.search(r"m1\.row_trans\.cos_temperature has (9\.\d|1\d) times the size it started with", said)
    assert "the checkpoint lies in no training run" in said


def test_values_that_every_seed_shares_need_no_run(tmp_path: Path) -> None:
    found = states_of(drawn(3), tmp_path / "c.pt")
    assert found["m1.k1"].state is State.INITIAL
    assert found["conv1.gated_pe.positional_encoding.pe_low"].moved == 0
    assert (
        found["m1.row_trans.query_dot.weight"].state is State.MOVED
    )  # drawn, and nobody knows with which seed
    assert found["m1.row_trans.query_dot.weight"].moved is None
    assert found["m1.row_trans.query_dot.weight"].size == pytest.approx(1, abs=0.05)


def test_a_runs_own_initial_values_are_drawn_again(toy_run: Path, tmp_path: Path) -> None:
    """Of a run that was trained here; its weights moved, and with its seed alone they come from where they began."""
    run = Path(shutil.copytree(toy_run, tmp_path / "run"))
    states, why = weight_states(run / "checkpoint_last.pt")
    assert why == "drawn again with the run's seed 1"
    moved = [state.moved for state in states if state.moved is not None]
    assert 0 < max(moved) < 1
    _, meta = load_checkpoint(run / "checkpoint_last.pt")
    torch.manual_seed(1)
    save_checkpoint(run / "checkpoint_last.pt", build(meta.config))
    states, _ = weight_states(run / "checkpoint_last.pt")
    assert {state.state for state in states if state.moved is not None} == {State.INITIAL}
    environment = json.loads((run / "environment.json").read_text())
    environment["libraries"]["torch"] = "1.0"
    (run / "environment.json").write_text(json.dumps(environment))
    assert "the run used torch 1.0" in weight_states(run / "checkpoint_last.pt")[1]


def test_the_spread_between_two_seeds_is_a_unit(tmp_path: Path) -> None:
    """Slopes that two seeds moved apart as far as each moved have not learnt anything; those that moved together have."""
    save_checkpoint(tmp_path / "b.pt", nudged(drawn(2), 0.05, 12))
    noise = states_of(nudged(drawn(1), 0.05, 11), tmp_path / "a.pt", tmp_path / "b.pt")
    assert noise["prelu5.weight"].moved > 0.01
    assert noise["prelu5.weight"].noise_units == pytest.approx(1, abs=0.3)
    assert noise["prelu5.weight"].state is State.INITIAL
    assert (
        noise["m1.row_trans.query_dot.weight"].noise_units is None
    )  # drawn apart, so that their distance says nothing
    save_checkpoint(tmp_path / "d.pt", nudged(drawn(2), 0.05, 12, shared=True))
    learnt = states_of(nudged(drawn(1), 0.05, 11, shared=True), tmp_path / "c.pt", tmp_path / "d.pt")
    assert learnt["prelu5.weight"].noise_units > 4
    assert learnt["prelu5.weight"].state is State.MOVED
    with pytest.raises(ModelUsageError, match="name a run of another seed"):
        weight_states(tmp_path / "a.pt", tmp_path / "a.pt")
    save_checkpoint(tmp_path / "m3.pt", build(variant("M3")))
    with pytest.raises(ModelUsageError, match="another network"):
        weight_states(tmp_path / "a.pt", tmp_path / "m3.pt")
