"""A small file that claims a large network is refused before that takes up memory."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from model.checkpoint import CheckpointError, load_checkpoint  # noqa: E402
from model.networks import BSRNNConfig, UNetConfig, build, variant  # noqa: E402
from model.networks.names import to_stored  # noqa: E402
from model.networks.variants import VARIANTS  # noqa: E402
from tests.model.stored.kinds import TINY, trained  # noqa: E402


@pytest.mark.parametrize("name", VARIANTS)
def test_every_network_has_the_fewest_weights_and_more(name: str) -> None:
    config = variant(name)
    assert 0 < config.fewest_weights < sum(p.numel() for p in build(config).parameters())


@pytest.mark.parametrize("config", [UNetConfig(num_channel=8), BSRNNConfig(1, 1), BSRNNConfig(3, 9), TINY])
def test_so_have_small_ones(config: UNetConfig | BSRNNConfig) -> None:
    assert config.fewest_weights < sum(p.numel() for p in build(config).parameters())


@pytest.mark.parametrize(
    "claim", [{"num_channel": 10**6}, {"num_layer": 10**9}, {"num_channel": 3000, "num_layer": 40}]
)
def test_a_claimed_width_or_depth_is_refused(claim: dict[str, int], tmp_path: Path) -> None:
    config = {**TINY.to_json(), **claim}
    torch.save({"model_state_dict": to_stored(trained()[0]), "network_config": config}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match=r"at least [0-9,]+ weights, and the file [0-9,]+"):
        load_checkpoint(tmp_path / "c.pth")


@pytest.mark.parametrize(
    "extra",
    [
        {"norm_t99999999.weight": (4,)},
        {"norm_t99999999.weight": (4,), "band_split.fc99999999.weight": (4,)},
        {"band_split.fc1.weight": (2_000_000, 1)},
    ],
)
def test_so_is_one_that_names_and_shapes_claim(extra: dict[str, tuple[int, ...]], tmp_path: Path) -> None:
    stored = {**to_stored(trained()[0]), **{name: torch.zeros(shape) for name, shape in extra.items()}}
    torch.save({"model_state_dict": stored}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match=r"at least [0-9,]+ weights"):
        load_checkpoint(tmp_path / "c.pth")


@pytest.mark.parametrize(
    "stored",
    [
        {"band_split.fc1.weight": ()},
        {"conv4.conv.weight": ()},
        {"conv4.conv.weight": (64, 1), "conv5.conv.weight": (1,), "m1.input_proj.0.weight": (8,)},
        {f"norm_t{'9' * 5000}.weight": (4,), "band_split.fc1.weight": (4,)},
        {"band_split.fc99999999.weight": (4,), "band_split.fc1.weight": (4,), "norm_t1.weight": (4,)},
    ],
)
def test_shapes_and_names_of_no_network_end_in_a_sentence(
    stored: dict[str, tuple[int, ...]], tmp_path: Path
) -> None:
    torch.save({name: torch.zeros(shape) for name, shape in stored.items()}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match=r"network|weights"):
        load_checkpoint(tmp_path / "c.pth")


def test_a_pickle_of_millions_of_lists_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "c.pth", "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(
            "archive/data.pkl", b"\x80\x02}q\x00(X\x01\x00\x00\x00a](" + b"]" * 9_000_000 + b"eu."
        )
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/byteorder", "little")
    with pytest.raises(CheckpointError, match="bytes of objects beside its tensors"):
        load_checkpoint(tmp_path / "c.pth")


def test_a_claim_of_any_length_is_refused_in_a_sentence(tmp_path: Path) -> None:
    config = {**TINY.to_json(), "bands": [1] * 100_000}
    torch.save({"model_state_dict": to_stored(trained()[0]), "network_config": config}, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match="with the sum 257") as caught:
        load_checkpoint(tmp_path / "c.pth")
    assert len(str(caught.value)) < 500 + len(str(tmp_path))


def test_a_claimed_inner_width_is_refused(tmp_path: Path) -> None:
    config = UNetConfig(num_channel=8)
    content = {
        "model_state_dict": to_stored(build(config)),
        "network_config": config.to_json() | {"inner_width": 10**7},
    }
    torch.save(content, tmp_path / "c.pth")
    with pytest.raises(CheckpointError, match="at least"):
        load_checkpoint(tmp_path / "c.pth")
