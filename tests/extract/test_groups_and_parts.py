"""Names behind groups, parts of a test set in columns and captions, heads in two rows, the band of all scores."""

from __future__ import annotations

import pytest

from tests.extract.support import latex, read

_NAMED = ["Noisy", "AaNet", "BbNet", "CcNet", "DdNet"]
_ROWS = [
    ("T", "AaNet", "2.1 & 0.91"), ("", "BbNet", "2.2 & 0.92"),
    ("TF", "CcNet", "2.5 & 0.93"), ("", "DdNet", "2.9 & 0.95"),
]  # fmt: skip


@pytest.mark.parametrize("head", ["Methods", "Model", "System"])
@pytest.mark.parametrize("spanned", [True, False], ids=["rows spanned", "cells below left blank"])
def test_a_name_behind_the_group_that_it_shares_its_head_with(head: str, spanned: bool) -> None:
    groups = [rf"\multirow{{2}}{{*}}{{{group}}}" if group and spanned else group for group, *_ in _ROWS]
    rows = "".join(
        rf"{group} & {name} & {scores} \\ " for group, (_, name, scores) in zip(groups, _ROWS, strict=True)
    )
    body = rf"\multicolumn{{2}}{{l}}{{{head}}} & PESQ & STOI \\ \multicolumn{{2}}{{l}}{{Noisy}} & 1.97 & 0.92 \\ {rows}"
    found = read(latex(body, "Results on VoiceBank+DEMAND")).readings
    assert list(dict.fromkeys(r.model for r in found)) == _NAMED


_PARTS = (("With reverb", "DNS-2020 (with reverb)"), ("No reverb", "DNS-2020 (no reverb)"))


@pytest.mark.parametrize("head", ["Set", "Part", "Condition", "Reverb", "Test", "Track", ""])
def test_a_column_of_parts_tells_the_part(head: str) -> None:
    rows = "".join(
        rf"\multirow{{2}}{{*}}{{{part}}} & Noisy & {low} \\  & FooNet & {high} \\ "
        for (part, _), low, high in zip(
            (*_PARTS, ("Real recordings", "")), ("1.8", "1.6", "1.5"), ("3.0", "3.1", "2.0"), strict=True
        )
    )
    body = rf"{head} & Model & PESQ \\ {rows}"
    found = read(latex(body, "Results on the test set of the Interspeech 2020 DNS Challenge")).readings
    wanted = [title for _, title in _PARTS] + ["DNS-2020 (real recordings)"]
    assert [r.dataset for r in found if r.model == "FooNet"] == wanted
    assert {r.model for r in found} == {"Noisy", "FooNet"}


def test_a_column_of_parts_of_another_set_is_a_condition() -> None:
    body = r"Part & Model & PESQ \\ With reverb & FooNet & 2.0 \\ No reverb & FooNet & 2.5 \\"
    found = read(latex(body, "Results on the WHAMR! test set")).readings
    assert {(r.model, r.dataset) for r in found} == {
        ("FooNet [With reverb]", "WHAMR!"), ("FooNet [No reverb]", "WHAMR!"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("(test set without reverb)", "DNS-2020 (no reverb)"),
        ("on the no-reverb set", "DNS-2020 (no reverb)"),
        ("(reverberant half)", "DNS-2020 (with reverb)"),
    ],
)
def test_a_caption_that_names_only_the_part(said: str, title: str) -> None:
    text = (
        r"\section{Results} We test on the DNS Challenge 2020 data."
        r"\begin{table}\caption{Influence of the look-ahead " + said + r"}"
        r"\begin{tabular}{lcc} Model & WB-PESQ & STOI \\ FooNet & 2.7 & 0.95 \\ FooNet-L & 2.9 & 0.96 \\ \end{tabular}\end{table}"
    )
    found = read(r"\begin{document}" + text + r"\end{document}", "paper.tex").readings
    assert {r.dataset for r in found} == {title}


@pytest.mark.parametrize("word", ["losses", "targets", "objectives", "schemes", "strategies"])
def test_training_in_front_of_what_is_no_data_names_no_training_set(word: str) -> None:
    body = r"Model & PESQ & STOI \\ Noisy & 2.4 & 0.9 \\ FooNet & 2.7 & 0.95 \\"
    found = read(latex(body, rf"Evaluation of training {word} on DNS-2020 no\_reverb")).readings
    assert {r.dataset for r in found} == {"DNS-2020 (no reverb)"}


def test_a_mixture_outside_the_vocabulary_that_a_head_names_too() -> None:
    text = (
        r"\begin{document}\begin{table}\caption{All networks}\begin{tabular}{lcc}"
        r" & \multicolumn{1}{c}{WSJ0-DEMAND-QUT} & \multicolumn{1}{c}{DNS-1 (no reverb)} \\ Method & PESQ & PESQ \\"
        r"Noisy & 2.04 & 1.62 \\ FooNet & 2.8 & 2.4 \\ \end{tabular}\end{table}"
        r"\begin{table}\caption{PESQ by SNR on WSJ0-DEMAND-QUT}\begin{tabular}{lcc}"
        r"Method & 0 dB & 5 dB \\ Noisy & 1.6 & 2.0 \\ FooNet & 2.3 & 2.7 \\ \end{tabular}\end{table}\end{document}"
    )
    found = read(text, "paper.tex").readings
    assert {r.dataset for r in found if "SNR" in r.metric} == {"WSJ0-DEMAND-QUT"}


def test_the_version_of_a_corpus_belongs_to_its_name() -> None:
    body = r"Model & LSD (dB) & PESQ \\ AaNet & 0.9 & 3.1 \\ FooNet & 0.8 & 3.3 \\"
    found = read(latex(body, "Bandwidth extension on VCTK-0.92 with four rates")).readings
    assert {r.dataset for r in found} == {"VCTK-0.92"}


@pytest.mark.parametrize("corner", ["SNR (dB)", "Test SNR", "Input SNR"])
def test_steps_beside_units_below_the_heads(corner: str) -> None:
    body = (
        r"Metrics & Para. & MACs & \multicolumn{2}{c}{PESQ} & \multicolumn{2}{c}{SI-SDR (dB)} \\ "
        rf"{corner} & (M) & (G/s) & -5 & 0 & -5 & 0 \\ Noisy & - & - & 1.43 & 1.75 & -5.0 & 0.0 \\ "
        r"FooNet & 1.98 & 2.74 & 2.61 & 2.99 & 7.96 & 11.08 \\"
    )
    found = read(latex(body, "Results")).readings
    assert {(r.model, r.metric, r.value) for r in found if "FooNet" in r.model} == {
        ("FooNet", "params", 1.98e6), ("FooNet", "MACs", 2.74e9),
        ("FooNet [SNR -5 dB]", "PESQ [SNR -5 dB]", 2.61), ("FooNet [SNR 0 dB]", "PESQ [SNR 0 dB]", 2.99),
        ("FooNet [SNR -5 dB]", "SI-SDR [SNR -5 dB]", 7.96), ("FooNet [SNR 0 dB]", "SI-SDR [SNR 0 dB]", 11.08),
    }  # fmt: skip


@pytest.mark.parametrize("over", ["SI-SDR at an SNR of", "SI-SDR for different input SNRs", "SI-SDR"])
def test_a_head_that_says_that_snrs_follow(over: str) -> None:
    body = (
        rf"Network & \multicolumn{{2}}{{c}}{{{over}}} \\ & $-5$ dB & 0 dB \\ Mixture & -5.0 & 0.0 \\ "
        r"FooNet & 7.9 & 11.1 \\"
    )
    found = read(latex(body, "Results")).readings
    assert [(r.metric, r.value) for r in found if "FooNet" in r.model] == [
        ("SI-SDR [SNR -5 dB]", 7.9), ("SI-SDR [SNR 0 dB]", 11.1),
    ]  # fmt: skip


def test_the_name_of_a_metric_in_two_lines() -> None:
    body = (
        r"Model & PESQ & pred. & pred. & pred. \\ & (WB) & CSIG & CBAK & COVRL \\ Noisy & 1.97 & 3.35 & 2.44 & 2.63 \\ "
        r"FooNet & 2.9 & 4.2 & 3.5 & 3.6 \\"
    )
    found = read(latex(body, "Results on VoiceBank+DEMAND")).readings
    assert [(r.model, r.metric) for r in found if r.model != "Noisy"] == [
        ("FooNet", name) for name in ("PESQ", "CSIG", "CBAK", "COVL")
    ]


@pytest.mark.parametrize(
    ("said", "metric"),
    [
        ("We measure the classical narrow-band PESQ of P.862.", "PESQ-NB"),
        ("Wide-band PESQ (P.862.2) is used in all experiments.", "PESQ"),
        ("DTLN reports narrow-band PESQ only.", "PESQ"),
        ("Both narrow-band PESQ and wide-band PESQ are reported.", "PESQ"),
    ],
)
def test_the_band_that_the_text_gives_for_all_scores(said: str, metric: str) -> None:
    text = (
        rf"\begin{{document}}\section{{Set-up}} {said} \section{{Results}} Here they are. \begin{{table}}\caption{{Scores}}"
        r"\begin{tabular}{lcc} Model & PESQ & STOI \\ DTLN & 2.7 & 0.94 \\ FooNet & 2.9 & 0.95 \\ \end{tabular}\end{table}\end{document}"
    )
    found = read(text, "paper.tex").readings
    assert {r.metric for r in found} == {metric, "STOI"}


def test_one_of_two_halves_may_be_missing() -> None:
    text = (
        "# FooBench\n\nDNS-2020, without / with reverb.\n\n| Model | PESQ | STOI (%) |\n|---|---|---|\n"
        "| AaNet | 2.68 / 2.57 | – / 93.5 |\n| BbNet | 2.93 / 2.91 | 95 / 94.5 |\n| CcNet | 2.9 / – | 96 / – |\n"
    )
    found = [r for r in read(text, "README.md").readings if r.metric == "STOI"]
    no, yes = "DNS-2020 (no reverb)", "DNS-2020 (with reverb)"
    assert {(r.model, r.dataset, r.value) for r in found} == {
        ("AaNet", yes, 0.935), ("BbNet", no, 0.95), ("BbNet", yes, 0.945), ("CcNet", no, 0.96),
    }  # fmt: skip


@pytest.mark.parametrize("head", ["MACs (G, for 1 s)", "MACs (G @ 16 kHz)", "MACs (G, 1 s)", "MACs (G)"])
def test_a_unit_with_the_audio_that_it_is_for(head: str) -> None:
    body = rf"Model & {head} & PESQ \\ AaNet & 11.13 & 2.6 \\ FooNet & 0.24 & 2.9 \\"
    found = read(latex(body, "Results on VoiceBank+DEMAND")).readings
    assert [r.value for r in found if r.metric == "MACs"] == [11.13e9, 0.24e9]


def test_the_letter_of_a_panel_is_no_condition() -> None:
    rows = r"Noisy & {a} & 0.70 \\ FooNet & {b} & 0.90 \\ "
    body = (
        r"Model & PESQ & STOI \\ \multicolumn{3}{c}{(a) Babble} \\ " + rows.format(a=1.5, b=2.4)
        + r"\multicolumn{3}{c}{(b) Street} \\ " + rows.format(a=1.6, b=2.5)
    )  # fmt: skip
    assert {r.model for r in read(latex(body)).readings} == {
        f"{model} [{noise}]" for model in ("Noisy", "FooNet") for noise in ("Babble", "Street")
    }


@pytest.mark.parametrize("heading", ["exp/train_dc_crn_mapping_snr_raw", "train_dc_crn_mapping_snr_raw"])
def test_a_heading_that_is_a_long_id_names_the_model_whatever_its_parts(heading: str) -> None:
    text = f"# Results\n\n## {heading}\n\n|dataset|PESQ|STOI|\n|---|---|---|\n|et05_simu|2.9|94.2|\n|dt05_simu|3.1|95.1|\n"
    found = read(text, "RESULTS.md").readings
    assert {r.model.partition(" [")[0] for r in found} == {"train_dc_crn_mapping_snr_raw"}


def test_rates_over_metrics_are_conditions() -> None:
    body = (
        r" & & \multicolumn{2}{c}{8 kHz} & \multicolumn{2}{c}{12 kHz} \\ Model & Params & LSD & ViSQOL & LSD & ViSQOL \\ "
        r"Input & -- & 4.27 & 2.07 & 3.88 & 2.34 \\ FooNet & 4.8M & 0.84 & 2.97 & 0.79 & 3.15 \\"
    )
    found = read(latex(body, "Bandwidth extension on VCTK")).readings
    assert {
        (r.model, r.metric.partition(" [")[0]) for r in found if "FooNet" in r.model and r.metric != "params"
    } == {(f"FooNet [{rate}]", metric) for rate in ("8 kHz", "12 kHz") for metric in ("LSD", "ViSQOL")}


@pytest.mark.parametrize("caption", ["Unseen noise, SSNR and SDR in dB", "Mean scores on the test set"])
def test_models_in_columns_below_groups_with_metrics_in_rows(caption: str) -> None:
    rows = "".join(
        rf"\multirow{{2}}{{*}}{{{snr} dB}} & PESQ & 1.3 & 1.4 & 1.5 & 2.0 \\  & ESTOI & 0.4 & 0.5 & 0.6 & 0.7 \\ "
        for snr in (-5, 0)
    )
    body = (
        r"\multirow{2}{*}{Input SNR} & \multirow{2}{*}{Measure} & \multirow{2}{*}{Noisy} & \multicolumn{2}{c}{Classical} & Neural \\ "
        rf" & & & log-MMSE & OM-LSA & FooNet \\ {rows}"
    )
    found = read(latex(body, caption)).readings
    assert {r.model for r in found} == {
        f"{model} [SNR {snr} dB]" for model in ("Noisy", "log-MMSE", "OM-LSA", "FooNet") for snr in (-5, 0)
    }
    assert {r.metric.partition(" [")[0] for r in found} == {"PESQ", "ESTOI"}


def test_the_id_of_a_set_that_says_the_part_of_the_challenge_in_the_title() -> None:
    ids = ("enhanced_cv_synthetic", "enhanced_tt_synthetic_no_reverb", "enhanced_tt_synthetic_with_reverb")
    rows = "".join(f"|{ident}|2.{place}|95.{place}|\n" for place, ident in enumerate(ids))
    text = f"# DNS Challenge 1 @ INTERSPEECH 2020\n\n## train_foo_net_raw\n\n|dataset|PESQ_WB|STOI|\n|---|---|---|\n{rows}"
    found = read(text, "RESULTS.md").readings
    assert [r.dataset for r in found if r.metric == "PESQ"] == [
        "enhanced_cv_synthetic", "DNS-2020 (no reverb)", "DNS-2020 (with reverb)",
    ]  # fmt: skip


def test_a_title_of_enhancement_and_dereverberation_says_nothing_of_a_table() -> None:
    body = r"Model & PESQ & STOI \\ AaNet & 2.8 & 0.93 \\ FooNet & 2.9 & 0.94 \\"
    both = read(latex(body, title="FooNet: Speech Enhancement and Dereverberation"))
    alone = read(latex(body, "Results on VoiceBank", title="FooNet: Speech Dereverberation"))
    assert {r.dataset for r in both.readings} == {"VoiceBank+DEMAND"}
    assert {r.dataset for r in alone.readings} == {"VoiceBank (dereverb)"}


def test_a_caption_that_begins_with_the_recordings() -> None:
    text = (
        r"\begin{document}\section{Results} We test on the DNS Challenge 2020 test set."
        r"\begin{table}\caption{Real recordings: MOS with confidence intervals}"
        r"\begin{tabular}{lcc} Model & MOS & UTMOS \\ Noisy & 2.3 & 1.9 \\ FooNet & 3.7 & 3.5 \\ \end{tabular}\end{table}\end{document}"
    )
    assert {r.dataset for r in read(text, "paper.tex").readings} == {"DNS-2020 (real recordings)"}


def test_sets_over_models_with_metrics_in_rows() -> None:
    heads = " & ".join(("Noisy", r"\shortstack{FooNet\\M5 (no PESQ)}", r"\shortstack{FooNet\\M6 (PESQ)}") * 2)
    body = (
        r"Metric & \multicolumn{3}{c}{VB-DMD (matched)} & \multicolumn{3}{c}{EARS-WHAM (mismatched)} \\ "
        rf" & {heads} \\ PESQ & 1.97 & 2.9 & 3.7 & 1.24 & 1.9 & 2.3 \\ ESTOI & 0.79 & 0.88 & 0.86 & 0.64 & 0.77 & 0.74 \\"
    )
    found = read(latex(body, "FooNet on two sets. Bold: best (paired Wilcoxon test).")).readings
    models = ("Noisy", "FooNet M5 (no PESQ)", "FooNet M6 (PESQ)")
    assert [(r.model, r.dataset, r.metric) for r in found] == [
        (model, dataset, metric)
        for metric in ("PESQ", "ESTOI")
        for dataset in ("VoiceBank+DEMAND", "EARS-WHAM")
        for model in models
    ]


def test_a_challenge_without_its_year_is_the_edition_that_the_text_names() -> None:
    text = (
        r"\begin{document}\section{Results} The two development sets of the Interspeech 2020 DNS challenge are used as tests."
        r"\begin{table}\caption{Results on the DNS-challenge synthetic sets}\begin{tabular}{lcccc}"
        r" & \multicolumn{2}{c}{Synthetic without Reverb} & \multicolumn{2}{c}{Synthetic with Reverb} \\ "
        r"Method & WB-PESQ & STOI & WB-PESQ & STOI \\ Noisy & 1.58 & 91.52 & 1.82 & 86.62 \\ FooNet & 2.86 & 96.3 & 2.9 & 92.1 \\"
        r"\end{tabular}\end{table}\end{document}"
    )
    found = read(text, "paper.tex").readings
    assert {(r.model, r.dataset) for r in found} == {
        (model, f"DNS-2020 ({part} reverb)") for model in ("Noisy", "FooNet") for part in ("no", "with")
    }


def test_a_score_in_the_caption_beside_costs_with_heads() -> None:
    body = (
        r"\multirow{3}{*}{Method} & \multirow{3}{*}{Params} & \multicolumn{2}{c}{DNS Challenge} & \multicolumn{2}{c}{CHiME-4} \\ "
        r" & & \multicolumn{2}{c}{Without reverb} & \multicolumn{2}{c}{Dev (dt05)} \\  & & Tiny & Large & Tiny & Large \\ "
        r"Noisy & -- & 15.0 & 4.8 & 21.8 & 4.4 \\ FooNet & 0.96 & 11.3 & 4.2 & 16.5 & 4.3 \\"
    )
    found = read(latex(body, r"WER (\%) with frozen back-ends, and cost (Params in M)")).readings
    assert {(r.model, r.dataset) for r in found if r.metric != "params" and "FooNet" in r.model} == {
        ("FooNet [Tiny]", "DNS-2020 (no reverb)"), ("FooNet [Large]", "DNS-2020 (no reverb)"),
        ("FooNet [Dev (dt05), Tiny]", "CHiME-4"), ("FooNet [Dev (dt05), Large]", "CHiME-4"),
    }  # fmt: skip


@pytest.mark.parametrize("word", ["(human)", "(subjective)", "Signal", "Perceptual"])
def test_a_word_for_the_kind_of_a_metric_is_no_condition(word: str) -> None:
    above = rf" & \multicolumn{{2}}{{c}}{{{word}}} \\ Model & MOS & PESQ \\"
    below = rf"Model & MOS & PESQ \\ & {word} & \\"
    for heads in (above, below):
        body = rf"{heads} Noisy & 2.3 & 1.97 \\ FooNet & 3.7 & 2.9 \\"
        assert {r.model for r in read(latex(body)).readings} == {"Noisy", "FooNet"}, heads


def test_the_caption_of_a_subtable_is_the_part() -> None:
    tables = "".join(
        rf"\begin{{subtable}}{{\columnwidth}}\caption{{{part}}}\begin{{tabular}}{{lcc}} System & PESQ & STOI \\ Noisy & 1.{at} & 0.9 \\ "
        rf"FooNet & 2.{at} & 0.95 \\ \end{{tabular}}\end{{subtable}}"
        for at, part in enumerate(("without reverberation", "with reverberation"))
    )
    text = rf"\begin{{document}}\begin{{table}}\caption{{Synthetic test sets of DNS 2020.}}{tables}\end{{table}}\end{{document}}"
    assert {(r.model, r.dataset) for r in read(text, "paper.tex").readings} == {
        (model, f"DNS-2020 ({part} reverb)") for model in ("Noisy", "FooNet") for part in ("no", "with")
    }


def test_rooms_over_distances_under_titles_that_name_the_metric() -> None:
    rows = r"Noisy & {a} & {b} & {a} & {b} \\ FooNet & {c} & {d} & {c} & {d} \\"
    body = (
        r" & \multicolumn{2}{c}{Room 1} & \multicolumn{2}{c}{Room 2} \\ Method & Near & Far & Near & Far \\ "
        r"\multicolumn{5}{l}{PESQ} \\ " + rows.format(a=1.4, b=1.2, c=2.2, d=1.9)
        + r" \multicolumn{5}{l}{LLR} \\ " + rows.format(a=0.9, b=1.1, c=0.4, d=0.6)
    )  # fmt: skip
    found = read(latex(body, "REVERB challenge, SimData")).readings
    assert {r.model for r in found} == {
        f"{model} [Room {room}, {place}]"
        for model in ("Noisy", "FooNet")
        for room in (1, 2)
        for place in ("Near", "Far")
    }
    assert {r.metric.partition(" [")[0] for r in found} == {"PESQ", "LLR"}


def test_a_corner_of_two_rows_that_say_what_the_heads_are() -> None:
    body = (
        r"Test noise & \multicolumn{2}{c}{Babble} & \multicolumn{2}{c}{Factory1} \\ Test SNR & $-$5 dB & 0 dB & $-$5 dB & 0 dB \\ "
        r"Noisy & 58.4 & 70.3 & 57.1 & 69.9 \\ FooNet & 83.1 & 90.6 & 82.6 & 90.0 \\"
    )
    found = read(latex(body, r"STOI (\%) on WSJ0-NOISEX92 for two noises")).readings
    assert {r.model for r in found} == {
        f"{model} [{noise}, SNR {snr} dB]"
        for model in ("Noisy", "FooNet")
        for noise in ("Babble", "Factory1")
        for snr in (-5, 0)
    }


@pytest.mark.parametrize("fence", ["```yaml", "```"])
def test_scores_by_name_in_a_code_block(fence: str) -> None:
    text = (
        f"# Models\n\n#### FooNet_Libri2Mix_sepclean_8k\n\nOn the Libri2Mix min test set:\n\n{fence}\n"
        "si_sdr: 10.617130949793383\nsi_sdr_imp: 12.551811412989263\nsir: Infinity\nsar: 11.5649982725426\nsar_imp: 4.66\nstoi: 0.8701\n```\n"
    )
    found = read(text, "README.md").readings
    assert [(r.model, r.metric, round(r.value, 2), r.dataset) for r in found] == [
        ("FooNet_Libri2Mix_sepclean_8k", metric, value, "Libri2Mix")
        for metric, value in (("SI-SDR", 10.62), ("SI-SDRi", 12.55), ("SAR", 11.56), ("STOI", 0.87))
    ]
    assert all(text[r.span.start : r.span.end] == r.raw for r in found)


@pytest.mark.parametrize(
    "block",
    ["lr: 0.001\nbatch: 8\nepochs: 200", "python: 3.9\nstoi: 0.9\nsteps: 5\nworkers: 4", "stoi: 0.87"],
)
def test_settings_in_a_code_block_are_no_scores(block: str) -> None:
    assert not read(f"# FooNet\n\n```yaml\n{block}\n```\n", "README.md").readings
