import hashlib
import os
import pickle

import pytest
import torch

from benchmarks.model_reference import reference
from model import checkpoint
from model.checkpoint import CheckpointError, atomic_save, load_checkpoint, load_weights, save_checkpoint
from model.networks import VARIANTS, BSRNNConfig, MetricDiscriminator, build, variant
from model.networks.names import to_stored


@pytest.mark.parametrize("name", ["M1", "M4", "M4-multiplicative"])
def test_what_is_saved_loads_with_its_configuration(name, tmp_path):
    network = build(variant(name, exact_fit=True, dropout=0.2)).eval()
    digest = save_checkpoint(tmp_path / "sub" / "best.pt", network, epoch=3, pesq_score=2.5)
    loaded, meta = load_checkpoint(tmp_path / "sub" / "best.pt")
    assert meta.config == network.config
    assert (meta.config_source, meta.epoch, meta.pesq_score, meta.gen_loss) == ("stored", 3, 2.5, None)
    assert meta.sha256 == digest == hashlib.sha256((tmp_path / "sub" / "best.pt").read_bytes()).hexdigest()
    spec = torch.randn(1, 257, 12, dtype=torch.complex64)
    with torch.no_grad():
        assert torch.equal(loaded(spec), network(spec))
    assert not loaded.training
    assert meta.to_json()["config"]["exact_fit"] is True


NAMED_AS_M4 = ("M4-multiplicative", "M4-cumulative", "M4-window", "M4-causal")
"""Variants whose weights have M4's names and shapes."""


@pytest.mark.parametrize("name", [n for n in VARIANTS if n not in NAMED_AS_M4])
def test_configuration_is_inferred_from_bare_weights(name, tmp_path):
    network = build(variant(name))
    torch.save(to_stored(network), tmp_path / "bare.pth")
    loaded, meta = load_checkpoint(tmp_path / "bare.pth")
    assert (meta.config, meta.config_source) == (VARIANTS[name], "inferred")
    assert all(
        torch.equal(a, b)
        for a, b in zip(network.state_dict().values(), loaded.state_dict().values(), strict=True)
    )


def test_wider_networks_are_inferred_too(tmp_path):
    torch.save(to_stored(build(variant("M4", num_channel=96))), tmp_path / "wide.pth")
    assert load_checkpoint(tmp_path / "wide.pth")[1].config == variant("M4", num_channel=96)


def test_files_of_the_earlier_scripts_and_of_parallel_training(tmp_path):
    yardstick = reference("M4").eval()
    state = {f"module.{name}": tensor for name, tensor in yardstick.state_dict().items()}
    content = {"model_state_dict": state, "epoch": 7, "gen_loss": 0.1, "config": {"batch": 6}}
    torch.save(content, tmp_path / "old.pth")
    network, meta = load_checkpoint(tmp_path / "old.pth")
    spec = torch.randn(1, 257, 20, dtype=torch.complex64)
    with torch.no_grad():
        assert torch.allclose(network(spec), yardstick(spec), atol=1e-5)
    assert (meta.epoch, meta.gen_loss) == (7, 0.1)


def test_a_given_configuration_overrides_the_guess(tmp_path):
    torch.save(to_stored(build(variant("M4"))), tmp_path / "m.pth")
    _, meta = load_checkpoint(tmp_path / "m.pth", variant("M4-multiplicative"))
    assert (meta.config.gate, meta.config_source) == ("multiplicative", "given")


def test_mismatches_are_named(tmp_path):
    stored = to_stored(build(variant("M4")))
    stored["m1.col_trans.key_dot.weight"] = torch.zeros(64, 32)
    del stored["bn3.weight"]
    stored["extra.weight"] = torch.zeros(1)
    torch.save(stored, tmp_path / "wrong.pth")
    with pytest.raises(CheckpointError) as error:
        load_checkpoint(tmp_path / "wrong.pth")
    text = str(error.value)
    assert "m1.col_trans.key_dot.weight is [64, 32] and should be [64, 64]" in text
    assert "bn3.weight is missing" in text
    assert "extra.weight is not part of the network" in text


def test_only_the_first_mismatches_are_named(tmp_path):
    torch.save(to_stored(build(variant("M1"))), tmp_path / "m1.pth")
    with pytest.raises(CheckpointError, match=r"conv1\.gated_pe.* and \d+ more"):
        load_checkpoint(tmp_path / "m1.pth", variant("M4"))


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/this_must_not_exist_litdb",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (Evil(), "not loaded"),
        ({"model_state_dict": {"a": torch.zeros(1)}, "config": Evil()}, "not loaded"),
        ([1, 2], "holds a list"),
        ({"model_state_dict": {}}, "no weights"),
        ({"epoch": 3}, "epoch is a int"),
        ({"conv.weight": torch.zeros(1)}, "first weights are conv.weight"),
        (
            {"network_config": {"kind": "x"}, "model_state_dict": {"a": torch.zeros(1)}},
            "describes no network",
        ),
    ],
)
def test_other_files_are_refused(content, message, tmp_path):
    torch.save(content, tmp_path / "f.pth")
    with pytest.raises(CheckpointError, match=message):
        load_checkpoint(tmp_path / "f.pth")
    assert not os.path.exists("/tmp/this_must_not_exist_litdb")


def test_unreadable_files_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match="no checkpoint"):
        load_checkpoint(tmp_path / "absent.pth")
    with pytest.raises(CheckpointError, match="folder"):
        load_checkpoint(tmp_path)
    (tmp_path / "text.pth").write_text("hello")
    (tmp_path / "empty.pth").write_bytes(b"")
    (tmp_path / "pickle.pth").write_bytes(pickle.dumps({"a": 1}))
    save_checkpoint(tmp_path / "whole.pth", build(variant("M1")))
    (tmp_path / "cut.pth").write_bytes((tmp_path / "whole.pth").read_bytes()[:5000])
    for name in ("text", "empty", "pickle", "cut"):
        with pytest.raises(CheckpointError, match=name):
            load_checkpoint(tmp_path / f"{name}.pth")


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    digest = atomic_save(tmp_path / "c.pt", {"a": torch.zeros(3)})

    def interrupted(content, file):
        file.write(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint.torch, "save", interrupted)
    with pytest.raises(KeyboardInterrupt):
        atomic_save(tmp_path / "c.pt", {"a": torch.ones(3)})
    assert [path.name for path in tmp_path.iterdir()] == ["c.pt"]
    assert checkpoint.sha256_of(tmp_path / "c.pt") == digest


def test_discriminator_weights_load_or_are_refused():
    source, target = MetricDiscriminator(), MetricDiscriminator()
    load_weights(target, to_stored(source), "the discriminator")
    assert torch.equal(source.slope, target.slope)
    stored = to_stored(source)
    del stored["layers.18.slope"]
    with pytest.raises(
        CheckpointError, match=r"the discriminator does not fit: layers\.18\.slope is missing"
    ):
        load_weights(target, stored, "the discriminator")


def test_a_smaller_bsrnn_is_inferred(tmp_path):
    config = BSRNNConfig(num_channel=8, num_layer=2, bands=(57, 200))
    torch.save(to_stored(build(config)), tmp_path / "b.pth")
    assert load_checkpoint(tmp_path / "b.pth")[1].config == config
