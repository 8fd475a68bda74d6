"""What this package tells litdb of its networks, through the entry-point group `litdb.networks`.

What a configuration says is read without torch; only the stages need the network itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from litdb.values.network import NetworkDescription, NetworkFact, NetworkProperty, NetworkStage
from model.networks.config import BSRNNConfig, NetworkConfig, UNetConfig, config_from_json
from model.networks.variants import ALIASES, VARIANTS, name_of

if TYPE_CHECKING:
    from model.describe import Stage


def describe_network(what: str | Mapping[str, object], *, stages: bool = False) -> NetworkDescription | None:
    """The network of a name (`M4`, `both`) or of a recorded configuration; None for what is no network of this package.

    Raises ModelUsageError for a configuration of a known kind with values that it cannot take.
    """
    if isinstance(what, str):
        known = ALIASES.get(what, what)
        if known not in VARIANTS:
            return None
        name, config = known, VARIANTS[known]
    elif what.get("kind") in (UNetConfig.kind, BSRNNConfig.kind):
        config = config_from_json(what)
        name = name_of(config) or "a configuration without a name"
    else:
        return None
    facts = _facts(config)
    source = f"litdb model describe {name}" if name in VARIANTS else "the run's recorded configuration"
    if not stages:
        return NetworkDescription(name, source, _channels(config), facts)
    from model.describe import describe

    found = describe(config)
    counted = NetworkFact(
        NetworkProperty.PARAMETERS,
        found.parameters,
        f"It has {found.parameters:,} trainable parameters, counted in the network built from its configuration.",
    )
    return NetworkDescription(
        name,
        source,
        _channels(config),
        (counted, *facts),
        tuple(map(_stage, found.stages)),
        found.notes,
    )


def _channels(config: NetworkConfig) -> tuple[int, ...]:
    return config.channels if isinstance(config, UNetConfig) else ()


def _stage(stage: Stage) -> NetworkStage:
    causal = "causal" if stage.causal else "not causal"
    return NetworkStage(
        stage.name,
        stage.input_shape,
        stage.output_shape,
        stage.parameters,
        stage.causal,
        f"learnt: {stage.learnt}; {causal}: {stage.why}",
    )


def _facts(config: NetworkConfig) -> tuple[NetworkFact, ...]:
    stated = _unet(config) if isinstance(config, UNetConfig) else _bsrnn(config)
    return tuple(NetworkFact(name, value, words) for name, (value, words) in stated.items())


def _unet(config: UNetConfig) -> dict[NetworkProperty, tuple[int | bool, str]]:
    channels, branches = config.channels[-1], ", ".join(config.branches)
    name = NetworkProperty
    return {
        name.BOTTLENECK_CHANNELS: (
            channels,
            f"The bottleneck has {channels} channels (attention inside it is {config.width} wide).",
        ),
        name.ATTENTION_WIDTH: (config.width, f"Attention inside the bottleneck is {config.width} wide."),
        name.ATTENTION_BRANCHES: (
            len(config.branches),
            f"Row and column attention has {len(config.branches)} branches: {branches}."
            if branches
            else "The bottleneck is one standard attention over all positions, without branches.",
        ),
        name.ATTENTION_FRAMES: (
            config.window,
            f"Attention along time sees {config.window} frames, this one and those before it."
            if config.window
            else "Attention along time sees the whole utterance.",
        ),
        name.ENCODER_LAYERS: (
            config.num_layer,
            f"The encoder has {config.num_layer} layers of {', '.join(map(str, config.channels))} channels.",
        ),
        name.CAUSAL: (config.causal, _causal(config)),
        name.BAND_SPLIT: (False, "It is a U-Net: it has no band-split RNN and no bands of its own."),
        name.RECURRENT: (False, "It has no recurrent layer."),
        name.MASK: (False, "It estimates the enhanced complex spectrum itself, no mask."),
        name.PHASE_BRANCH: (
            False,
            "One decoder gives the real and imaginary part; there is no branch of its own for phase.",
        ),
    }


def _causal(config: UNetConfig) -> str:
    if config.causal:
        return "It is causal: norms and attention know the past alone."
    sees = [
        what
        for what, later in (("norms", config.norm != "cumulative"), ("attention", config.window == 0))
        if later
    ]
    return f"It is not causal: {' and '.join(sees)} see{'' if len(sees) > 1 or sees[0] == 'norms' else 's'} the whole utterance."


def _bsrnn(config: NetworkConfig) -> dict[NetworkProperty, tuple[int | bool, str]]:
    assert isinstance(config, BSRNNConfig)
    bands, width, blocks = len(config.bands), config.num_channel, config.num_layer
    name = NetworkProperty
    return {
        name.BANDS: (bands, f"It splits the spectrum into {bands} bands."),
        name.BAND_FEATURES: (width, f"Each band has {width} features."),
        name.BLOCKS: (blocks, f"It has {blocks} recurrent blocks along time, and as many along bands."),
        name.CAUSAL: (
            False,
            "It is not causal: its norms see the whole utterance, its mask the next frame.",
        ),
        name.BAND_SPLIT: (True, "It is the band-split RNN."),
        name.RECURRENT: (True, "It has LSTMs along time and along bands."),
        name.MASK: (True, "It estimates a complex mask of three frames."),
        name.PHASE_BRANCH: (False, "It has no branch of its own for phase."),
    }
