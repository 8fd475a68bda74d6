"""Kinds of table met in published papers: editions of a challenge, numbers of talkers, lists of sets, intervals and citations
behind numbers, sets at 8 kHz, costs of parts."""

from __future__ import annotations

import pytest

from tests.extract.support import read

_SCORES = "| Method | PESQ | SI-SDR |\n|---|---|---|\n| Noisy | 1.27 | 7.5 |\n| FooNet | 2.73 | 19.6 |\n| BarNet | 2.48 | 17.7 |\n"


def _read(text: str) -> list[tuple[str, str, float, str]]:
    found = read(text, "paper.md").readings
    return [(r.model, r.quantity, r.value, r.dataset) for r in found]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("the simulated dataset of the third CHiME challenge. We use the official script of the CHiME challenge", "CHiME-3"),
        ("the real data of the 4th CHiME challenge", "CHiME-4"),
        ("the test set of CHiME-3, from the CHiME challenge", "CHiME-3"),
    ],
)  # fmt: skip
def test_the_edition_of_a_challenge_counts_where_its_name_stands_alone_too(words: str, title: str) -> None:
    text = f"# FooNet\n\nExperiments are conducted on {words}.\n\n{_SCORES}"
    assert {dataset for *_, dataset in _read(text)} == {title}


@pytest.mark.parametrize("talkers", ["Libri2Mix", "Libri3Mix"])
def test_mixtures_of_two_and_of_three_talkers_are_two_sets(talkers: str) -> None:
    text = f"# FooNet\n\n### Results on {talkers}\n\nThe [LibriMix](https://example.org/LibriMix) scripts make the data.\n\n{_SCORES}"
    assert {dataset for *_, dataset in _read(text)} == {talkers}


def test_a_family_without_the_number_of_talkers_keeps_its_name() -> None:
    assert {dataset for *_, dataset in _read(f"# FooNet\n\n### Results on LibriMix\n\n{_SCORES}")} == {
        "LibriMix"
    }


@pytest.mark.parametrize(
    ("over", "caption"),
    [
        (("LRS2-2Mix", "VoxCeleb2-2Mix"), "Comparison on two test sets."),
        (("LRS2-3mix", "VoxCeleb2-3mix"), "Comparison of methods on the LRS2-3mix and VoxCeleb2-3mix datasets."),
        (("Hindi (1,665 utt)", "Lahaja (n=304 files)"), "Comparison of methods."),
    ],
)  # fmt: skip
def test_heads_that_are_names_of_sets(over: tuple[str, str], caption: str) -> None:
    one, two = over
    text = (
        f"# FooNet\n\n|  | {one} |  | {two} |  |\n|---|---|---|---|---|\n| Model | PESQ | STOI | PESQ | STOI |\n"
        f"| Noisy | 1.27 | 0.87 | 1.31 | 0.85 |\n| FooNet | 2.73 | 0.97 | 2.50 | 0.95 |\n\n{caption}\n"
    )
    sets = [name.partition(" (")[0] for name in over]
    assert [row for row in _read(text) if row[0] == "FooNet"] == [
        ("FooNet", "PESQ", 2.73, sets[0]), ("FooNet", "STOI", 0.97, sets[0]),
        ("FooNet", "PESQ", 2.5, sets[1]), ("FooNet", "STOI", 0.95, sets[1]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "spread"),
    [("2.73 [2.71, 2.75]", 0.02), ("2.73 (2.71–2.75)", 0.02), ("2.73 [95% CI: 2.70, 2.76]", 0.03)],
)
def test_a_number_with_its_interval(cell: str, spread: float) -> None:
    (one, _) = read(f"| Model | PESQ |\n|---|---|\n| FooNet | {cell} |\n| BarNet | 2.5 |\n", "a.md").readings
    assert (one.value, round(one.uncertainty or 0, 6)) == (2.73, spread)


@pytest.mark.parametrize("cell", ["2.73 [3.71, 3.75]", "2.73 [1]2", "2.73 [x]"])
def test_what_is_no_interval_and_no_citation_is_not_read(cell: str) -> None:
    assert [
        row[0] for row in _read(f"| Model | PESQ |\n|---|---|\n| FooNet | {cell} |\n| BarNet | 2.5 |\n")
    ] == ["BarNet"]


@pytest.mark.parametrize("cited", ["\\[7\\]", "[17]", "[7, 12]", "[69, 71]", "\\[resepformer\\]"])
def test_a_number_with_the_paper_that_it_is_from(cited: str) -> None:
    found = _read(
        f"| Model | SI-SDR | GMACs |\n|---|---|---|\n| FooNet | 9.2 {cited} | 69.6 {cited} |\n| BarNet | 9.7 | 3.5 |\n"
    )
    assert [row[2] for row in found] == [9.2, 69.6e9, 9.7, 3.5e9]


@pytest.mark.parametrize("word", ["(matched)", "(mismatched)", "(unseen)"])
def test_what_a_set_is_to_the_training_is_no_set(word: str) -> None:
    text = (
        "| Dataset | Model | SI-SDR | ESTOI |\n|---|---|---|---|\n| WSJ0-2mix | FooNet | 16.0 | 0.91 |\n"
        f"| {word} | BarNet | 14.3 | 0.90 |\n| TIMIT | FooNet | 10.3 | 0.80 |\n| {word} | BarNet | 9.6 | 0.78 |\n"
    )
    assert [row[3] for row in _read(text)] == ["WSJ0-2mix"] * 4 + ["TIMIT"] * 4


@pytest.mark.parametrize(
    ("title", "said", "accepted"),
    [
        ("WSJ0-2mix", "", False),
        ("SMS-WSJ", "", False),
        ("WSJ0-2mix", " at 16 kHz", True),
        ("VoiceBank+DEMAND", "", True),
    ],
)
def test_pesq_on_a_set_at_8_khz_waits_until_its_band_is_told(title: str, said: str, accepted: bool) -> None:
    found = read(
        f"# FooNet\n\n**Table 1: Results on the {title} test set{said}.**\n\n{_SCORES}", "a.md"
    ).readings
    pesq = [r.confidence >= 0.8 for r in found if r.quantity == "PESQ" and r.model == "FooNet"]
    assert pesq == [accepted]
    told = read(
        f"# FooNet\n\n**Table 1: Results on the {title} test set.**\n\n{_SCORES.replace('PESQ', 'NB-PESQ')}",
        "a.md",
    ).readings
    assert all(r.confidence >= 0.8 for r in told if r.quantity == "PESQ")


def test_a_cost_of_a_part_tells_no_rows_apart() -> None:
    text = (
        "**Table 1: Results on VoiceBank+DEMAND.**\n\n| Unit | PESQ | CSIG | FooNet Params (K) | Unit Params (K) |\n|---|---|---|---|---|\n"
        "| Without With | 2.7 | 4.0 | 729 | 0 |\n| Without With | 2.8 | 4.1 | 739 | 10 |\n"
    )
    found = read(text, "a.md").readings
    assert {r.model for r in found} == {"Without With"} and all(r.confidence < 0.8 for r in found)


@pytest.mark.parametrize("words", ["toolkit", "scripts", "code", "simulator"])
def test_a_program_named_like_a_set_is_not_tested_on(words: str) -> None:
    text = f"# FooNet\n\n## Data\n\nWe use the [SMS-WSJ](https://example.org/a) {words} to simulate mixtures of our own speech.\n\n## Results\n\n{_SCORES}"
    assert {dataset for *_, dataset in _read(text)} == {""}


def test_an_address_names_no_set() -> None:
    text = f"# FooNet\n\n## Data\n\nOur [mixtures](https://example.org/LibriMix) are short.\n\n## Results\n\n{_SCORES}"
    assert {dataset for *_, dataset in _read(text)} == {""}


@pytest.mark.parametrize(("one", "two"), [("noisy", "filtered"), ("Ruidosa", "Filtrada")])
@pytest.mark.parametrize("head", ["SNR [dB]", "SNR (dB)", "Input SNR"])
def test_rows_of_one_metric_that_name_systems_behind_it(one: str, two: str, head: str) -> None:
    text = f"| {head} | -5 | 0 | Mean |\n|---|---|---|---|\n| PESQ - {one} | 1.22 | 1.59 | 1.40 |\n| PESQ - {two} | 1.38 | 1.86 | 1.62 |\n"
    assert [f"{model}: {value}" for model, _, value, _ in _read(text)] == [
        f"{one} [SNR -5 dB]: 1.22", f"{two} [SNR -5 dB]: 1.38", f"{one} [SNR 0 dB]: 1.59", f"{two} [SNR 0 dB]: 1.86",
        f"{one}: 1.4", f"{two}: 1.62",
    ]  # fmt: skip


@pytest.mark.parametrize("header", ["SI-SDR/dB ↑", "SI-SDR/dB", "SI-SDR (dB) ↑"])
def test_the_unit_behind_a_stroke(header: str) -> None:
    found = read(f"| Model | {header} |\n|---|---|\n| FooNet | 14.7 |\n| BarNet | 16.3 |\n", "a.md").readings
    assert [r.quantity for r in found] == ["SI-SDR", "SI-SDR"]
    assert not any("more than the metric" in str(reason) for r in found for reason in r.reasons)


@pytest.mark.parametrize("other", ["WV-MOS", "WVMOS", "DistillMOS", "SI-SIR", "SI-SAR", "MOSNet"])
def test_a_score_outside_the_vocabulary_is_no_other(other: str) -> None:
    text = f"| Model | PESQ | {other} |\n|---|---|---|\n| FooNet | 2.73 | 4.1 |\n| BarNet | 2.5 | 4.0 |\n"
    assert {quantity for _, quantity, *_ in _read(text)} == {"PESQ"}


@pytest.mark.parametrize("corner", ["SNR (dB) →", "Mic. distance →", "Condition ⇒"])
def test_an_arrow_in_the_corner_speaks_of_the_columns(corner: str) -> None:
    text = (
        f"|  | PESQ |  | SRMR |  |\n|---|---|---|---|---|\n| {corner} | 15 dB | 35 dB | 15 dB | 35 dB |\n"
        "| Reverberant | 1.98 | 2.11 | 3.08 | 3.17 |\n| FooNet | 2.66 | 2.8 | 4.06 | 4.94 |\n"
    )
    assert [row[:3] for row in _read(text)][:4] == [
        ("Reverberant [SNR 15 dB]", "PESQ", 1.98), ("Reverberant [SNR 35 dB]", "PESQ", 2.11),
        ("Reverberant [SNR 15 dB]", "SRMR", 3.08), ("Reverberant [SNR 35 dB]", "SRMR", 3.17),
    ]  # fmt: skip


@pytest.mark.parametrize("change", ["w/o", "without", "-", "No"])
def test_labels_broken_over_rows_are_whole(change: str) -> None:
    text = (
        "**Table 2: Ablation on VoiceBank+DEMAND.**\n\n| Method | PESQ | CSIG |\n|---|---|---|\n| FooBar | 3.45 | 4.71 |\n| GAN |  |  |\n"
        f"| {change} | 3.47 | 4.76 |\n| Depthwise |  |  |\n| {change} | 3.41 | 4.69 |\n| pruning |  |  |\n"
    )
    models = [model for model, quantity, *_ in _read(text) if quantity == "PESQ"]
    assert models[0] == "FooBar GAN" and [m.rpartition(" ")[2] for m in models[1:]] == [
        "Depthwise",
        "pruning",
    ]


def test_titles_of_rows_stay_titles_where_no_label_is_broken() -> None:
    text = "| Method | PESQ | CSIG |\n|---|---|---|\n| Noisy | 1.97 | 3.35 |\n| Generative |  |  |\n| FooNet | 2.9 | 4.1 |\n| Regression |  |  |\n| BarNet | 3.0 | 4.3 |\n"
    assert [model for model, quantity, *_ in _read(text) if quantity == "PESQ"] == [
        "Noisy",
        "FooNet",
        "BarNet",
    ]


def test_a_head_out_of_place_is_only_proposed() -> None:
    text = (
        "**Table 1: Results on VoiceBank+DEMAND.**\n\n| Method | Params |  |  |\n|---|---|---|---|\n| (M) | MACs |  |  |\n| (G/s) | RTF |  |  |\n"
        "|  |  | PESQ | CSIG |\n| Noisy |  | 1.97 | 3.35 |\n| FooNet | 1.2 | 2.9 | 4.1 |\n| BarNet | 2.2 | 3.0 | 4.3 |\n"
    )
    found = read(text, "a.md").readings
    assert all(r.confidence < 0.8 for r in found)
    assert any("out of place" in str(reason) for r in found for reason in r.reasons)


def test_a_row_that_is_ours_with_a_remark_gives_no_name() -> None:
    text = (
        "# Boosting of speech\n\n| Model | MOS |\n|---|---|\n| Input | 3.3 |\n| Ours | 3.8 |\n| Ours (pruned) | 3.7 |\n\n"
        "| Loss | PESQ |\n|---|---|\n| Adv. | 2.55 |\n| 2-stage | 2.90 |\n"
    )
    assert not any(model.startswith("(pruned)") for model, *_ in _read(text))


@pytest.mark.parametrize(
    "what", ["clean speech from DAPS", "utterances of the DAPS", "clean recordings from DAPS"]
)
def test_the_corpus_whose_speech_is_tested_on(what: str) -> None:
    text = f"# FooNet\n\n## Results\n\nFor testing, we use {what} and noise from Saki.\n\n{_SCORES}"
    assert {dataset for *_, dataset in _read(text)} == {"DAPS"}


@pytest.mark.parametrize("bins", [("<6 dB", "6-12 dB", ">12 dB"), ("≤ 0 dB", "0-10 dB", "≥ 10 dB")])
def test_open_ranges_of_snr(bins: tuple[str, str, str]) -> None:
    text = (
        f"**Table 1: Results on TIMIT. The values are given in PESQ/ESTOI.**\n\n| Methods | SNR |  |  |\n|---|---|---|---|\n|  | {' | '.join(bins)} |\n"
        "| Noisy | 1.33/0.74 | 1.52/0.81 | 2.00/0.91 |\n| FooNet | 2.05/0.85 | 2.53/0.91 | 3.03/0.95 |\n"
    )
    low, middle, high = (b.replace(" ", "").replace("dB", " dB").replace("-", " to ") for b in bins)
    assert [(model, value) for model, quantity, value, _ in _read(text) if quantity == "PESQ"][3:] == [
        (f"FooNet [SNR {low}]", 2.05), (f"FooNet [SNR {middle}]", 2.53), (f"FooNet [SNR {high}]", 3.03),
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["FooNet \\[19\\](Base)", "FooNet [19] (Base)", "FooNet\\[19\\] (Base)"])
def test_brackets_behind_a_stroke_are_no_link(label: str) -> None:
    text = f"| Method | PESQ | CSIG |\n|---|---|---|\n| Noisy | 1.97 | 3.35 |\n| {label} | 2.44 | 3.66 |\n| FooNet (Large) | 2.52 | 3.72 |\n"
    models = dict.fromkeys(model.replace(" ", "") for model, *_ in _read(text))
    assert list(models) == ["Noisy", "FooNet(Base)", "FooNet(Large)"]


@pytest.mark.parametrize("head", ["fwSNR (dB)", "SNR_fw (dB)", "fwSegSNR"])
def test_the_frequency_weighted_ratio_is_not_the_plain_one(head: str) -> None:
    text = f"| Method | PESQ | {head} |\n|---|---|---|\n| Reverb | 1.48 | 3.68 |\n| FooNet | 2.52 | 9.72 |\n"
    assert [quantity for _, quantity, *_ in _read(text)] == ["PESQ", "fwSegSNR"] * 2
