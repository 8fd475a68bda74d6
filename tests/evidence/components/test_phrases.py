"""Words of tables as components: longest name wins, short forms are looked up in the paper's own text."""

from __future__ import annotations

import pytest

from litdb.evidence.components.phrases import Context, Phrases, words_of
from litdb.vocabulary.components import Abbreviation, Component, Components, components

SHIPPED = Phrases(components())


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("phase", ("phase",)),
        ("Pha. dec.", ("phase",)),
        ("the Phase Decoder", ("phase",)),
        ("phase branch module", ("phase",)),
        ("Pha. loss", ("phase-loss",)),
        ("phase loss", ("phase-loss",)),
        ("Metric disc.", ("discriminator",)),
        ("metric discriminator loss", ("discriminator",)),
        ("multi-scale discriminator", ("adversarial",)),
        ("Inception depthwise convolutions", ("multi-scale",)),
        ("LSTM", ("recurrent",)),
        ("sub-band Conv", ("sub-band",)),
        ("Consistency Loss", ("consistency-loss",)),
        ("TL (L_old)", ()),
        ("two-phase curriculum training", ()),
        ("PreConvs only in encoder", ()),
        ("attention input features", ()),
        ("", ()),
        ("(17, 17, 17, 17)", ()),
    ],
)
def test_what_a_label_names(text: str, means: tuple[str, ...]) -> None:
    assert SHIPPED.means(text) == means


def test_short_forms_are_spelled_out_by_the_papers_own_text() -> None:
    caption = Context(text="All use the same loss (without Consistency Loss and with Time Loss).")
    assert SHIPPED.means("CL", caption) == ("consistency-loss",)
    assert SHIPPED.means("TL (L_old)", caption) == ("time-loss",)
    assert SHIPPED.means("CL") == SHIPPED.means("CL", Context(text="contrastive learning")) == ()


@pytest.mark.parametrize("text", ["XYZ means Deformable Embedding; more", "a deformable embedding (XYZ) is", "XYZ: deformable convolution."])  # fmt: skip
def test_definitions_in_captions(text: str) -> None:
    assert SHIPPED.means("XYZ", Context(text=text)) == ("deformable",)


def test_an_abbreviation_holds_in_its_paper_only() -> None:
    phase = Component("phase", "Phase", "technique", ("complex branch",), without=("magnitude branch",))
    known = Phrases(Components([phase], [Abbreviation("CB", "complex branch", "2001.00001"), Abbreviation("MB", "magnitude branch", "2001.00001")]))  # fmt: skip
    here, there = Context("2001.00001"), Context("2001.00002")
    assert known.means("CB", here) == ("phase",)
    assert known.means("CB", there) == ()
    assert known.without(phase, "MB", here)
    assert not known.without(phase, "MB", there)
    assert not known.without(phase, "CB", here)


def test_words_are_compared_without_case_punctuation_and_plural() -> None:
    assert words_of("Multi-Scale Convolutions!") == ("multi", "scale", "convolution")
    assert words_of("w/o Loss") == ("w", "o", "loss")
