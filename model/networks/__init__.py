"""Networks for complex-spectrum speech enhancement, and the configuration that says which one.

network = build(variant("M4"))
enhanced = network(spec)  # complex [B, F, T] -> complex [B, F, T], F = 257

What is named here is loaded when it is first used: what a configuration says can be read without torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.networks.bsrnn import BSRNN
    from model.networks.building import Network, build
    from model.networks.config import BSRNNConfig, NetworkConfig, UNetConfig, config_from_json
    from model.networks.discriminator import MetricDiscriminator
    from model.networks.unet import UNet
    from model.networks.variants import VARIANTS, variant

_LAZY = {
    "BSRNN": "bsrnn",
    "Network": "building",
    "build": "building",
    "BSRNNConfig": "config",
    "NetworkConfig": "config",
    "UNetConfig": "config",
    "config_from_json": "config",
    "MetricDiscriminator": "discriminator",
    "UNet": "unet",
    "VARIANTS": "variants",
    "variant": "variants",
}

__all__ = [
    "BSRNN",
    "VARIANTS",
    "BSRNNConfig",
    "MetricDiscriminator",
    "Network",
    "NetworkConfig",
    "UNet",
    "UNetConfig",
    "build",
    "config_from_json",
    "variant",
]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module 'model.networks' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"model.networks.{_LAZY[name]}"), name)
    globals()[name] = value
    return value
