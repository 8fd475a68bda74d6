"""Kinds of table met in the wild: sets named behind their words, captions of parts, ratios, marks, links, properties, corners."""

from __future__ import annotations

import pytest

from tests.extract.support import latex, read, values

_SCORES = r"Model & PESQ & STOI \\ Noisy & 1.37 & 0.61 \\ FooNet & 2.43 & 0.80 \\"


@pytest.mark.parametrize(
    ("caption", "title"),
    [
        ("Results on the blind test set of URGENT 2024", "URGENT 2024"),
        ("L3DAS22 Task 1, blind test set", "L3DAS22"),
        ("Scores of the entries to the URGENT 2024 challenge", "URGENT 2024"),
        ("Scores on the evaluation data of KELP-7", "KELP-7"),
    ],
)
def test_a_set_outside_the_vocabulary_keeps_its_printed_name(caption: str, title: str) -> None:
    other = r"Comparison on the VoiceBank+DEMAND test set \begin{table}\caption{VoiceBank+DEMAND}\begin{tabular}{ll}Model & CSIG \\ FooNet & 4.1 \\\end{tabular}\end{table}"
    found = read(latex(_SCORES, caption, extra=other)).readings
    assert {r.dataset for r in found if r.metric == "PESQ"} == {title}


@pytest.mark.parametrize("words", ["non-blind test set", "public test set", "test set of this paper"])
def test_a_description_of_a_set_is_not_its_name(words: str) -> None:
    assert not {r.dataset for r in read(latex(_SCORES, f"Results on the {words}")).readings} - {""}


@pytest.mark.parametrize(("part", "title"), [("EARS-WHAM", "EARS-WHAM"), ("EARS-Reverb", "EARS-Reverb")])
def test_the_caption_of_a_part_says_more_than_that_of_the_whole(part: str, title: str) -> None:
    caption = f"{part}. Results on (a) EARS-WHAM and (b) EARS-Reverb at 48 kHz."
    assert {r.dataset for r in read(latex(_SCORES, caption)).readings} == {title}


@pytest.mark.parametrize(
    ("over", "ratio"), [("PESQ at SER", "SER"), ("PESQ at DRR", "DRR"), ("PESQ at SNR", "SNR")]
)
def test_decibels_are_of_the_ratio_that_the_head_names(over: str, ratio: str) -> None:
    body = rf" & \multicolumn{{2}}{{c}}{{{over}}} \\ Model & $-5$ dB & 0 dB \\ Mic & 1.3 & 1.5 \\ FooNet & 2.1 & 2.4 \\"
    found = read(latex(body, "Results on TIMIT")).readings
    assert [r.metric for r in found if r.model.startswith("FooNet")] == [
        f"PESQ [{ratio} -5 dB]",
        f"PESQ [{ratio} 0 dB]",
    ]


@pytest.mark.parametrize(
    "caption", ["PESQ (narrow-band P.862 is not used) on VoiceBank+DEMAND", "PESQ on VoiceBank+DEMAND"]
)
def test_a_band_that_is_denied_is_not_that_of_the_scores(caption: str) -> None:
    found = read(
        latex(r"Model & Babble & Car \\ Noisy & 1.2 & 1.4 \\ FooNet & 2.1 & 2.4 \\", caption)
    ).readings
    assert {r.quantity for r in found} == {"PESQ"} and not any("NB" in r.metric for r in found)


def test_a_mark_that_the_caption_explains_tells_rows_apart() -> None:
    body = r"Model & SI-SDRi \\ FooNet & 20.4 \\ FooNet$^\dagger$ & 22.3 \\"
    found = read(latex(body, r"Results on WSJ0-2mix. $\dagger$: with dynamic mixing. Scores in dB.")).readings
    assert [r.model for r in found] == ["FooNet", "FooNet [with dynamic mixing]"]


def test_words_of_a_title_in_capitals_are_no_models() -> None:
    body = r"Mag & RI & PESQ \\ \checkmark & & 2.94 \\ \checkmark & \checkmark & 3.01 \\"
    found = read(latex(body, title="WHAT MAKES A SMALL ENHANCER WORK? AN ABLATION")).readings
    assert not any("WHAT" in r.model for r in found)


def test_the_one_name_without_a_citation_is_that_of_the_paper() -> None:
    cited = r"AaNet \cite{a} & 2.8 \\ BbNet \cite{b} & 2.9 \\ CcNet \cite{c} & 3.0 \\ Sable & 3.1 \\ Sable-L & 3.3 \\"
    study = r"\begin{table}\caption{Width on VoiceBank+DEMAND}\begin{tabular}{ll}$C$ & PESQ \\ 16 & 2.9 \\ 32 & 3.1 \\\end{tabular}\end{table}"
    text = "We start from Sable, a small network. " + study
    found = read(
        latex(rf"Model & PESQ \\ {cited}", title="WHAT MAKES A SMALL ENHANCER WORK", extra=text)
    ).readings
    assert {"Sable [C=16]", "Sable [C=32]"} <= {r.model for r in found}


@pytest.mark.parametrize(
    "heads", [("Dev. & Test", "Simu. & Real & Simu. & Real"), ("Dev & Eval", "simu & real & simu & real")]
)
def test_front_ends_are_scored_on_parts_of_chime4(heads: tuple[str, str]) -> None:
    top = " & ".join(rf"\multicolumn{{2}}{{c}}{{{part}}}" for part in heads[0].split(" & "))
    body = (
        rf"\multirow{{2}}{{*}}{{Track}} & \multirow{{2}}{{*}}{{Front-end}} & {top} \\ & & {heads[1]} \\ "
        r"\multirow{2}{*}{1ch} & None & 9.1 & 7.5 & 14.9 & 13.1 \\ & FooNet & 6.9 & 5.6 & 10.9 & 9.5 \\ "
        r"\multirow{2}{*}{2ch} & BeamformIt & 6.9 & 5.4 & 11.0 & 9.1 \\ & FooNet & 4.8 & 4.0 & 6.9 & 6.5 \\"
    )
    found = read(latex(body, r"WER (\%) on CHiME-4")).readings
    assert len(found) == 16 and {r.model.split(" [")[0] for r in found} == {"None", "FooNet", "BeamformIt"}
    assert all("ch" in r.model for r in found)


@pytest.mark.parametrize("anchor", ["B7", "CR12", "ref-5", "bib.bib3", "R9"])
def test_a_link_to_the_list_of_references_is_no_part_of_a_name(anchor: str) -> None:
    html = (
        "<html><body><table><caption>Results on VoiceBank+DEMAND</caption><tr><th>Method</th><th>PESQ</th></tr>"
        f'<tr><td>AaNet (<a href="#{anchor}">7</a>)</td><td>2.8</td></tr><tr><td>FooNet</td><td>3.1</td></tr></table></body></html>'
    )
    assert [r.model for r in read(html, "page.html").readings] == ["AaNet", "FooNet"]


@pytest.mark.parametrize(
    "cells", [("[model](u)", "[model](v)"), ("[HF](u) / [link](v)", "[link](w)"), ("🤗", "🤗")]
)
def test_a_column_of_links_names_no_models(cells: tuple[str, str]) -> None:
    text = (
        "# FooNet\n\n## VoiceBank+DEMAND\n\n| hyperparams file | PESQ | STOI | Models |\n|---|---|---|---|\n"
        f"| foo.yaml | 2.61 | 0.93 | {cells[0]} |\n| foo_large.yaml | 3.14 | 0.94 | {cells[1]} |\n"
    )
    found = {r.model for r in read(text, "README.md").readings}
    assert found and not any("model" in name or "HF" in name or "link" in name for name in found)


def test_a_property_in_the_first_row_is_no_model() -> None:
    text = "# FooNet-16k\n\n| | |\n|---|---|\n| Architecture | dual-path GRU with a deep filter |\n| Parameters | 3.21 M |\n| MACs per second | 1.08 G |\n"
    assert not any("GRU" in r.model for r in read(text, "README.md").readings)


def test_devices_are_no_models() -> None:
    text = "# FooNet\n\nReal-time factor of **FooNet** on one thread:\n\n| Device | RTF |\n|---|---|\n| Core i7 | 0.05 |\n| Raspberry Pi 4 | 0.31 |\n"
    found = read(text, "README.md").readings
    assert len(found) == 2 and all(r.model.startswith("FooNet [") for r in found)


def test_a_head_names_the_halves_of_its_cells() -> None:
    body = r"Method & PESQ (near / far) \\ Unprocessed & 2.59 / 1.99 \\ FooNet & 3.12 / 2.74 \\"
    found = values(read(latex(body, "Results on the REVERB challenge")))
    assert [(model, value) for model, _, _, value in found if "FooNet" in model] == [
        ("FooNet [near]", 3.12), ("FooNet [far]", 2.74),
    ]  # fmt: skip


def test_the_sentence_with_a_colon_is_nearer_than_the_one_before() -> None:
    text = (
        "# FooNet\n\nThe scores on VoiceBank+DEMAND stand in the metadata. On the WHAMR! test set we measure:\n\n"
        "| Model | SI-SDR |\n|---|---|\n| Noisy | -2.7 |\n| FooNet | 8.1 |\n"
    )
    assert {r.dataset for r in read(text, "README.md").readings} == {"WHAMR!"}


@pytest.mark.parametrize("corner", ["SI-SDR (dB) at", "SI-SDR in dB", "SI-SDR"])
def test_a_corner_over_names_says_what_the_columns_are_of(corner: str) -> None:
    body = rf"{corner} & $-5$ dB & 0 dB & 5 dB \\ Unprocessed & $-5.0$ & 0.0 & 5.0 \\ FooNet & 8.1 & 12.0 & 15.3 \\"
    found = read(latex(body, "VoiceBank+DEMAND, steps of the level")).readings
    assert [r.metric for r in found if r.model.startswith("FooNet")] == [
        "SI-SDR [SNR -5 dB]", "SI-SDR [SNR 0 dB]", "SI-SDR [SNR 5 dB]",
    ]  # fmt: skip


def test_the_part_that_a_heading_and_a_caption_name_is_one() -> None:
    body = r"Method & \multicolumn{2}{c}{Real recordings} \\ & SIG & OVRL \\ Noisy & 3.05 & 2.26 \\ FooNet & 3.4 & 3.0 \\"
    found = read(
        latex(body, "DNSMOS P.835 on the real recordings of the DNS challenge test dataset")
    ).readings
    assert {r.dataset for r in found} == {"DNS-2020 (real recordings)"}


def test_an_id_of_a_part_is_that_part_where_the_text_names_the_challenge() -> None:
    text = (
        "# RESULTS\n\nRecipe for the data of the Interspeech 2020 DNS Challenge, 16 kHz.\n\n## enh_train_foo_raw\n\n"
        "|dataset|STOI|SDR|\n|---|---|---|\n|enhanced_tt_synthetic_no_reverb|96.0|18.3|\n|enhanced_tt_synthetic_with_reverb|87.4|14.0|\n"
    )
    found = read(text, "RESULTS.md").readings
    assert {r.dataset for r in found} == {"DNS-2020 (no reverb)", "DNS-2020 (with reverb)"}


@pytest.mark.parametrize(
    "heading",
    ["DNS Challenge 3 (Interspeech 2021), blind test set", "The blind test set of the third DNS challenge"],
)
def test_the_blind_set_of_the_third_challenge(heading: str) -> None:
    text = f"# FooNet\n\n## {heading}\n\n| Method | SIG | OVRL |\n|---|---|---|\n| Noisy | 3.2 | 2.3 |\n| FooNet | 3.1 | 2.8 |\n"
    assert {r.dataset for r in read(text, "README.md").readings} == {"DNS3 (blind)"}


def test_options_of_a_command_are_no_models() -> None:
    text = "# FooNet\n\n| Flag | Latency (ms) |\n|---|---|\n| --dry | 40 |\n| --num-threads | 10 |\n"
    assert not read(text, "README.md").readings


@pytest.mark.parametrize(
    ("head", "metric", "value"),
    [
        (r"Latency (\si{\milli\second})", "latency", 0.008),
        (r"Latency / \unit{\ms}", "latency", 0.008),
        (r"MACs (\si{\mega\per\second})", "MACs", 8e6),
        (r"Parameters (\num{e6})", "params", 8e6),
        (r"Params (\si{\kilo})", "params", 8e3),
    ],
)
def test_units_of_siunitx_are_units(head: str, metric: str, value: float) -> None:
    body = rf"Model & {head} & PESQ \\ BarNet & 6 & 2.10 \\ FooNet & 8 & 2.43 \\"
    found = read(latex(body, "Results on VoiceBank+DEMAND")).readings
    assert [r.value for r in found if r.metric == metric and r.model == "FooNet"] == [pytest.approx(value)]


@pytest.mark.parametrize("symbol", [r"$\beta$", r"$\lambda_1$", r"$\alpha$"])
def test_a_greek_letter_over_a_column_is_no_score(symbol: str) -> None:
    body = (
        rf"Front-end & {symbol} & Dev & Test \\ None & -- & 9.2 & 15.3 \\ "
        r"Foo & 0.2 & 7.9 & 12.9 \\ Foo & 0.5 & 7.7 & 12.8 \\"
    )
    found = read(latex(body, r"WER (\%) on CHiME-4")).readings
    assert {r.value for r in found} <= {9.2, 15.3, 7.9, 12.9, 7.7, 12.8}


@pytest.mark.parametrize("names", [("Noise", "Reverberation", "Clipping"), ("Babble", "Reverb", "Both")])
def test_reverberation_among_distortions_is_said_like_the_others(names: tuple[str, ...]) -> None:
    over = " & ".join(rf"\multicolumn{{2}}{{c}}{{{name}}}" for name in names)
    body = rf" & {over} \\ System {'& PESQ & STOI ' * 3}\\ Noisy {'& 1.4 & 0.61 ' * 3}\\ Foo {'& 2.7 & 0.80 ' * 3}\\"
    found = read(latex(body, "Results on EARS")).readings
    assert {r.model for r in found if r.metric == "PESQ"} >= {f"Foo [{name}]" for name in names}


@pytest.mark.parametrize("name", ["LibriTTS", "GigaSpeech"])
@pytest.mark.parametrize(
    "caption", ["Restoration of speech, {} test-clean.", "{} test-clean", "Scores ({} test-clean)"]
)
def test_a_corpus_with_its_test_half_is_what_is_tested_on(name: str, caption: str) -> None:
    found = read(latex(_SCORES, caption.format(name))).readings
    assert {r.dataset for r in found} == {name}


def test_heads_of_two_rows_are_two_conditions() -> None:
    body = (
        r"Noise & \multicolumn{2}{c}{BAB} & \multicolumn{2}{c}{CAF} \\ SNR & 0 dB & Avg. & 0 dB & Avg. \\ "
        r"Noisy & 1.4 & 1.5 & 1.6 & 1.7 \\ Foo & 2.4 & 2.5 & 2.6 & 2.7 \\"
    )
    found = read(latex(body, "PESQ on TIMIT")).readings
    assert {r.model for r in found} >= {"Foo [BAB, Avg.]", "Foo [CAF, SNR 0 dB]"}


@pytest.mark.parametrize(
    ("title", "dataset"),
    [
        ("Mismatched: trained on VoiceBank+DEMAND, tested on WSJ0-CHiME3", "WSJ0-CHiME3"),
        ("Matched: trained and tested on WSJ0-CHiME3", "WSJ0-CHiME3"),
        ("Tested on WSJ0-CHiME3 after training on VoiceBank+DEMAND", "WSJ0-CHiME3"),
        ("WSJ0-CHiME3", "WSJ0-CHiME3"),
    ],
)
def test_a_title_of_rows_is_of_what_they_are_tested_on(title: str, dataset: str) -> None:
    body = rf"Model & PESQ & STOI \\ \multicolumn{{3}}{{c}}{{{title}}} \\ Noisy & 1.4 & 0.7 \\ Foo & 2.4 & 0.8 \\"
    assert {r.dataset for r in read(latex(body, "Scores")).readings} == {dataset}


def test_a_part_is_no_set_beside_the_set_that_it_is_a_part_of() -> None:
    for caption in (
        "PESQ on SimData of the REVERB challenge",
        "Results on the RealData part of the REVERB challenge",
    ):
        assert {r.dataset for r in read(latex(_SCORES, caption)).readings} == {"REVERB challenge"}


def test_what_is_folded_away_has_its_summary_as_a_title() -> None:
    source = (
        "# Foo\n\nTest set of VoiceBank-DEMAND.\n\n<details>\n<summary>PESQ by noise (click to unfold)</summary>\n\n"
        "| Model | bus | cafe |\n|--|--|--|\n| noisy | 2.57 | 1.58 |\n| Foo | 3.09 | 2.16 |\n\n</details>\n\n"
        "| Model | speed |\n|--|--|\n| Foo | 3.5 |\n"
    )
    found = read(source, "readme.md").readings
    assert [(r.model, r.metric, r.value) for r in found if r.model.startswith("Foo")] == [
        ("Foo [bus]", "PESQ [bus]", 3.09),
        ("Foo [cafe]", "PESQ [cafe]", 2.16),
    ]


def test_a_blank_cell_in_front_of_a_label_repeats_the_one_above() -> None:
    rows = "| 4 kHz | Sinc | 3.12 |\n|  | Foo | 0.71 |\n|  | Bar | 0.9 |\n| 8 kHz | Sinc | 2.12 |\n|  | Foo | 0.5 |\n"
    found = read(
        f"# Foo\n\nAll on VCTK.\n\n| Input rate | Model | LSD |\n|--|--|--|\n{rows}", "readme.md"
    ).readings
    assert {(r.model, r.value) for r in found} == {
        ("Sinc [4 kHz]", 3.12), ("Foo [4 kHz]", 0.71), ("Bar [4 kHz]", 0.9), ("Sinc [8 kHz]", 2.12), ("Foo [8 kHz]", 0.5),
    }  # fmt: skip


def test_a_part_of_the_test_set_in_front_of_a_label_holds_for_the_blank_cells_below() -> None:
    rows = "| without reverb | Noisy | 1.58 |\n|  | Foo | 2.78 |\n| with reverb | Noisy | 1.82 |\n|  | Foo | 2.97 |\n"
    source = f"# Foo\n\n## DNS Challenge 2020\n\n| Test set | Model | WB-PESQ |\n|--|--|--|\n{rows}"
    assert {
        (r.model, r.dataset, r.value) for r in read(source, "readme.md").readings if r.model == "Foo"
    } == {
        ("Foo", "DNS-2020 (no reverb)", 2.78),
        ("Foo", "DNS-2020 (with reverb)", 2.97),
    }


@pytest.mark.parametrize("corner", ["N", "NFE", "steps"])
def test_values_of_a_setting_over_rows_of_metrics_are_conditions(corner: str) -> None:
    rows = "PESQ | 2.52 | 2.74 | 2.90\nSI-SDR | 17.9 | 18.3 | 18.4\n"
    source = (
        f"# Foo\n\nFoo with fewer steps, on VoiceBank-DEMAND:\n\n{corner} | 1 | 2 | 8\n--|--|--|--\n{rows}"
    )
    found = read(source, "readme.md").readings
    assert {r.model for r in found if r.metric.startswith("PESQ")} == {
        f"Foo [{corner}={n}]" for n in (1, 2, 8)
    }


@pytest.mark.parametrize("head", ["GMACs (1 s)", "GMACs [1s]", "GMACs (per second)"])
def test_a_second_in_brackets_is_what_a_count_is_for(head: str) -> None:
    body = rf"Model & {head} & PESQ \\ Bar & 2.1 & 2.4 \\ Foo & 1.6 & 2.6 \\"
    found = read(latex(body, "Results on VoiceBank+DEMAND")).readings
    assert [r.value for r in found if r.metric == "MACs" and r.model == "Foo"] == [1.6e9]


def test_a_metric_named_once_in_front_of_labels_holds_for_the_blank_cells_below() -> None:
    body = (
        r" & & \multicolumn{2}{c}{Street} & & \multicolumn{2}{c}{Cockpit} \\ Metric & Method & 0 dB & 5 dB & & 0 dB & 5 dB \\ "
        r"PESQ & Noisy & 1.2 & 1.5 & & 1.3 & 1.6 \\ & Foo & 2.2 & 2.5 & & 2.3 & 2.6 \\ "
        r"STOI & Noisy & 0.6 & 0.7 & & 0.65 & 0.75 \\ & Foo & 0.8 & 0.9 & & 0.85 & 0.95 \\"
    )
    found = read(latex(body, "Scores on the TIMIT test set")).readings
    assert [r.value for r in found if r.model.startswith("Foo") and r.quantity == "PESQ"] == [
        2.2,
        2.5,
        2.3,
        2.6,
    ]
    assert [r.value for r in found if r.model.startswith("Foo") and r.quantity == "STOI"] == [
        0.8,
        0.9,
        0.85,
        0.95,
    ]


def test_parts_of_the_challenge_side_by_side() -> None:
    body = (
        r" & \multicolumn{2}{c}{Synthetic, no reverb} & \multicolumn{2}{c}{Real recordings} \\ Model & PESQ & STOI & SIG & OVRL \\ "
        r"Noisy & 1.58 & 0.915 & 3.05 & 2.26 \\ Foo & 2.49 & 0.949 & 3.17 & 2.86 \\"
    )
    caption = (
        "Scores on the DNS-2020 synthetic test set without reverberation and DNSMOS on the real recordings"
    )
    found = read(latex(body, caption)).readings
    assert {(r.model, r.dataset) for r in found if r.model.startswith("Foo")} == {
        ("Foo", "DNS-2020 (no reverb)"),
        ("Foo", "DNS-2020 (real recordings)"),
    }


@pytest.mark.parametrize(
    ("caption", "seconds"),
    [
        ("RTF and algorithmic latency in ms", 0.02),
        ("Latency (ms) of small models", 0.02),
        ("Delay in seconds", 20.0),
    ],
)
def test_the_unit_of_times_may_stand_in_the_caption(caption: str, seconds: float) -> None:
    found = read(latex(r"Model & RTF & Latency \\ Bar & 0.3 & 20 \\ Foo & 0.1 & 20 \\", caption)).readings
    assert {r.value for r in found if r.metric == "latency"} == {seconds}


def test_times_without_any_unit_wait_for_review() -> None:
    found = read(latex(r"Model & RTF & Latency \\ Bar & 0.3 & 20 \\ Foo & 0.1 & 8 \\", "Costs")).readings
    assert {r.metric for r in found if r.confidence < 0.8} == {"latency"}


@pytest.mark.parametrize(
    "text",
    ["The PESQ values are those of the narrow-band variant (P.862).", "PESQ figures were narrow-band."],
)
def test_values_that_the_text_says_are_narrow_band(text: str) -> None:
    found = read(latex(_SCORES, "Scores on TIMIT", extra=text)).readings
    assert {r.metric for r in found if r.quantity == "PESQ"} == {"PESQ-NB"}
