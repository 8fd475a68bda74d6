"""Networks for complex-spectrum speech enhancement, and the configuration that says which one.

network = build(variant("M4"))
enhanced = network(spec)  # complex [B, F, T] -> complex [B, F, T], F = 257
"""

from model.networks.bsrnn import BSRNN
from model.networks.build import Network, build
from model.networks.config import BSRNNConfig, NetworkConfig, UNetConfig, config_from_json
from model.networks.discriminator import MetricDiscriminator
from model.networks.unet import UNet
from model.networks.variants import VARIANTS, variant

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
