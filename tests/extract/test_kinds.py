"""Kinds of tables that were misread once: each in several wordings of its own."""

from __future__ import annotations

import pytest

from litdb.extract import ACCEPT_THRESHOLD, extract, source_from_files
from litdb.extract.meaning.heads import headers
from litdb.extract.meaning.own import own_names
from litdb.extract.meaning.scope.defined import short_names
from litdb.extract.meaning.scope.mentions import known_mentions, mentions
from litdb.vocabulary.remarks import Doubt
from tests.extract.support import latex, read

VBD, NO_REVERB, REVERB = "VoiceBank+DEMAND", "DNS-2020 (no reverb)", "DNS-2020 (with reverb)"
ROWS = r"Model & PESQ & STOI\\ QuxNet & 2.71 & 0.95\\ FooNet & 2.93 & 0.96\\"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Scores on the DNS Challenge (Interspeech 2020) no-reverb test set", NO_REVERB),
        ("the non-reverberant test set of the DNS Challenge 2020", NO_REVERB),
        ("the test set without reverberation of the DNS-2020 data", NO_REVERB),
        ("Results on the reverberant part of DNS-2020", REVERB),
        ("Dereverberation and DNS-2020", "DNS-2020"),
        ("DNS Challenge 2020 (synthetic, no reverb)", NO_REVERB),
        ("DNS-2020 blind synthetic test set without reverberation", NO_REVERB),
        ("DNS-2020 synthetic test set - with reverberation", REVERB),
        ("DNS-2020 test set, non-reverberant", NO_REVERB),
        ("DNS-2020: no reverb / with reverb", "DNS-2020"),
        ("DNS-2020, trained without reverberation", "DNS-2020"),
        ("DNS-2020 blind synthetic test set", "DNS-2020"),
        ("DNS-2020 blind test set", "DNS-2020 (real recordings)"),
        ("DNS-2020 real recordings without reverberation", "DNS-2020 (real recordings)"),
    ],
)
def test_words_around_a_name_tell_the_part(text: str, title: str) -> None:
    assert [mention.title for mention in mentions(text)] == [title]


@pytest.mark.parametrize(
    ("text", "trained", "tested"),
    [
        ("Experiments. We train and evaluate on VoiceBank+DEMAND", False, True),
        ("The results are those of models trained on VoiceBank+DEMAND", True, False),
        ("Effect of post-training quantisation on VoiceBank+DEMAND", False, False),
        ("In the experiments all networks are trained and then tested on VoiceBank+DEMAND", False, True),
    ],
)
def test_the_nearest_word_says_what_a_set_is_for(text: str, trained: bool, tested: bool) -> None:
    assert [(m.trained, m.tested) for m in mentions(text)] == [(trained, tested)]


@pytest.mark.parametrize("part", ["Real Recordings", "Real recordings"])
def test_a_part_of_a_set_that_the_caption_names(part: str) -> None:
    text = latex(
        rf" & \multicolumn{{2}}{{c}}{{With Reverb}} & \multicolumn{{2}}{{c}}{{{part}}}\\ Model & SIG & OVRL & SIG & OVRL\\ "
        r"Noisy & 1.76 & 1.39 & 3.05 & 2.26\\ FooNet & 3.20 & 2.70 & 3.59 & 3.12\\",
        "DNSMOS on the DNS-2020 test set",
    )
    assert {r.dataset for r in read(text).readings} == {REVERB, "DNS-2020 (real recordings)"}


@pytest.mark.parametrize("header", ["Test set", "Condition", "Subset"])
def test_a_row_that_says_the_part_of_its_set_bears_no_condition(header: str) -> None:
    text = latex(
        header
        + r" & Model & PESQ & STOI\\ \multirow{2}{*}{With reverb} & QuxNet & 2.41 & 0.88\\ & FooNet & 2.91 & 0.92\\ "
        r"\multirow{2}{*}{Without reverb} & QuxNet & 2.31 & 0.91\\ & FooNet & 2.82 & 0.95\\",
        "Results on the DNS-2020 synthetic test sets",
    )
    found = {(r.model, r.dataset, r.value) for r in read(text).readings if r.metric == "PESQ"}
    assert found == {
        ("QuxNet", REVERB, 2.41),
        ("FooNet", REVERB, 2.91),
        ("QuxNet", NO_REVERB, 2.31),
        ("FooNet", NO_REVERB, 2.82),
    }


@pytest.mark.parametrize("first", ["Task", "Scenario", "Domain"])
def test_rows_that_name_set_and_metric_under_models(first: str) -> None:
    """A test set that a row names is that of its numbers, whichever columns stand in front of the metric."""
    text = (
        f"# FooNet\n\n| {first} | Test set | Metric | Noisy | FooNet-S |\n|---|---|---|---|---|\n"
        "| Denoising | VoiceBank+DEMAND | PESQ | 1.97 | 2.95 |\n| Denoising | EARS-WHAM | PESQ | 1.24 | 2.36 |\n"
        "| Dereverberation | EARS-Reverb | PESQ | 1.47 | 2.41 |\n"
    )
    found = {(r.dataset, r.value) for r in read(text, "README.md").readings if r.model.startswith("FooNet")}
    assert found == {(VBD, 2.95), ("EARS-WHAM", 2.36), ("EARS-Reverb", 2.41)}


@pytest.mark.parametrize(
    ("caption", "split"),
    [
        (f"Results on {VBD}. All models see the same training data.", ""),
        (f"Results on {VBD} for models that share their training set.", ""),
        (f"Results on the {VBD} training set.", "training"),
        (f"{VBD} (training set)", "training"),
    ],
)
def test_training_data_is_a_split_where_numbers_are_on_it(caption: str, split: str) -> None:
    readings = read(latex(ROWS, caption)).readings
    assert {r.dataset for r in readings} == {f"{VBD} ({split})" if split else VBD}
    assert all((r.confidence >= ACCEPT_THRESHOLD) is not bool(split) for r in readings)


@pytest.mark.parametrize("name", ["MandarinTalk", "EchoRoom II", "R-60"])
def test_a_name_beside_test_sets_over_one_metric_is_a_set(name: str) -> None:
    in_caption = latex(
        rf"System & {VBD} & WSJ0-CHiME3 & {name}\\ QuxNet & 2.66 & 1.69 & 1.90\\ FooNet & 3.27 & 2.05 & 2.31\\",
        f"WB-PESQ of models trained on {VBD}.",
    )
    turned = f"# FooNet\n\n| Metric | {VBD} | WHAM! | {name} |\n|---|---|---|---|\n| PESQ | 2.9 | 2.0 | 2.31 |\n| STOI | 0.94 | 0.9 | 0.91 |\n"
    for extraction in (read(in_caption), read(turned, "README.md")):
        found = {(r.model, r.dataset) for r in extraction.readings if r.value == 2.31}
        assert found == {("FooNet", name)}


@pytest.mark.parametrize("part", ["Encoder", "non-GRU", "Backbone only"])
def test_a_cost_under_words_of_its_own_may_be_of_a_part(part: str) -> None:
    text = (
        f"# FooNet\n\n## Results on {VBD}\n\n| Model | Multiply-Accumulate (MAC) (M/s) | | PESQ |\n|---|---|---|---|\n| | {part} | Rest | |\n"
        "| QuxNet | 10.3 | 40.1 | 2.51 |\n| FooNet | 11.3 | 35.2 | 2.95 |\n"
    )
    costs = [
        r for r in read(text, "README.md").readings if r.metric == "MACs" and r.value in (10.3e6, 11.3e6)
    ]
    assert len(costs) == 2 and all(r.confidence < ACCEPT_THRESHOLD for r in costs)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("Multiply-Accumulate (MAC) (M/s)", "MACs"),
        ("Real-Time Factor (RTF)", "RTF"),
        ("Perceptual Evaluation of Speech Quality (PESQ)", "PESQ"),
    ],
)
def test_a_metric_named_in_full_with_its_abbreviation(text: str, metric: str) -> None:
    heading = headers.parse(text)
    assert [named.metric.id for named in heading.metrics] == [metric] and not heading.rest


@pytest.mark.parametrize("name", ["FAR_SET", "ONE_GROUND", "FarRoom", "QuxNet2"])
def test_a_name_over_a_score_is_never_accepted(name: str) -> None:
    """It may be a test set, a model, or make another metric of it."""
    head = f"# FooNet\n\n## Results on {VBD}\n\n"
    flat = f"{head}| Model | {name} PESQ | PESQ |\n|---|---|---|\n| Noisy | 1.81 | 1.97 |\n| FooNet | 2.51 | 2.95 |\n"
    over = (
        f"{head}<table><tr><th rowspan=2>Model</th><th>{name}</th></tr><tr><th>PESQ</th></tr>"
        "<tr><td>Noisy</td><td>1.81</td></tr><tr><td>FooNet</td><td>2.51</td></tr></table>\n"
    )
    for text in (flat, over):
        readings = {r.value: r for r in read(text, "README.md").readings}
        assert 1.81 not in readings or readings[1.81].confidence < ACCEPT_THRESHOLD
        assert 2.51 not in readings or readings[2.51].confidence < ACCEPT_THRESHOLD


def test_one_value_of_the_unprocessed_row_among_others_that_do_not_fit_tells_no_set() -> None:
    body = r"Model & PESQ & STOI\\ Noisy & {} & {}\\ FooNet & 2.93 & 0.96\\"
    found = {}
    for values in (("1.97", "0.92"), ("1.97", "0.81")):
        found[values] = {r.dataset for r in read(latex(body.format(*values), "Main results.")).readings}
    assert found == {("1.97", "0.92"): {VBD}, ("1.97", "0.81"): {""}}


def test_groups_with_unprocessed_rows_of_their_own_are_not_one_set() -> None:
    body = (
        r"Model & PESQ\\ \multicolumn{2}{c}{FAR\_SET}\\ Noisy & 1.97\\ FooNet & 2.81\\ "
        r"\multicolumn{2}{c}{ONE\_GROUND}\\ Noisy & 1.70\\ FooNet & 2.61\\"
    )
    readings = read(latex(body, "Main results.")).readings
    assert len(readings) == 4
    assert all(r.dataset != VBD and r.confidence < ACCEPT_THRESHOLD for r in readings)


def test_a_ground_is_said_once() -> None:
    text = (
        f"# FooNet\n\nTable 1 has the scores on {VBD}.\n\nWe test on {VBD}:\n\n"
        "| Model | PESQ |\n|---|---|\n| QuxNet | 2.5 |\n| FooNet | 2.9 |\n"
    )
    reasons = [str(reason) for reading in read(text, "README.md").readings for reason in reading.reasons]
    told = [reason for reason in reasons if reason.startswith("test set")]
    assert told and all(reason.count("the text around the table") == 1 for reason in told)


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("#P (M)", ["params"]),
        ("# Par.", ["params"]),
        ("P [K]", ["params"]),
        ("p (k)", []),
        ("P (%)", []),
        ("p", []),
    ],
)
def test_parameters_in_a_letter(text: str, metrics: list[str]) -> None:
    assert [named.metric.id for named in headers.parse(text).metrics] == metrics


@pytest.mark.parametrize(
    "sentence",
    [
        "* **DNS-NR**: the DNS-2020 synthetic test set without reverb, 150 files",
        "We use the DNS-2020 synthetic test set without reverb (DNS-NR) in all tables.",
        "- `DNS-NR` - DNS-2020 no reverb",
    ],
)
def test_a_short_name_that_the_text_gives_to_a_set(sentence: str) -> None:
    text = (
        f"# Results\n\n{sentence}\n\n## Scores\n\n| Model | DNS-NR PESQ | VBD PESQ |\n|---|---|---|\n"
        "| Noisy | 1.58 | 1.97 |\n| FooNet | 2.81 | 3.02 |\n"
    )
    assert {(r.model, r.dataset, r.value) for r in read(text, "README.md").readings} == {
        ("Noisy", NO_REVERB, 1.58),
        ("Noisy", VBD, 1.97),
        ("FooNet", NO_REVERB, 2.81),
        ("FooNet", VBD, 3.02),
    }


@pytest.mark.parametrize(
    "sentence",
    [
        "- **DCCRN**: trained on DNS-2020",
        "We train on DNS-2020 (DCCRN) first.",
        "Scores on VoiceBank+DEMAND (MOS-X) and DNS-2020 (MOS-X).",
        "- PESQ: VoiceBank+DEMAND",
    ],
)
def test_what_is_no_short_name_of_a_set(sentence: str) -> None:
    assert short_names(sentence, known_mentions(sentence)) == ()


def test_the_unprocessed_row_tells_the_part_of_the_dns_challenge() -> None:
    body = r"Model & PESQ & SI-SDR\\ Noisy & {} & {}\\ FooNet & 2.93 & 18.9\\"
    found = {}
    for values, title in (
        (("1.58", "9.07"), NO_REVERB),
        (("1.82", "9.03"), REVERB),
        (("1.70", "7.0"), "DNS Challenge"),
    ):
        caption = "Results on the DNS Challenge test set"
        found[title] = {r.dataset for r in read(latex(body.format(*values), caption)).readings}
    assert found == {title: {title} for title in found}


@pytest.mark.parametrize(
    "sentence",
    [
        f"All models are evaluated on the {VBD} test set.",
        f"{VBD} is used in all experiments.",
        f"Unless otherwise stated, scores are on {VBD}.",
        f"We test on {VBD} throughout.",
    ],
)
def test_a_sentence_on_all_experiments_stands_at_the_table(sentence: str) -> None:
    text = (
        r"\documentclass{article}\title{FooNet}\begin{document}\maketitle\section{Data}"
        + sentence
        + r" \section{Results}\begin{table}\caption{Comparison.}\begin{tabular}{lcc}"
        + ROWS
        + r"\end{tabular}\end{table}\end{document}"
    )
    readings = read(text).readings
    assert {r.dataset for r in readings} == {VBD}
    assert all(Doubt.FAR_SET not in {reason.kind for reason in r.reasons} for r in readings)


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("noddy — a toolkit for noise suppression", ("noddy",)),
        ("dipper/denoiser-48", ("denoiser-48",)),
        ("auklet", ("auklet",)),
        ("Results", ()),
        ("awesome-enhancement", ()),
        ("Benchmarks", ()),
        ("Training report: plover-net", ("plover-net",)),
    ],
)
def test_the_name_that_a_readme_s_title_is(title: str, names: tuple[str, ...]) -> None:
    assert own_names(title, "", (), "markdown") == names


@pytest.mark.parametrize(
    ("header", "metric", "unit"),
    [
        ("Mega-MACs per second", "MACs", "M"),
        ("giga FLOPs", "FLOPs", "G"),
        ("Millions of parameters", "params", "M"),
        ("Thousand params", "params", "K"),
    ],
)
def test_units_in_words(header: str, metric: str, unit: str) -> None:
    heading = headers.parse(header)
    assert [m.metric.id for m in heading.metrics] == [metric]
    assert unit in (heading.unit, heading.metrics[0].unit)


@pytest.mark.parametrize("heading", ["Results (SI-SDR improvement, dB)", "SI-SNRi in dB", "SI-SDRi"])
def test_the_metric_that_the_heading_names(heading: str) -> None:
    text = f"# Pintail\n\n## {heading}\n\n| Model | WHAM! | WHAMR! |\n|---|---|---|\n| Pintail-S | 15.8 | 14.0 |\n| Pintail-M | 16.4 | 14.9 |\n"
    readings = read(text, "README.md").readings
    assert {(r.metric, r.dataset, r.value) for r in readings} >= {
        ("SI-SDRi", "WHAM!", 15.8),
        ("SI-SDRi", "WHAMR!", 14.9),
    }
    assert all(r.confidence < ACCEPT_THRESHOLD for r in readings)


@pytest.mark.parametrize("header", ["Config", "hyperparams file", "Checkpoint"])
def test_rows_named_by_their_files_only(header: str) -> None:
    rows = f"| Release | {header} | PESQ |\n|---|---|---|\n| 22-06-21 | mimic_v2.yaml | 3.05 |\n| 22-06-21 | wave_v1.yaml | 2.61 |\n"
    text = f"# Enhancement recipes\n\n## Results on {VBD}\n\n{rows}"
    readings = extract(source_from_files({"README.md": text}, "README.md")).readings
    assert {(r.model, r.value) for r in readings} == {("mimic_v2.yaml", 3.05), ("wave_v1.yaml", 2.61)}


def test_an_interpretation_that_says_the_same_is_no_doubt() -> None:
    """The header may be one row or two: both read the same numbers, and neither speaks against the other."""
    rows = "| Model | PESQ | STOI |\n|---|---|---|\n| QuxNet | 2.71 | 0.95 |\n| FooNet | 2.93 | 0.96 |\n"
    text = f"# FooNet: a network\n\nResults on {VBD}:\n\n{rows}"
    for reading in read(text, "README.md").readings:
        assert not {Doubt.OTHERWISE, Doubt.UNDECIDED} & {reason.kind for reason in reading.reasons}


@pytest.mark.parametrize(
    "caption",
    [
        "Listening test (MOS with 95% confidence interval) and objective scores on VoiceBank+DEMAND",
        "Subjective and objective evaluation on VoiceBank+DEMAND",
        "Objective scores and results of a listening test with 95% CI, VoiceBank+DEMAND",
    ],
)
def test_a_caption_on_both_kinds_of_scores_restricts_neither(caption: str) -> None:
    readings = read(latex(ROWS, caption.replace("%", r"\%"))).readings
    assert all(Doubt.SCOPE not in {reason.kind for reason in r.reasons} for r in readings) and readings


@pytest.mark.parametrize(
    "caption", ["Subjective scores on VoiceBank+DEMAND", "95% of the utterances of VoiceBank+DEMAND"]
)
def test_one_kind_alone_is_still_a_doubt(caption: str) -> None:
    readings = read(latex(ROWS, caption.replace("%", r"\%"))).readings
    assert all(Doubt.SCOPE in {reason.kind for reason in r.reasons} for r in readings) and readings


@pytest.mark.parametrize(
    ("dataset", "doubted"), [("EARS-Reverb", False), ("DNS-2020 with reverb", False), ("TIMIT", True)]
)
def test_dereverberation_is_what_a_reverberant_set_is_for(dataset: str, doubted: bool) -> None:
    readings = read(latex(ROWS, f"Dereverberation results on {dataset}")).readings
    assert {Doubt.SCOPE in {reason.kind for reason in r.reasons} for r in readings} == {doubted}


@pytest.mark.parametrize(
    ("words", "order"),
    [
        ("without / with reverberation", (NO_REVERB, REVERB)),
        ("with / without reverb", (REVERB, NO_REVERB)),
        ("no and with reverb", (NO_REVERB, REVERB)),
        ("no reverb / with reverb", (NO_REVERB, REVERB)),
    ],
)
def test_halves_whose_noun_stands_once(words: str, order: tuple[str, str]) -> None:
    body = (
        r"Model & PESQ & STOI\\ Noisy & 1.58 / 1.82 & 0.915 / 0.866\\ FooNet & 2.90 / 3.08 & 0.966 / 0.931\\"
    )
    readings = read(latex(body, f"Results on the DNS-2020 test sets ({words})")).readings
    assert {(r.value, r.dataset) for r in readings if r.metric == "PESQ"} == {
        (1.58, order[0]), (1.82, order[1]), (2.9, order[0]), (3.08, order[1]),
    }  # fmt: skip


def test_the_unprocessed_row_narrows_nothing_where_both_parts_are_named() -> None:
    body = r"Model & PESQ & SI-SDR\\ Noisy & 1.58 & 9.07\\ FooNet & 2.90 & 18.1\\"
    readings = read(latex(body, "Results on the DNS-2020 test sets without and with reverberation")).readings
    assert {r.dataset for r in readings} == {"DNS-2020"}
