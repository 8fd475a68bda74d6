"""What speaks for a family: titles, names, abstracts, stated components, tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from litdb.evidence.components.families import NumberSpan, PaperApproach, StatedComponent, supports
from litdb.vocabulary.families import approaches


def best(title: str = "", **known: object) -> str:
    found = supports(PaperApproach("arXiv:2401.00001", title, **known), approaches())  # type: ignore[arg-type]
    return max(found, key=lambda family: found[family].weight, default="")


@pytest.mark.parametrize(
    ("title", "family"),
    [
        ("One: a U-Net for speech enhancement", "u-net"),
        ("One: UNets for speech enhancement", "u-net"),
        (
            "Mamba UNet for speech enhancement",
            "state-space",
        ),  # of two that are named, the first of the vocabulary
        ("Conformer GAN with two stages", "conformer"),
        ("A Taylor transformer for U-Net-based enhancement", "u-net"),  # what it is based on
        ("Enhancement based on self-supervised embedding with attention", "self-supervised"),
        ("Schrödinger Bridges for speech", "diffusion"),
        ("SEMamba for speech", "state-space"),  # the humps of a name
        ("XYCRN+ for speech", "convolutional-recurrent"),  # a name in capitals ends in a word
        ("The ganglion and the unethical attentiveness", ""),  # whole words only
        ("", ""),
    ],
)
def test_titles(title: str, family: str) -> None:
    assert best(title) == family


def test_what_is_weaker_speaks_where_the_title_does_not() -> None:
    stated = (StatedComponent("conformer", "technique"), StatedComponent("discriminator", "training"))
    assert best("Speech enhancement", stated=stated) == "conformer"
    assert best("A metric GAN", stated=stated) == "gan"
    assert best("Speech enhancement", abstract="We propose a dual-path network.") == "dual-path"
    assert best("Speech enhancement", names=("FastUNet",)) == "u-net"
    assert best("Speech enhancement", text="w/o Mamba") == "state-space"
    remark = (StatedComponent("skips", "technique", "a U-Net with GRUs"),)
    assert best("Speech enhancement", stated=remark) == "u-net"


def test_why_is_said_in_words() -> None:
    known = PaperApproach("x", "A U-Net", stated=(StatedComponent("u-net", "technique"),), text="w/o U-Net")
    assert supports(known, approaches())["u-net"].why == (
        "title says U-Net",
        "stated: u-net",
        "its tables and notes say U-Net",
    )


@given(st.text(), st.text())
def test_no_text_is_too_strange(title: str, text: str) -> None:
    for one in supports(PaperApproach("x", title, abstract=text, names=(text,)), approaches()).values():
        assert one.weight > 0 and one.why


def test_spans() -> None:
    assert NumberSpan.of([]) is None
    assert NumberSpan.of([3.0, 1.0]) == NumberSpan(1.0, 3.0, 2)
