"""What tells rows and columns of a table apart: groups, settings, what a model was trained on, headers in two rows."""

from __future__ import annotations

import pytest

from tests.extract.support import latex, read, values


def labels(text: str, name: str = "paper.tex") -> list[str]:
    """The labels of all readings, each once, in their order."""
    return list(dict.fromkeys(r.model for r in read(text, name).readings))


@pytest.mark.parametrize(
    "groups", [("Babble", "Cafeteria"), ("Seen noises", "Unseen noises"), ("Bus", "Street")]
)
def test_a_title_over_labels_that_stand_under_another_too_is_a_condition(groups: tuple[str, str]) -> None:
    rows = r"Noisy & {a} & 0.70 \\ FooNet & {b} & 0.90 \\"
    first, second = (rf"\multicolumn{{3}}{{c}}{{{group}}} \\ " for group in groups)
    body = rf"Model & PESQ & STOI \\ {first}{rows.format(a=1.5, b=2.4)} {second}{rows.format(a=1.6, b=2.5)}"
    wanted = [f"{model} [{group}]" for group in groups for model in ("Noisy", "FooNet")]
    assert labels(latex(body)) == wanted


def test_a_title_over_labels_that_stand_there_alone_is_none() -> None:
    body = (
        r"Model & PESQ & STOI \\ \multicolumn{3}{c}{Time domain} \\ AaNet & 2.1 & 0.91 \\ BbNet & 2.2 & 0.92 \\ "
        r"\multicolumn{3}{c}{Frequency domain} \\ CcNet & 2.4 & 0.93 \\ FooNet & 2.9 & 0.95 \\"
    )
    assert labels(latex(body)) == ["AaNet", "BbNet", "CcNet", "FooNet"]


@pytest.mark.parametrize("header", ["Training set", "Trained on", "Training data", "Train"])
def test_what_a_model_was_trained_on_is_not_what_it_is_tested_on(header: str) -> None:
    body = (
        rf"Method & {header} & PESQ & ESTOI \\ BarNet & WSJ0-CHiME3 & 2.37 & 0.83 \\ FooNet & WSJ0-CHiME3 & 2.51 & 0.85 \\ "
        r"BarNet & VB-DMD & 2.84 & 0.85 \\ FooNet & VB-DMD & 2.97 & 0.87 \\"
    )
    found = read(latex(body, "Scores on VoiceBank+DEMAND")).readings
    assert {r.dataset for r in found} == {"VoiceBank+DEMAND"}
    assert {r.model for r in found} == {
        f"{model} [{header}={data}]" for model in ("BarNet", "FooNet") for data in ("WSJ0-CHiME3", "VB-DMD")
    }


def test_a_column_that_tells_nothing_apart_is_left_out() -> None:
    body = (
        r"Method & Type & Training set & PESQ \\ BarNet & D & WSJ0-CHiME3 & 2.37 \\ FooNet & G & WSJ0-CHiME3 & 2.51 \\ "
        r"BarNet & D & VB-DMD & 2.84 \\ FooNet & G & VB-DMD & 2.97 \\"
    )
    assert all("Type" not in label for label in labels(latex(body)))


def test_the_first_column_that_tells_all_apart_is_enough() -> None:
    body = (
        r"Codec & kbps & Codebooks & PESQ \\ FooCodec & 6.0 & 8 & 2.77 \\ FooCodec & 1.5 & 2 & 1.56 \\ "
        r"BarCodec & 1.2 & 1 & 2.44 \\ BarCodec & 0.6 & 1 & 1.92 \\"
    )
    assert labels(latex(body)) == [
        "FooCodec [kbps=6.0]", "FooCodec [kbps=1.5]", "BarCodec [kbps=1.2]", "BarCodec [kbps=0.6]",
    ]  # fmt: skip


@pytest.mark.parametrize("added", ["+ OA", "+ PCS", "w/ pretraining"])
def test_one_addition_under_two_systems_bears_the_name_of_each(added: str) -> None:
    body = rf"Model & PESQ \\ BarNet & 2.30 \\ {added} & 2.41 \\ FooNet & 2.80 \\ {added} & 2.92 \\"
    assert labels(latex(body)) == ["BarNet", f"BarNet {added}", "FooNet", f"FooNet {added}"]


def test_an_addition_that_stands_once_is_printed_as_it_is() -> None:
    body = r"Model & PESQ \\ Base & 2.30 \\ + attention & 2.41 \\ + pretraining & 2.52 \\"
    assert labels(latex(body)) == ["Base", "+ attention", "+ pretraining"]


@pytest.mark.parametrize("corner", ["", "Attention", "(dB)"])
@pytest.mark.parametrize("halves", [("Non-causal", "Causal"), ("Small", "Large"), ("A4", "A5")])
def test_words_under_names_that_reach_over_columns_are_header(corner: str, halves: tuple[str, str]) -> None:
    first, second = halves
    body = (
        r" & \multicolumn{2}{c}{PESQ} & \multicolumn{2}{c}{STOI} \\ "
        rf"{corner} & {first} & {second} & {first} & {second} \\ "
        r"Full & 3.45 & 3.08 & 0.96 & 0.94 \\ Windowed & 3.43 & 3.11 & 0.95 & 0.93 \\"
    )
    assert values(read(latex(body)))[:2] == [
        (f"Full [{first}]", "PESQ", "VoiceBank+DEMAND", 3.45),
        (f"Full [{second}]", "PESQ", "VoiceBank+DEMAND", 3.08),
    ]


def test_models_under_metrics_with_the_unit_of_the_rows_in_the_corner() -> None:
    body = (
        r"SNR & \multicolumn{2}{c}{PESQ} & \multicolumn{2}{c}{STOI} \\ (dB) & Noisy & FooNet & Noisy & FooNet \\ "
        r"2.5 & 1.42 & 2.37 & 0.81 & 0.90 \\ 7.5 & 1.76 & 2.76 & 0.88 & 0.93 \\"
    )
    assert [(r.model, r.quantity, r.value) for r in read(latex(body)).readings][:2] == [
        ("Noisy [SNR 2.5 dB]", "PESQ", 1.42),
        ("FooNet [SNR 2.5 dB]", "PESQ", 2.37),
    ]


def test_runs_by_their_date() -> None:
    text = "# FooNet\n\n| Release | PESQ |\n|---|---|\n| 21-11-22 | 2.41 |\n| 04-03-23 | 2.52 |\n"
    assert labels(text, "README.md") == ["FooNet [21-11-22]", "FooNet [04-03-23]"]


@pytest.mark.parametrize("total", ["All layers", "Total", "Overall"])
def test_costs_of_parts_beside_that_of_the_whole_are_none_of_the_model(total: str) -> None:
    body = (
        rf"Model & \multicolumn{{3}}{{c}}{{MACs (M/s)}} & PESQ \\ & GRU & other & {total} & \\ "
        r"FooNet & 120.5 & 10.5 & 131.0 & 2.58 \\ BarNet & 60.5 & 10.5 & 71.0 & 2.41 \\"
    )
    macs = [(r.model, r.value) for r in read(latex(body)).readings if r.quantity == "MACs"]
    assert macs == [("FooNet", 131e6), ("BarNet", 71e6)]


@pytest.mark.parametrize("caption", ["Hyperparameters.", "Settings of the samplers", "Training details"])
def test_a_table_of_settings_holds_no_scores(caption: str) -> None:
    body = r" & BarNet & FooNet \\ Reverse steps & 30 & 6 \\ Corrector SNR & 0.5 & 0.4 \\ Params (M) & 3.1 & 1.2 \\"
    assert {r.quantity for r in read(latex(body, caption)).readings} <= {"params"}


@pytest.mark.parametrize(
    "caption", ["Settings and their influence on PESQ", "Configurations: results for each"]
)
def test_a_table_of_what_settings_bring_does(caption: str) -> None:
    body = r"Setting & PESQ & STOI \\ A & 2.71 & 0.93 \\ B & 2.80 & 0.94 \\"
    assert len(read(latex(body, caption)).readings) == 4


@pytest.mark.parametrize(
    "caption",
    ["PESQ of three networks with the losses A and B", "PESQ of two models trained with different losses"],
)
def test_the_metric_that_a_caption_begins_with(caption: str) -> None:
    body = r"Network & VoiceBank+DEMAND & WSJ0-CHiME3 \\ BarNet & 3.10 & 2.44 \\ FooNet & 3.21 & 2.61 \\"
    assert [(r.model, r.quantity, r.dataset) for r in read(latex(body, caption)).readings][:2] == [
        ("BarNet", "PESQ", "VoiceBank+DEMAND"),
        ("BarNet", "PESQ", "WSJ0-CHiME3"),
    ]


def test_a_loss_named_for_a_metric_is_no_score() -> None:
    body = r"Network & first & second \\ BarNet & 3.10 & 2.44 \\ FooNet & 3.21 & 2.61 \\"
    assert not read(latex(body, "PESQ loss of two networks by epoch")).readings


def test_the_metric_that_a_note_alone_names() -> None:
    text = (
        "# FooNet\n\n| Model | WSJ0-2mix | WHAM! |\n|---|---|---|\n| BarNet | 15.3 | 12.7 |\n| FooNet | 18.8 | 13.9 |\n\n"
        "*SI-SNR improvement in dB; separate checkpoints.*\n"
    )
    assert [(r.model, r.quantity, r.dataset, r.value) for r in read(text, "README.md").readings][:2] == [
        ("BarNet", "SI-SDRi", "WSJ0-2mix", 15.3),
        ("BarNet", "SI-SDRi", "WHAM!", 12.7),
    ]


@pytest.mark.parametrize("header", ["Condition", "Acoustic condition", "Scenario"])
def test_models_over_columns_in_several_conditions(header: str) -> None:
    body = (
        rf"{header} & \multicolumn{{3}}{{c}}{{SI-SDR (dB)}} & \multicolumn{{3}}{{c}}{{PESQ}} \\ & In & Local & FooNet & In & Local & FooNet \\ "
        r"Standard & 4.12 & 9.35 & 9.71 & 1.52 & 2.03 & 2.07 \\ Hard & -0.87 & 5.90 & 6.44 & 1.27 & 1.66 & 1.71 \\ "
        r"Worst & -4.95 & 2.71 & 3.38 & 1.14 & 1.39 & 1.45 \\"
    )
    found = [(r.model, r.quantity, r.value) for r in read(latex(body, "Scores across conditions")).readings]
    assert found[:3] == [
        ("In [Standard]", "SI-SDR", 4.12), ("Local [Standard]", "SI-SDR", 9.35), ("FooNet [Standard]", "SI-SDR", 9.71),
    ]  # fmt: skip


@pytest.mark.parametrize("split", ["DEV", "Val", "dev set"])
def test_a_split_stands_once_for_the_rows_behind_it(split: str) -> None:
    body = rf"Split & System & PESQ \\ {split} & BarNet & 2.74 \\ & FooNet & 2.80 \\ TEST & BarNet & 2.70 \\ & FooNet & 2.76 \\"
    assert labels(latex(body)) == [f"BarNet [{split}]", f"FooNet [{split}]", "BarNet", "FooNet"]


@pytest.mark.parametrize(("unit", "scale"), [("ms", 1e-3), ("s", 1.0)])
def test_the_unit_in_the_head_of_a_column_under_a_metric_of_the_caption(unit: str, scale: float) -> None:
    body = rf"Model & P50 ({unit}) & P95 ({unit}) \\ BarNet & 4.8 & 6.0 \\ FooNet & 2.1 & 2.5 \\"
    found = read(latex(body, "Latency per frame on one CPU core")).readings
    assert [(r.model, r.value) for r in found][:2] == [
        ("BarNet [P50]", pytest.approx(4.8 * scale)),
        ("BarNet [P95]", pytest.approx(6.0 * scale)),
    ]


@pytest.mark.parametrize(
    "title", ["Improvement", "Verbesserung", "Îmbunătățire față de semnalul zgomotos", "Gain over noisy"]
)
def test_rows_under_a_title_of_differences_are_no_scores(title: str) -> None:
    body = (
        rf"Model & PESQ & STOI \\ BarNet & 2.30 & 0.93 \\ FooNet & 2.80 & 0.94 \\ \multicolumn{{3}}{{c}}{{{title}}} \\ "
        r"BarNet & 0.33 & 0.01 \\ FooNet & 0.83 & 0.02 \\"
    )
    assert [r.value for r in read(latex(body)).readings] == [2.30, 0.93, 2.80, 0.94]


@pytest.mark.parametrize("header", ["Input SNR (dB)", "SNR alvo (dB)", "Target SNR", "SNR d'entrée (dB)"])
def test_the_snr_at_which_noise_was_added_is_a_condition(header: str) -> None:
    body = rf"{header} & Model & SI-SDR \\ -5 & BarNet & 1.4 \\ -5 & FooNet & 2.9 \\ 0 & BarNet & 4.4 \\ 0 & FooNet & 5.9 \\"
    assert labels(latex(body)) == [f"{m} [SNR {snr} dB]" for snr in (-5, 0) for m in ("BarNet", "FooNet")]


def test_a_letter_behind_a_metric_is_no_unit_of_counts() -> None:
    body = r"Model & SIR & SIR (B) & Params (M) \\ BarNet & 12.4 & 9.6 & 1.5 \\ FooNet & 15.8 & 12.4 & 0.5 \\"
    found = [(r.model, r.quantity, r.value) for r in read(latex(body)).readings][:3]
    assert found == [("BarNet", "SIR", 12.4), ("BarNet [B]", "SIR", 9.6), ("BarNet", "params", 1.5e6)]


@pytest.mark.parametrize("header", ["Noise", "Reverb"])
def test_a_column_of_scores_of_the_noise_is_no_condition(header: str) -> None:
    body = rf"Chain & PESQ & {header} \\ untouched & 1.31 & 1.52 \\ BarNet & 1.48 & 1.70 \\ FooNet & 1.97 & 2.02 \\"
    assert labels(latex(body)) == ["untouched", "BarNet", "FooNet"]


@pytest.mark.parametrize("numbers", [("6.0", "9.7", "15.2", "17.0"), ("6.12", "9.70", "15.24", "17.03")])
def test_an_snr_of_uneven_numbers_is_measured(numbers: tuple[str, ...]) -> None:
    rows = r" \\ ".join(
        f"{m} & {n} & 0.8{at}"
        for at, (m, n) in enumerate(zip(("Noisy", "Aa", "Bb", "Cc"), numbers, strict=True))
    )
    found = read(latex(rf"Method & SNR (dB) & STOI \\ {rows} \\")).readings
    assert [r.value for r in found if r.quantity == "SNR"] == [float(n) for n in numbers]


@pytest.mark.parametrize("difference", ["C minus B", "C vs. B", "C wins"])
def test_heads_of_differences_between_columns_are_no_models(difference: str) -> None:
    text = f"# N\n\n| Metric | B | C | {difference} |\n|---|---|---|---|\n| PESQ | 1.52 | 1.53 | +0.01 |\n| STOI | 0.80 | 0.81 | +0.01 |\n"
    assert labels(text, "notes.md") == ["B", "C"]


def test_headings_over_tables_of_one_head_are_a_model_each() -> None:
    table = "| layer | estoi | pesq |\n|---|---|---|\n| vbdemand | 0.{0} | 1.{0} |\n| dns1_noreverb | 0.{1} | 1.{1} |\n| all | 0.80 | 1.90 |\n"
    parts = (("noisy", 78, 81), ("plover", 82, 86), ("plover_int8", 83, 85))
    text = "# Evaluation\n\n" + "\n".join(f"### {name}\n\n{table.format(a, b)}" for name, a, b in parts)
    found = [(r.model, r.dataset, r.value) for r in read(text, "eval.md").readings if r.quantity == "PESQ"]
    assert found == [
        (name, title, float(f"1.{number}"))
        for name, a, b in parts
        for title, number in (("VoiceBank+DEMAND", a), ("DNS-2020 (no reverb)", b))
    ]


def test_headings_of_conditions_are_no_models() -> None:
    table = "| SNR | PESQ |\n|---|---|\n| 0 dB | 1.{0} |\n| 5 dB | 1.{1} |\n"
    text = "# FooNet\n\n" + "\n".join(
        f"### {name}\n\n{table.format(a, b)}" for name, a, b in (("Babble", 78, 81), ("Street", 82, 86))
    )
    assert not {r.model.split(" [")[0] for r in read(text, "README.md").readings} & {"Babble", "Street"}


def test_a_gain_in_decibels_tells_nothing_apart_and_a_gain_function_does() -> None:
    body = r"Method & Gain & PESQ \\ FooNet & MMSE-LSA & 2.82 \\ FooNet & SRWF & 2.81 \\ BarNet & Wiener & 2.22 \\"
    assert labels(latex(body)) == ["FooNet [MMSE-LSA]", "FooNet [Gain=SRWF]", "BarNet"]
    body = r"Method & Gain & PESQ \\ FooNet & +1.2 dB & 2.82 \\ FooNet & +0.7 dB & 2.81 \\ BarNet & +0.1 dB & 2.22 \\"
    assert all("dB" not in label for label in labels(latex(body)))


def test_a_title_that_only_begins_with_a_word_for_differences_is_one_of_systems() -> None:
    body = r"Model & PESQ & STOI \\ \multicolumn{3}{c}{Gain functions} \\ Wiener & 2.22 & 0.91 \\ MMSE-LSA & 2.30 & 0.92 \\"
    assert labels(latex(body)) == ["Wiener", "MMSE-LSA"]


@pytest.mark.parametrize("box", ["minipage", "center", "threeparttable"])
def test_the_name_of_a_sub_float_reaches_into_the_box_in_it(box: str) -> None:
    width = "{0.5\\textwidth}" if box == "minipage" else ""
    body = r"\begin{tabular}{lcc}System & 2.5 dB & 7.5 dB \\ BarNet & 1.71 & 2.06 \\ FooNet & 1.80 & 2.18 \\\end{tabular}"
    floats = "".join(
        rf"\subfloat[{m}]{{\begin{{{box}}}{width}{body}\end{{{box}}}}}" for m in ("PESQ", "CBAK")
    )
    text = rf"\documentclass{{article}}\begin{{document}}\begin{{table*}}\caption{{VoiceBank+DEMAND by SNR.}}{floats}\end{{table*}}\end{{document}}"
    assert [(r.model, r.quantity) for r in read(text).readings][::2] == [
        ("BarNet [SNR 2.5 dB]", "PESQ"), ("FooNet [SNR 2.5 dB]", "PESQ"), ("BarNet [SNR 2.5 dB]", "CBAK"), ("FooNet [SNR 2.5 dB]", "CBAK"),
    ]  # fmt: skip


@pytest.mark.parametrize("sign", ["$\\pm$ 0.62", "($\\pm$0.62)", "+/- 0.62"])
def test_a_row_of_deviations_is_none(sign: str) -> None:
    body = rf"System & Dom. & PESQ & CSIG \\ BarNet & T & 2.16 & 3.19 \\ & & {sign} & {sign} \\ FooNet & F & 2.22 & 3.23 \\"
    assert labels(latex(body)) == ["BarNet", "FooNet"]


@pytest.mark.parametrize("groups", [("BUS", "CAFE"), ("Matched", "Mismatched")])
def test_a_header_that_comes_again_under_a_title_of_its_own(groups: tuple[str, str]) -> None:
    rows = r"System & 2.5 dB & 7.5 dB \\ BarNet & {0} & {1} \\ FooNet & {2} & {3} \\"
    numbers = ((1.71, 2.06, 1.80, 2.18), (1.22, 1.41, 1.25, 1.48))
    parts = "".join(
        rf"\multicolumn{{3}}{{c}}{{{group}}} \\ {rows.format(*some)} "
        for group, some in zip(groups, numbers, strict=True)
    )
    found = read(latex(parts, "PESQ on VoiceBank+DEMAND")).readings
    assert [r.model for r in found][::2] == [
        f"{model} [{group} / SNR 2.5 dB]" for group in groups for model in ("BarNet", "FooNet")
    ]


def test_costs_on_two_devices() -> None:
    body = r"Model & PESQ & RTF (GPU) & RTF (CPU) \\ BarNet & 2.3 & 0.021 & 0.94 \\ FooNet & 2.5 & 0.004 & 0.12 \\"
    found = [(r.model, r.value) for r in read(latex(body)).readings if r.quantity == "RTF"][:2]
    assert found == [("BarNet [GPU]", 0.021), ("BarNet [CPU]", 0.94)]


@pytest.mark.parametrize("unit", ["ms", "frames", "kHz"])
def test_settings_of_one_unit_under_models(unit: str) -> None:
    body = rf"Length & BarNet & FooNet \\ 10 {unit} & 1.79 & 2.24 \\ 20 {unit} & 1.96 & 2.53 \\ 40 {unit} & 1.88 & 2.37 \\"
    found = read(latex(body, "PESQ of both networks on VoiceBank+DEMAND")).readings
    assert [(r.model, r.value) for r in found][:2] == [
        (f"BarNet [10 {unit}]", 1.79),
        (f"FooNet [10 {unit}]", 2.24),
    ]


def test_how_many_files_a_row_is_over_is_no_setting() -> None:
    text = "# FooNet\n\nPESQ on VoiceBank+DEMAND.\n\n| SNR | Files | PESQ |\n|---|---|---|\n| 2.5 dB | 206 | 2.72 |\n| 7.5 dB | 206 | 3.08 |\n"
    assert labels(text, "README.md") == ["FooNet [SNR 2.5 dB]", "FooNet [SNR 7.5 dB]"]


def test_of_two_columns_under_one_name_the_first_is_the_label() -> None:
    text = (
        "# N\n\n| Backbone | | PESQ | STOI |\n|--|--|--|--|\n| Temp. | Spec. inv. | | |\n| Transformer | HiFi-GAN | 1.64 | 0.77 |\n"
        "| Transformer | C-HiFi-GAN | 1.63 | 0.76 |\n| Emformer | HiFi-GAN | 1.42 | 0.71 |\n| Emformer | C-HiFi-GAN | 1.40 | 0.70 |\n"
    )
    assert labels(text, "README.md") == [
        f"{model} [{vocoder}]"
        for model in ("Transformer", "Emformer")
        for vocoder in ("HiFi-GAN", "C-HiFi-GAN")
    ]


@pytest.mark.parametrize(("unit", "value"), [("ms", "20"), ("kHz", "16"), ("s", "0.5")])
def test_the_unit_of_a_setting_stands_with_its_value(unit: str, value: str) -> None:
    body = rf"Window ({unit}) & Layers & PESQ \\ {value} & 2 & 2.61 \\ {value} & 4 & 2.80 \\ 9{value} & 4 & 2.85 \\"
    assert all(
        f"window={value} {unit}" in label or f"window=9{value} {unit}" in label
        for label in labels(latex(body))
    )


@pytest.mark.parametrize("label", ["Noise", "Noise type", "Environment", "Scenario"])
def test_a_header_row_that_says_it_names_noises_gives_a_condition(label: str) -> None:
    body = (
        rf"{label} & \multicolumn{{4}}{{c}}{{Babble}} & \multicolumn{{4}}{{c}}{{Cafeteria}} \\ "
        r"Metric & \multicolumn{2}{c}{PESQ} & \multicolumn{2}{c}{STOI} & \multicolumn{2}{c}{PESQ} & \multicolumn{2}{c}{STOI} \\ "
        r"SNR & -5 & 0 & -5 & 0 & -5 & 0 & -5 & 0 \\ "
        r"Noisy & 1.5 & 1.8 & 0.58 & 0.70 & 1.4 & 1.7 & 0.57 & 0.69 \\ FooNet & 2.2 & 2.8 & 0.84 & 0.92 & 2.1 & 2.7 & 0.80 & 0.90 \\"
    )
    wanted = {f"FooNet [{noise}, SNR {snr} dB]" for noise in ("Babble", "Cafeteria") for snr in ("-5", "0")}
    assert {text for text in labels(latex(body)) if text.startswith("FooNet")} == wanted


def test_models_over_columns_are_no_noises() -> None:
    body = (
        r"SNR & \multicolumn{2}{c}{BarNet} & \multicolumn{2}{c}{FooNet} \\ & PESQ & STOI & PESQ & STOI \\ "
        r"-5 dB & 1.5 & 0.58 & 1.9 & 0.66 \\ 0 dB & 1.8 & 0.70 & 2.3 & 0.78 \\"
    )
    assert {text.partition(" [")[0] for text in labels(latex(body))} == {"BarNet", "FooNet"}


@pytest.mark.parametrize(("upper", "lower"), [("Metrics", "SNR (dB)"), ("Metric", "SNR"), ("", "SNR (dB)")])
def test_a_corner_that_speaks_of_the_heads_beside_it_stands_over_the_models(upper: str, lower: str) -> None:
    rows = "".join(
        rf"\multirow{{3}}{{*}}{{\rotatebox{{90}}{{{part}}}}} & Noisy & - & {a} & {a + 0.3:.1f} & 0.58 & 0.70 \\ "
        rf"& BarNet & RI & {a + 0.4:.1f} & {a + 0.8:.1f} & 0.74 & 0.85 \\ & FooNet & Wave & {a + 0.6:.1f} & {a + 0.9:.1f} & 0.77 & 0.88 \\ "
        for part, a in (("Set-A", 1.5), ("Set-B", 1.7))
    )
    body = (
        rf" & {upper} & \multirow{{2}}{{*}}{{Feat.}} & \multicolumn{{2}}{{c}}{{PESQ}} & \multicolumn{{2}}{{c}}{{STOI}} \\ "
        rf" & {lower} & & -5 & 0 & -5 & 0 \\ {rows}"
    )
    named = {text.partition(" [")[0] for text in labels(latex(body))}
    assert named == {"Noisy", "BarNet", "FooNet"}
    assert "FooNet [Set-B, SNR -5 dB]" in {text.replace(" / ", ", ") for text in labels(latex(body))}


def test_a_head_with_an_arrow_is_no_setting() -> None:
    body = (
        r"Model & FAD ($\downarrow$) & DNSMOS ($\uparrow$) & WER ($\downarrow$) \\ \multicolumn{4}{c}{Reverb} \\ FooNet & 0.32 & 2.90 & 5.0 \\ "
        r"BarNet & 0.86 & 2.30 & 9.0 \\ \multicolumn{4}{c}{Reverb + noise} \\ FooNet & 0.35 & 2.72 & 8.0 \\ BarNet & 0.70 & 2.66 & 9.5 \\"
    )
    assert not [text for text in labels(latex(body)) if "FAD" in text]


@pytest.mark.parametrize(("cross", "tick"), [(r"$\times$", r"$\checkmark$"), ("no", "yes")])
def test_a_row_of_dashes_among_crosses_is_not_the_model_without_its_parts(cross: str, tick: str) -> None:
    body = (
        rf"SFE & TA & PESQ & STOI \\ - & - & 1.30 & 0.789 \\ {cross} & {cross} & 1.87 & 0.834 \\ "
        rf"{cross} & {tick} & 1.89 & 0.838 \\ {tick} & {tick} & 1.94 & 0.844 \\"
    )
    found = {r.value for r in read(latex(body, "Ablation study on VoiceBank+DEMAND"), "paper.tex").readings}
    assert 1.30 not in found
    assert {1.87, 1.89, 1.94} <= found


def test_dashes_alone_say_what_is_not_there() -> None:
    body = (
        r"SFE & TA & PESQ & STOI \\ - & - & 1.87 & 0.834 \\ - & $\checkmark$ & 1.89 & 0.838 \\ "
        r"$\checkmark$ & $\checkmark$ & 1.94 & 0.844 \\"
    )
    found = {r.value for r in read(latex(body, "Ablation study on VoiceBank+DEMAND"), "paper.tex").readings}
    assert {1.87, 1.89, 1.94} <= found


def test_groups_of_test_sets_under_no_head_are_test_sets() -> None:
    rows = "".join(
        rf"\multirow{{2}}{{*}}{{\rotatebox{{90}}{{{name}}}}} & FooNet & {a} & 0.9 \\ & BarNet & {b} & 0.8 \\ "
        for name, a, b in (("VCTK", 2.9, 2.7), ("LibriSpeech", 2.6, 2.5))
    )
    text = latex(rf" & Model & PESQ & STOI \\ {rows}", "Dereverberation by several models")
    found = read(text, "paper.tex").readings
    assert {(r.model, r.dataset) for r in found} == {
        (model, name) for model in ("FooNet", "BarNet") for name in ("VCTK", "LibriSpeech")
    }


def test_short_words_for_reverberation() -> None:
    body = (
        r"Model & \multicolumn{1}{c}{DNS} & \multicolumn{1}{c}{DNS} \\ & w/o Rev & w/ Rev \\ "
        r"FooNet & 2.9 & 2.2 \\ BarNet & 2.8 & 2.1 \\"
    )
    found = read(latex(body, "PESQ of the models"), "paper.tex").readings
    assert {r.dataset for r in found} == {"DNS-2020 (no reverb)", "DNS-2020 (with reverb)"}
