"""Stand-ins for the checkpoint files of other trainers, each kind once."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from model.networks import BSRNNConfig, MetricDiscriminator, Network, build
from model.networks.names import to_stored

#: A network that trains and scores in no time.
TINY = BSRNNConfig(num_channel=4, num_layer=1, bands=(57, 200))


def trained() -> tuple[Network, dict[str, Any]]:
    """A tiny network with the state that a step of Adam leaves."""
    network = build(TINY)
    optimizer = torch.optim.Adam(network.parameters())
    sum(parameter.sum() for parameter in network.parameters()).backward()
    optimizer.step()
    return network, optimizer.state_dict()


def whole() -> dict[str, Any]:
    network, optimizer = trained()
    return {
        "epoch": np.int64(42),
        "model_state_dict": to_stored(network),
        "optimizer_state_dict": optimizer,
        "discriminator_state_dict": to_stored(MetricDiscriminator(4)),
        "scheduler_state_dict": {"last_epoch": 42, "_last_lr": [1e-3]},
        "gen_loss": np.float64(0.125),
        "pesq_score": np.float64(2.5),
        "stoi_score": np.float32(0.5),
        "config": {"num_channel": 4, "lr": 1e-3},
    }


def adversarial() -> dict[str, Any]:
    return {
        "steps": 5,
        "discriminator": to_stored(MetricDiscriminator(4)),
        "generator": to_stored(trained()[0]),
        "optim_g": trained()[1],
    }


def prefixed(*prefixes: str) -> OrderedDict[str, torch.Tensor]:
    return OrderedDict(("".join(prefixes) + name, tensor) for name, tensor in to_stored(trained()[0]).items())


def compiled_part() -> dict[str, torch.Tensor]:
    return {
        name.replace("band_split.", "band_split._orig_mod."): tensor
        for name, tensor in to_stored(trained()[0]).items()
    }


def history() -> dict[str, Any]:
    lists: defaultdict[str, list[float]] = defaultdict(list)
    lists["loss"].append(0.5)
    return {
        "state_dict": to_stored(trained()[0]),
        "history": lists,
        "curve": np.zeros(3),
        "best": np.bool_(True),
    }


KINDS: dict[str, Callable[[], dict[str, Any]]] = {
    "whole": whole,
    "best_pesq_only": lambda: {"state_dict": to_stored(trained()[0]), "best_pesq": np.float64(2.5)},
    "generator_and_discriminator": adversarial,
    "bare": prefixed,
    "parallel_of_compiled": lambda: {"model": prefixed("module.", "_orig_mod.")},
    "compiled_of_parallel": lambda: {"model": prefixed("_orig_mod.", "module.")},
    "averaged": lambda: {"ema": {"n_averaged": torch.tensor(3), **prefixed("module.")}},
    "compiled_part": compiled_part,
    "history": history,
    "weights_among_numbers": lambda: {**prefixed(), "epoch": 3},
}


def write_all(folder: Path) -> list[Path]:
    """One file of each kind, every third in the format that torch wrote before 1.6."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (name, content) in enumerate(KINDS.items()):
        paths.append(folder / f"{name}.pth")
        torch.save(content(), paths[-1], _use_new_zipfile_serialization=number % 3 != 2)
    return paths
