"""What the package tells litdb of its networks agrees with the networks that it builds."""

from __future__ import annotations

import pytest

from litdb.values.network import NetworkProperty
from model.described import describe_network
from model.networks import VARIANTS, BSRNNConfig, UNetConfig, build
from model.networks.attention import AxialBottleneck


@pytest.mark.parametrize("name", list(VARIANTS))
def test_every_fact_is_that_of_the_network_built(name: str) -> None:
    found = describe_network(name, stages=True)
    assert found is not None and found.name == name
    said = {fact.name: fact.value for fact in found.facts}
    network = build(VARIANTS[name])
    assert said[NetworkProperty.PARAMETERS] == sum(p.numel() for p in network.parameters())
    assert sum(stage.parameters for stage in found.stages) == said[NetworkProperty.PARAMETERS]
    assert said[NetworkProperty.CAUSAL] == all(stage.causal for stage in found.stages)
    if isinstance(VARIANTS[name], UNetConfig):
        bottleneck = next(stage for stage in found.stages if stage.name.startswith("bottleneck"))
        assert said[NetworkProperty.BOTTLENECK_CHANNELS] == bottleneck.input_shape[0] == found.channels[-1]
        assert said[NetworkProperty.ENCODER_LAYERS] == len(found.channels)
        assert said[NetworkProperty.ATTENTION_WIDTH] == network.bottleneck.reduce.out_channels
        axial = network.bottleneck if isinstance(network.bottleneck, AxialBottleneck) else None
        assert said[NetworkProperty.ATTENTION_BRANCHES] == (len(axial.row.branches) if axial else 0)
    else:
        assert isinstance(VARIANTS[name], BSRNNConfig)
        assert said[NetworkProperty.BANDS] == len(network.embed)
        assert said[NetworkProperty.BLOCKS] == len(network.along_time) == len(network.along_bands)


@pytest.mark.parametrize("name", list(VARIANTS))
def test_what_is_said_without_the_network_is_said_with_it(name: str) -> None:
    cheap, whole = describe_network(name), describe_network(name, stages=True)
    assert cheap is not None and whole is not None
    assert cheap.fact(NetworkProperty.PARAMETERS) is None and not cheap.stages
    assert set(cheap.facts) <= set(whole.facts)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("M4", "not causal: norms and attention see the whole utterance"),
        ("M4-cumulative", "not causal: attention sees the whole utterance"),
        ("M4-window", "not causal: norms see the whole utterance"),
        ("M4-causal", "is causal: norms and attention know the past alone"),
    ],
)
def test_why_a_network_is_not_causal(name: str, words: str) -> None:
    found = describe_network(name)
    assert found is not None
    fact = found.fact(NetworkProperty.CAUSAL)
    assert fact is not None and words in fact.words
