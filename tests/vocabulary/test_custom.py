"""What the field leaves unsaid: the band of PESQ."""

from __future__ import annotations

import pytest

from litdb.vocabulary import custom
from litdb.vocabulary.protocol import NOTHING_STATED, Item, Protocol


@pytest.mark.parametrize("protocol", [NOTHING_STATED, Protocol.stated(rate="16000", mapping="LQO")])
def test_unqualified_pesq_on_voicebank_demand_is_wide_band(protocol: Protocol) -> None:
    assert custom.band("PESQ", "vbd", protocol, "why") == Item("WB", "inferred", "why")


@pytest.mark.parametrize(
    ("quantity", "dataset", "protocol"),
    [
        ("STOI", "vbd", NOTHING_STATED),
        ("PESQ", "dns2020-noreverb", NOTHING_STATED),
        ("PESQ", "", NOTHING_STATED),
        ("PESQ", "vbd", Protocol.stated(rate="8000")),
        ("PESQ", "vbd", Protocol.stated(mapping="raw")),
        ("PESQ", "vbd", Protocol.stated(band="NB")),
    ],
)
def test_where_custom_says_nothing_nothing_is_inferred(
    quantity: str, dataset: str, protocol: Protocol
) -> None:
    assert custom.band(quantity, dataset, protocol, "why") is None
