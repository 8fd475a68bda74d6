"""What a network is made of, as the package that builds it says: plain values, which litdb takes in without knowing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class NetworkProperty(StrEnum):
    """What can be stated of a network in one number, or yes and no; the values are names in JSON."""

    PARAMETERS = "parameters"  # all trainable ones
    BOTTLENECK_CHANNELS = "bottleneck_channels"  # that come into the bottleneck and go out of it
    ATTENTION_WIDTH = "attention_width"  # features inside the bottleneck
    ATTENTION_BRANCHES = "attention_branches"  # that are joined by a gate; 0: one standard attention
    ATTENTION_FRAMES = "attention_frames"  # that attention along time sees; 0: the whole utterance
    ENCODER_LAYERS = "encoder_layers"
    BANDS = "bands"  # of a band-split network
    BAND_FEATURES = "band_features"  # for each band
    BLOCKS = "blocks"  # recurrent, along time, and as many along bands
    CAUSAL = "causal"  # no value depends on later frames, norms included
    BAND_SPLIT = "band_split"
    RECURRENT = "recurrent"
    MASK = "mask"  # estimates one, rather than the spectrum itself
    PHASE_BRANCH = "phase_branch"  # a decoder or stream of its own for phase


@dataclass(frozen=True, slots=True)
class NetworkFact:
    """One property of a network: a count, or yes and no, and the sentence that states it."""

    name: NetworkProperty
    value: int | bool
    words: str


@dataclass(frozen=True, slots=True)
class NetworkStage:
    """One stage of a network for one second of audio; shapes without the batch, [channels, frames, bins] unless said."""

    name: str
    input_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    parameters: int
    causal: bool
    words: str


@dataclass(frozen=True, slots=True)
class NetworkDescription:
    """A network: what its configuration states, and, where it was built for that, its stages.

    `name` is what the package that describes it calls it, `channels` are those after each layer of the encoder, the last of
    them the bottleneck's, and `source` says where all this was read. `stages` is empty, and PARAMETERS not stated, where
    the network was not built.
    """

    name: str
    source: str
    channels: tuple[int, ...]
    facts: tuple[NetworkFact, ...]
    stages: tuple[NetworkStage, ...] = ()
    notes: tuple[str, ...] = ()

    def fact(self, name: NetworkProperty) -> NetworkFact | None:
        """What is stated of a property, or None."""
        return next((fact for fact in self.facts if fact.name is name), None)


class DescribesNetwork(Protocol):
    """What a package contributes under the entry-point group `litdb.networks`.

    `what` is one of the package's names for a network (never a path), or a configuration as its run folders record it;
    None comes back for what the package does not know. `stages` asks for the network to be built, which takes seconds.
    """

    def __call__(
        self, what: str | Mapping[str, object], *, stages: bool = False
    ) -> NetworkDescription | None: ...
