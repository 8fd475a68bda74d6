"""The named networks: the steps from the baseline to the in-house system, and what is compared with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from model.errors import ModelUsageError
from model.networks.config import BSRNNConfig, NetworkConfig, UNetConfig

WINDOW = 128
"""Frames that attention along time sees in a causal network: 1.02 s."""

VARIANTS: dict[str, NetworkConfig] = {
    "M1": UNetConfig(gate="none", branches=()),
    "M2": UNetConfig(branches=()),
    "axial-dot": UNetConfig(branches=("dot",)),
    "M3": UNetConfig(branches=("dot", "cos")),
    "M4": UNetConfig(),
    "mrha3-only": UNetConfig(gate="none"),
    "M4-multiplicative": UNetConfig(gate="multiplicative"),
    "M4-direct": UNetConfig(gate="direct"),
    "M4-six-layers": UNetConfig(num_layer=6),
    "M4-cumulative": UNetConfig(norm="cumulative"),
    "M4-window": UNetConfig(window=WINDOW),
    "M4-causal": UNetConfig(norm="cumulative", window=WINDOW),
    "M1-wide": UNetConfig(gate="none", branches=(), num_channel=72),
    "M2-wide": UNetConfig(branches=(), num_channel=72, inner_width=56),
    "M1-matched": UNetConfig(gate="none", branches=(), num_channel=75, inner_width=16),
    "bsrnn": BSRNNConfig(),
}
"""Name -> configuration. M2, axial-dot, M3, M4 is the ladder in which each step adds one thing; M1, M2, mrha3-only, M4
is the 2x2 of encoder and bottleneck; M4, M4-cumulative, M4-window, M4-causal is the 2x2 of what makes M4 stream: statistics of
the past alone, and attention to the past alone. M1-wide and M2-wide have M4's parameters to 1 % (and half as many MACs
again), for M4 is larger than M1 and M2; M1-matched has its MACs to 1 % and its parameters to 1.3 %, by wider convolutions and
a narrower attention, which is what costs M1 its MACs."""

ALIASES = {
    "baseline": "M1",
    "fac": "M2",
    "cosine": "M3",
    "both": "M4",
    "mrha3": "mrha3-only",
    "causal": "M4-causal",
    "baseline-wide": "M1-wide",
    "fac-wide": "M2-wide",
    "baseline-matched": "M1-matched",
}
"""What an ablation study calls them."""


def variant(name: str, **values: Any) -> NetworkConfig:
    """The configuration called `name` (a key of VARIANTS or ALIASES), with single fields replaced.

    Raises ModelUsageError for an unknown name, field or value.
    """
    known = ALIASES.get(name, name)
    if known not in VARIANTS:
        raise ModelUsageError(f"There is no network {name!r}; there are {', '.join([*VARIANTS, *ALIASES])}.")
    return VARIANTS[known].with_values(**values)


def name_of(config: NetworkConfig) -> str | None:
    """What a configuration is called, its dropout aside; None when it has no name."""
    for name, known in VARIANTS.items():
        if isinstance(config, UNetConfig) and isinstance(known, UNetConfig):
            known = replace(known, dropout=config.dropout)
        if config == known:
            return name
    return None
