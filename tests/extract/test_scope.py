"""What captions, titles and notes say of the scope of numbers, of who ran a model, and which test set they name."""

from __future__ import annotations

import pytest

from litdb.extract import ACCEPT_THRESHOLD
from litdb.extract.meaning.scope import narrowed
from litdb.extract.meaning.scope.mentions import mentions
from litdb.extract.meaning.scope.said import said
from tests.extract.support import latex, read
from tests.extract.tables import FORMATS, paper

VBD = "VoiceBank+DEMAND"
ROWS = [
    ["Model", "PESQ", "CSIG"],
    ["BarNet", "2.81", "4.01"],
    ["QuxNet", "2.91", "4.11"],
    ["FooNet (ours)", "3.11", "4.31"],
]


@pytest.mark.parametrize(
    "caption",
    [
        f"Results on the validation part of {VBD}.",
        f"Development set scores, {VBD}.",
        f"Scores on the training split of {VBD}.",
        f"{VBD} at 7.5 dB SNR.",
        f"{VBD}, only the 12.5 dB condition.",
        f"Results on {VBD} for cafe noise.",
        f"Results on 50 randomly chosen files of {VBD}.",
        f"Median scores on {VBD}.",
        f"Worst-case PESQ on {VBD}.",
        f"Best of three runs on {VBD}.",
        f"{VBD}, PESQ computed by P.862.1.",
        f"Narrow-band PESQ on {VBD}.",
        f"{VBD}, resampled to 8 kHz.",
        f"Improvement in PESQ on {VBD}.",
        f"{VBD} with ideal masks.",
        f"PESQ targets used in training, {VBD}.",
        f"Scores predicted by our estimator on {VBD}.",
        f"{VBD} after adaptation to the test set: models tuned on the test set.",
        f"Bandwidth extension results on {VBD}.",
        f"Results on {VBD} with 10% packet loss.",
        "Results on VoiceBank+MUSAN.",
    ],
)
def test_scope_in_words_is_carried_or_proposed(caption: str) -> None:
    readings = [r for r in paper("latex", ROWS, caption=caption).readings if r.quantity == "PESQ"]
    assert len(readings) == 3
    for reading in readings:
        plain = reading.metric == "PESQ" and reading.dataset == VBD and "[" not in reading.model
        assert reading.confidence < ACCEPT_THRESHOLD or not plain


@pytest.mark.parametrize(
    "caption",
    [
        f"Results on the {VBD} test set.",
        f"Comparison with other methods on {VBD}.",
        "Objective evaluation on VoiceBank-DEMAND.",
        f"Comparison of the proposed FooNet with prior work on the {VBD} benchmark. Best results in bold.",
        f"Denoising performance on {VBD} (824 utterances). Higher is better.",
        f"Evaluation on the public {VBD} test set with 16 kHz sampling rate.",
        f"Comparison with time-domain and time-frequency methods on the {VBD} dataset.",
        f"Ablation of the loss functions on {VBD}.",
        f"Quantitative comparison on {VBD}.",
        f"Speech quality and intelligibility of several systems, {VBD} test set.",
        f"FooNet against published systems ({VBD}).",
        f"Average scores over all {VBD} test utterances.",
        f"{VBD}: objective scores. Bold marks the best.",
        f"Enhancement performance of FooNet and baselines on the standard {VBD} test set.",
        f"Main results on {VBD}, sorted by year.",
        f"Results of state-of-the-art methods on the {VBD} corpus.",
        f"Performance and model size on {VBD}.",
        "Scores on the Valentini test set.",
    ],
)
def test_plain_captions_are_accepted(caption: str) -> None:
    readings = [r for r in paper("latex", ROWS, caption=caption).readings if r.quantity == "PESQ"]
    assert [r.dataset for r in readings] == [VBD] * 3
    assert all(r.confidence >= ACCEPT_THRESHOLD and r.metric == "PESQ" for r in readings)


@pytest.mark.parametrize(
    ("text", "said_of_it"),
    [
        ("at 17.5 dB SNR", [("condition", "SNR 17.5 dB")]),
        ("SNRs from -5 to 15 dB", []),
        ("selected on the validation set", []),
        ("medians are given", [("statistic", "median")]),
        ("the target speaker is enhanced", []),
    ],
)
def test_what_a_text_says_of_scope(text: str, said_of_it: list[tuple[str, str]]) -> None:
    assert [(scope.kind, scope.value) for scope in said(text)] == said_of_it


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Results on WSJ0+DEMAND.", ["WSJ0+DEMAND"]),
        ("on the HarborTalk corpus", ["HarborTalk"]),
        (f"Performance on {VBD} test set", [VBD]),
        ("Comparison of models and results", []),
    ],
)
def test_the_test_sets_that_a_text_names(text: str, titles: list[str]) -> None:
    assert [mention.title for mention in mentions(text)] == titles


def test_a_set_named_as_training_data_is_so_marked() -> None:
    assert [m.trained for m in mentions(f"Models trained on {VBD}, tested on TIMIT")] == [True, False]


@pytest.mark.parametrize("mark", ["†", "*", "‡"])
def test_marks_say_who_ran_a_row(mark: str) -> None:
    rows = [["Model", "PESQ"], [f"BarNet {mark}", "2.69"], ["FooNet (ours)", "2.88"]]
    ran = paper(
        "markdown", rows, caption=f"Results on {VBD}. {mark} retrained by us on half of the training data."
    )
    bar = next(r for r in ran.readings if r.model == "BarNet")
    assert bar.reproduced and bar.protocol.get("training") == "half of the training data"
    quoted = paper("markdown", rows, caption=f"Results on {VBD}. {mark} values from the cited papers.")
    assert not any(r.reproduced for r in quoted.readings)


@pytest.mark.parametrize(
    "label", ["BarNet (retrained)", "BarNet re-implemented by us", "BarNet (reproduced)"]
)
def test_a_label_says_who_ran_a_row(label: str) -> None:
    rows = [["Model", "PESQ"], [label, "2.69"], ["FooNet (ours)", "2.88"]]
    readings = paper("markdown", rows, caption=f"Results on {VBD}.").readings
    assert [r.reproduced for r in readings] == [True, False]


def test_marks_say_who_ran_a_row_and_on_what_it_was_trained() -> None:
    caption = (
        f"Results on {VBD}. † retrained by us on half of the training data. ‡ values from the cited papers."
    )
    rows = [
        ["Model", "Params", "PESQ"],
        ["OakNet †", "1.2M", "2.69"],
        ["ElmNet ‡", "2.4M", "3.01"],
        ["FooNet (ours)", "0.5M", "2.88"],
    ]
    for kind in FORMATS:
        read = {r.model: r for r in paper(kind, rows, caption=caption).readings if r.metric == "PESQ"}
        assert [read[name].reproduced for name in ("OakNet", "ElmNet", "FooNet")] == [True, False, False]
        assert [read[name].own for name in ("OakNet", "ElmNet", "FooNet")] == [False, False, True]
        training = [read[name].protocol.get("training") for name in ("OakNet", "ElmNet", "FooNet")]
        assert training == ["half of the training data", None, None]


@pytest.mark.parametrize(
    ("said", "title", "known"),
    [
        ("dereverberation", "EARS-Reverb", True), ("dereverberation", "DNS-2020 (no reverb)", False), ("Separation", "WSJ0-2mix", True),
        ("separation", "VoiceBank+DEMAND", False), ("48 kHz", "EARS-WHAM", True), ("16 kHz", "EARS-WHAM", False),
        ("48 kHz", "VoiceBank+DEMAND", False), ("speaker extraction", "LibriMix", False), ("48 kHz", "", False),
    ],
)  # fmt: skip
def test_what_a_test_set_is_for_goes_without_saying(said: str, title: str, known: bool) -> None:
    assert narrowed.goes_without_saying(said, title) is known


@pytest.mark.parametrize(
    "caption", ["PESQ (Set-A, 0\\,dB) of several models", "PESQ (5 dB) of several models"]
)
def test_an_snr_in_brackets_is_the_condition_of_the_numbers(caption: str) -> None:
    assert [(scope.kind, scope.value[:3]) for scope in said(caption.replace("\\,", " "))] == [
        ("condition", "SNR")
    ]


@pytest.mark.parametrize(
    "name", ["WSJ0-SI84+DNS-Challenge", "WSJ0-SI84 + DNS Challenge", "LRS3-T2+DNS-Challenge"]
)
def test_speech_and_noise_joined_are_no_set_of_the_noise(name: str) -> None:
    found = mentions(f"Results on {name} with unseen speakers")
    assert {mention.dataset for mention in found} == {None}


def test_a_caption_begins_with_its_model_and_a_group_names_a_part() -> None:
    body = (
        r"$B$ & $R$ & Params (M) & PESQ & STOI \\ \multicolumn{5}{l}{Encoder with DenseNet of $K=4$} \\ 4 & 1 & 2.1 & 3.37 & 0.95 \\ "
        r"1 & 4 & 1.3 & 3.39 & 0.94 \\ \multicolumn{5}{l}{Encoder with DenseNet of $K=2$} \\ 4 & 1 & 0.9 & 3.27 & 0.95 \\ 1 & 4 & 0.6 & 3.25 & 0.94 \\"
    )
    found = read(
        latex(body, "MP-SENet on VoiceBank+DEMAND for several depths of the DenseNet", "Stack less"),
        "paper.tex",
    )
    assert {reading.model.partition(" [")[0] for reading in found.readings} == {"MP-SENet"}
