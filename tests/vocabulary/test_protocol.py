"""How a number was obtained: an immutable set of items, equal where its content is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.vocabulary.protocol import ITEMS, NOTHING_STATED, Item, Protocol

protocols = st.dictionaries(
    st.sampled_from(list(ITEMS)),
    st.builds(Item, st.text(max_size=8), st.sampled_from(["stated", "inferred"]), st.text(max_size=8)),
).map(Protocol.of)


@given(protocols)
def test_json_and_back(protocol: Protocol) -> None:
    assert Protocol.from_json(protocol.to_json()) == protocol


@given(protocols, st.randoms())
def test_the_order_of_items_does_not_matter(protocol: Protocol, random: object) -> None:
    pairs = list(protocol)
    random.shuffle(pairs)  # type: ignore[attr-defined]
    again = Protocol.of(pairs)
    assert again == protocol
    assert again.digest == protocol.digest


@given(protocols, protocols)
def test_merging_fills_what_is_not_stated_and_overrides_nothing(one: Protocol, two: Protocol) -> None:
    merged = one.merged(two)
    for name in ITEMS:
        expected = one.item(name) or two.item(name)
        assert merged.item(name) == expected


def test_items_are_set_and_taken_out_in_copies() -> None:
    wide = NOTHING_STATED.with_("band", Item("WB", "inferred", "custom"))
    assert (wide.get("band"), NOTHING_STATED.get("band")) == ("WB", None)
    assert wide.without("band") == NOTHING_STATED
    assert Protocol.stated(band="WB").digest != wide.digest  # the basis is part of it


def test_an_unknown_item_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        Protocol.stated(colour="red")
