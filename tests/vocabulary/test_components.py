"""Components by id, title and alias; a user's own file."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.errors import InputError, UsageError
from litdb.vocabulary.components import KINDS, components


def test_the_shipped_components_are_sound() -> None:
    known = components()
    ids = [component.id for component in known.all]
    assert len(ids) == len(set(ids)) > 40
    assert {component.item for component in known.all} == set(KINDS)
    for component in known.all:
        assert component.title
        assert all(known.of_id(near) is not None for near in component.near), component.id
        assert known.named(component.id) == component


def test_a_component_goes_by_many_names() -> None:
    known = components()
    assert known.find("Dual-Path RNN").id == "dual-path"
    assert known.find("MetricGAN", "training").metricgan
    assert known.named("something nobody does") is None


@pytest.mark.parametrize(
    ("text", "item", "said"),
    [("dual-pat", "", "did you mean dual-path"), ("mamba", "training", "is a technique"), ("???", "family", "use one of")],
)  # fmt: skip
def test_an_unknown_component_is_said_with_near_ones(text: str, item: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        components().find(text, item)


def test_a_file_of_ones_own_adds(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(
        '[[component]]\nid = "mamba"\naliases = ["Snake"]\n\n[[component]]\nid = "wavelet"\ntitle = "Wavelets"\n',
        encoding="utf-8",
    )
    known = components(own)
    assert known.find("Snake").id == "mamba"
    assert known.find("Snake").title == components().find("mamba").title
    assert known.find("wavelets").item == "technique"


@pytest.mark.parametrize(
    "text", ["[[component]", '[[component]]\nid = "x"\nitem = "colour"', '[[component]]\nid = "x"\nsize = 3']
)
def test_a_file_that_is_none(tmp_path: Path, text: str) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.toml"):
        components(own)
    with pytest.raises(InputError, match="cannot be read"):
        components(tmp_path / "absent.toml")
