"""From a configuration to its network."""

from __future__ import annotations

from model.networks.bsrnn import BSRNN
from model.networks.config import BSRNNConfig, NetworkConfig, UNetConfig
from model.networks.unet import UNet

Network = UNet | BSRNN
"""A network of this package: complex [B, F, T] -> complex [B, F, T]; `.config` says how it was built."""


def build(config: NetworkConfig) -> Network:
    """A freshly initialised network (torch's global generator decides the weights; seed it to repeat them)."""
    if isinstance(config, UNetConfig):
        return UNet(config)
    if isinstance(config, BSRNNConfig):
        return BSRNN(config)
    raise TypeError(f"no network is built from {type(config).__name__}")
