"""Names of models in sentences."""

from __future__ import annotations

import pytest

from tests.draft.world import world


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "GoldNet and TinNet's network (SilverNet), as in OwnNet.",
            ["GoldNet", "TinNet", "SilverNet", "OwnNet"],
        ),
        ("SilverNet + aug beats SilverNet by 0.04.", ["SilverNet + aug", "SilverNet"]),
        ("A GoldNet-like network, a SilverNet-XL and goldnet are none.", []),
        ("MyGoldNet, GoldNet2 and Gold Net.", ["Gold Net"]),
        ("Noisy speech is the base of it.", []),
        ("“GoldNet”: 3.40; GoldNet/TinNet", ["GoldNet", "GoldNet"]),
        ("", []),
    ],
)
def test_names_of_models_in_a_sentence(text: str, names: list[str]) -> None:
    found = world().mentions(text)
    assert [mention.name for mention in found] == names
    assert [text[mention.start : mention.end] for mention in found] == names


def test_a_name_of_several_models_has_them_all() -> None:
    (mention,) = world().mentions("TwinNet has two papers.")
    assert mention.models == ("TwinNet-short", "TwinNet-long")
