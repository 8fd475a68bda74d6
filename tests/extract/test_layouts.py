"""Layouts of tables that a header alone does not tell: three invented variants of each, in three formats."""

from __future__ import annotations

import pytest

from litdb.extract import ACCEPT_THRESHOLD
from tests.extract.tables import FORMATS, found, paper

VBD = "VoiceBank+DEMAND"
ON_VBD = f"Comparison on the {VBD} test set."


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "header",
    [
        ["", "Architecture", "PESQ", "CSIG", "#Params (M)"],
        ["", "Domain", "CSIG", "PESQ", "Param. (Million)"],
        ["Enhancer used", "Family", "PESQ", "CSIG", "Size (M)"],
    ],
)
def test_a_blank_or_odd_header_of_the_model_column(kind: str, header: list[str]) -> None:
    rows = [
        header,
        ["Noisy", "-", "1.97", "3.35", "-"],
        ["QuxNet", "mask", "2.71", "3.92", "5.2"],
        ["BarSE-2", "mask", "2.93", "4.11", "2.4"],
        ["FooNet", "map", "3.21", "4.47", "0.9"],
    ]
    if header[2] == "CSIG":
        rows = [[*row[:2], row[3], row[2], row[4]] if row is not header else row for row in rows]
    extraction = paper(kind, rows, caption=ON_VBD)
    scores = found(extraction)
    assert ("Noisy", "PESQ", VBD, 1.97) in scores and ("BarSE-2", "CSIG", VBD, 4.11) in scores
    assert {model for model, *_ in scores} == {"Noisy", "QuxNet", "BarSE-2", "FooNet"}
    assert {r.value for r in extraction.readings if r.quantity == "params"} == {5.2e6, 2.4e6, 0.9e6}
    assert len(scores) == 8


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("names", [("N", "D"), ("Blocks", "Heads"), ("K", "Hidden size")])
def test_columns_of_settings_and_no_model(kind: str, names: tuple[str, str]) -> None:
    rows = [
        [*names, "PESQ", "STOI"],
        ["Noisy", "", "1.97", "0.915"],
        ["3", "16", "3.11", "0.948"],
        ["1", "32", "3.02", "0.941"],
    ]
    scores = found(paper(kind, rows, caption=f"{VBD} results of FooNet."))
    first, second = (name.lower() if len(name) > 2 else name for name in names)
    assert scores == {
        ("Noisy", "PESQ", VBD, 1.97),
        ("Noisy", "STOI", VBD, 0.915),
        (f"FooNet [{first}=3 / {second}=16]", "PESQ", VBD, 3.11),
        (f"FooNet [{first}=3 / {second}=16]", "STOI", VBD, 0.948),
        (f"FooNet [{first}=1 / {second}=32]", "PESQ", VBD, 3.02),
        (f"FooNet [{first}=1 / {second}=32]", "STOI", VBD, 0.941),
    }


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("label", ["Input SNR (dB)", "SNR", ""])
def test_snr_steps_under_metrics_without_spans(kind: str, label: str) -> None:
    rows = [
        ["Method", "PESQ", "", "", "SDR (dB)", "", ""],
        [label, "-3", "3", "Avg.", "-3", "3", "Avg."],
        ["Noisy", "1.41", "1.83", "1.62", "-2.95", "3.04", "0.05"],
        ["QuxNet", "2.12", "2.55", "2.34", "6.12", "9.87", "8.00"],
        ["FooNet", "2.33", "2.74", "2.54", "7.45", "11.02", "9.24"],
    ]
    scores = found(paper(kind, rows, caption="Results on the WSJ0-NOISEX92 test set."))
    assert ("QuxNet [SNR -3 dB]", "PESQ", "WSJ0-NOISEX92", 2.12) in scores
    assert ("FooNet", "SDR", "WSJ0-NOISEX92", 9.24) in scores
    assert len(scores) == 18


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("header", ["SNR", "SNR (dB)", "Output SNR"])
def test_snr_as_a_score(kind: str, header: str) -> None:
    rows = [
        ["Model", "PESQ", header, "SI-SDR"],
        ["Noisy", "1.61", "9.48", "9.33"],
        ["QuxNet", "2.47", "14.86", "14.52"],
        ["FooNet", "2.88", "17.33", "17.02"],
    ]
    scores = found(paper(kind, rows, caption="Scores on the DNS-2020 test set."))
    assert {(m, v) for m, metric, _, v in scores if metric == "PESQ"} == {
        ("Noisy", 1.61),
        ("QuxNet", 2.47),
        ("FooNet", 2.88),
    }
    assert not any("[" in model for model, *_ in scores)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("wide", ["WB-PESQ", "PESQ-WB", "PESQ (WB)"])
def test_a_bare_pesq_beside_a_wide_band_one(kind: str, wide: str) -> None:
    rows = [
        ["Model", "PESQ", wide],
        ["Noisy", "2.50", "1.61"],
        ["QuxNet", "3.12", "2.61"],
        ["FooNet", "3.44", "2.97"],
    ]
    scores = found(paper(kind, rows, caption="Scores on DNS-2020."))
    assert ("QuxNet", "PESQ", "DNS-2020", 2.61) in scores and (
        "QuxNet",
        "PESQ-NB",
        "DNS-2020",
        3.12,
    ) in scores


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("without", "with_"),
    [("no_reverb", "with_reverb"), ("without reverb", "with reverb"), ("w/o reverb", "w/ reverb")],
)
def test_reverberation_named_by_columns_whatever_the_caption(kind: str, without: str, with_: str) -> None:
    rows = [
        ["Model", f"PESQ-WB {without}", f"PESQ-WB {with_}"],
        ["Noisy", "1.61", "1.86"],
        ["QuxNet", "2.81", "2.69"],
        ["FooNet", "3.02", "3.11"],
    ]
    scores = found(paper(kind, rows, caption="PESQ, DNS-2020 no_reverb and with_reverb."))
    assert ("QuxNet", "PESQ", "DNS-2020 (no reverb)", 2.81) in scores
    assert ("QuxNet", "PESQ", "DNS-2020 (with reverb)", 2.69) in scores


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("caption", "first"),
    [
        ("PESQ, DNS-2020 no_reverb / with_reverb.", "no"),
        ("PESQ on DNS-2020 (with reverb / without reverb).", "with"),
        ("DNS-2020 results, non-reverb | with reverb.", "no"),
    ],
)
def test_pairs_in_cells_named_by_the_caption(kind: str, caption: str, first: str) -> None:
    rows = [["Model", "PESQ"], ["Noisy", "1.61 / 1.86"], ["QuxNet", "2.66 / 2.74"], ["FooNet", "3.04 / 3.18"]]
    scores = found(paper(kind, rows, caption=caption))
    other = "with" if first == "no" else "no"
    assert ("QuxNet", "PESQ", f"DNS-2020 ({first} reverb)", 2.66) in scores
    assert ("QuxNet", "PESQ", f"DNS-2020 ({other} reverb)", 2.74) in scores


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "caption",
    [
        "Scores on the HarborTalk corpus.",
        "Results on WSJ0+DEMAND.",
        "Evaluation with the Kestrel-7 test set.",
    ],
)
def test_a_set_outside_the_vocabulary_never_becomes_a_known_one(kind: str, caption: str) -> None:
    rows = [["Model", "PESQ", "CSIG"], ["QuxNet", "2.81", "3.9"], ["FooNet", "3.02", "4.1"]]
    extraction = paper(kind, rows, caption=caption, before=f"Models are trained on {VBD}.")
    assert extraction.readings and all(r.dataset not in (VBD, "DNS Challenge") for r in extraction.readings)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("title", ["Evaluation Metrics", "Objective metrics", "Speech quality"])
def test_a_title_over_the_metrics_is_no_condition(kind: str, title: str) -> None:
    rows = [
        ["Model", "Year", title, "", ""],
        ["", "", "PESQ", "CSIG", "COVL"],
        ["Noisy", "", "1.97", "3.35", "2.63"],
        ["QuxNet", "2020", "2.77", "4.02", "3.38"],
        ["FooNet", "2021", "3.01", "4.25", "3.64"],
    ]
    scores = found(paper(kind, rows, caption=ON_VBD))
    assert ("QuxNet", "COVL", VBD, 3.38) in scores and len(scores) == 9


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "extra",
    [
        ("Mean difference", "+0.08", "+0.01"),
        ("New win rate", "67.5%", "57.8%"),
        ("Improvement", "0.08", "0.01"),
    ],
)
def test_differences_and_win_rates_are_no_scores(kind: str, extra: tuple[str, str, str]) -> None:
    rows = [
        ["Metric", "QuxNet", "FooNet", extra[0]],
        ["PESQ", "2.53", "2.61", extra[1]],
        ["STOI", "0.932", "0.936", extra[2]],
    ]
    assert {v for *_, v in found(paper(kind, rows, caption=ON_VBD))} == {2.53, 2.61, 0.932, 0.936}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "names", [("p232_001.wav", "p257_014.wav"), ("sp01.wav", "sp07.wav"), ("a-01.flac", "b-02.flac")]
)
def test_rows_that_are_files(kind: str, names: tuple[str, str]) -> None:
    rows = [
        ["Utterance", "Host PESQ", "Board PESQ"],
        [names[0], "2.412", "2.371"],
        [names[1], "1.938", "1.902"],
        ["All", "2.18", "2.14"],
    ]
    scores = found(paper(kind, rows, caption=f"FooNet on {VBD}."))
    assert {(m, v) for m, _, _, v in scores} == {("FooNet [Host]", 2.18), ("FooNet [Board]", 2.14)}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "headers", [("Desktop fp32", "Device int8"), ("Offline", "Streaming"), ("Stage 1", "Stage 2")]
)
def test_columns_of_cells_that_name_their_metrics_are_conditions(kind: str, headers: tuple[str, str]) -> None:
    rows = [
        ["Network", *headers],
        ["qux_a", "PESQ=2.31 STOI=0.921", "PESQ=2.17 STOI=0.911"],
        ["foo_b", "PESQ=2.09 STOI=0.903", "PESQ=1.95 STOI=0.893"],
    ]
    scores = found(paper(kind, rows, caption=ON_VBD))
    assert (f"qux_a [{headers[0]}]", "PESQ", VBD, 2.31) in scores
    assert (f"foo_b [{headers[1]}]", "STOI", VBD, 0.893) in scores and len(scores) == 8


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("ids", [("C1", "C2", "C3"), ("A1", "A2", "A3"), ("v1", "v2", "v3")])
def test_ids_of_configurations_belong_to_the_papers_model(kind: str, ids: tuple[str, str, str]) -> None:
    rows = [["#", "K_T", "PESQ"], [ids[0], "0", "2.95"], [ids[1], "2", "3.08"], [ids[2], "8", "3.19"]]
    extraction = paper(kind, rows, caption=f"Effect of the kernel settings of FooNet on {VBD}.")
    assert {(r.model, r.system) for r in extraction.readings} == {(i, f"FooNet [{i}]") for i in ids}
    # Whether the identifier is the label or a setting is not decided: nothing is accepted, and the other way is offered.
    assert all(r.confidence < ACCEPT_THRESHOLD for r in extraction.readings)
    offers = [str(reason) for r in extraction.readings for reason in r.reasons]
    assert offers.count("or is it so, nearly as likely: no column names the model?") == len(ids)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("decorated", ["QuxNet, 2018[6]", "QuxNet (2018) [6]", "QuxNet [6, 7]"])
def test_years_and_literal_citations_are_no_part_of_a_name(kind: str, decorated: str) -> None:
    rows = [["Model", "PESQ", "CSIG"], [decorated, "2.31", "3.60"], ["FooNet (ours)", "2.99", "4.28"]]
    assert {m for m, *_ in found(paper(kind, rows, caption=ON_VBD))} == {"QuxNet", "FooNet"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("metric", ["PESQ", "STOI", "SI-SDR (dB)"])
def test_a_metric_that_only_the_caption_names_is_proposed(kind: str, metric: str) -> None:
    values = {"PESQ": ("1.62", "2.41"), "STOI": ("0.81", "0.93"), "SI-SDR (dB)": ("4.12", "9.31")}[metric]
    rows = [["System", "#Param.", "Babble", "Bus"], ["QuxNet", "1.2M", *values], ["FooNet", "0.5M", *values]]
    extraction = paper(kind, rows, caption=f"{metric} on {VBD} by noise type.")
    scores = [r for r in extraction.readings if r.quantity != "params"]
    assert {r.model for r in scores} == {
        f"{m} [{n}]" for m in ("QuxNet", "FooNet") for n in ("Babble", "Bus")
    }
    assert all(r.confidence < ACCEPT_THRESHOLD for r in scores)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "label", ["Oracle IRM", "Ideal ratio mask", "Upper bound", "Clean phase + noisy", "Human"]
)
def test_rows_that_are_no_system_are_references(kind: str, label: str) -> None:
    rows = [
        ["Model", "PESQ", "STOI"],
        ["Noisy", "1.97", "0.91"],
        [label, "4.1", "0.98"],
        ["FooNet (ours)", "3.0", "0.94"],
    ]
    kinds = {r.model: r.kind for r in paper(kind, rows, caption=ON_VBD).readings}
    assert kinds[label] == "reference" and kinds["FooNet"] == "system"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("label", ["Average", "Improvement", "Std", "Rank", "Mean difference", "Δ"])
def test_rows_that_sum_up_or_compare_give_nothing(kind: str, label: str) -> None:
    rows = [
        ["Model", "PESQ", "STOI"],
        ["QuxNet", "2.97", "0.91"],
        ["FooNet (ours)", "3.0", "0.94"],
        [label, "1.0", "0.3"],
    ]
    assert {m for m, *_ in found(paper(kind, rows, caption=ON_VBD))} == {"QuxNet", "FooNet"}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("header", ["Set", "Tested on", "Scenario", ""])
def test_a_column_of_test_sets_whatever_its_header(kind: str, header: str) -> None:
    rows = [
        [header, "Model", "PESQ", "STOI"],
        [VBD, "QuxNet", "3.41", "0.95"],
        ["", "FooNet", "3.42", "0.95"],
        ["DNS no reverb", "QuxNet", "3.55", "0.98"],
        ["", "FooNet", "3.62", "0.98"],
    ]
    scores = found(paper(kind, rows, caption=f"Our models, trained on {VBD}."))
    assert ("FooNet", "PESQ", VBD, 3.42) in scores and (
        "FooNet",
        "PESQ",
        "DNS-2020 (no reverb)",
        3.62,
    ) in scores


@pytest.mark.parametrize("kind", FORMATS)
def test_decimal_commas(kind: str) -> None:
    rows = [
        ["Model", "PESQ", "STOI", "Params"],
        ["QuxNet", "2,71", "0,921", "1,2M"],
        ["FooNet", "3,02", "0,94", "0,5M"],
    ]
    extraction = paper(kind, rows, caption=ON_VBD)
    assert {r.value for r in extraction.readings} == {2.71, 0.921, 1.2e6, 3.02, 0.94, 0.5e6}


@pytest.mark.parametrize("kind", FORMATS)
def test_all_metrics_in_one_header_cell(kind: str) -> None:
    rows = [
        ["Model", "", "PESQ STOI(%) CSIG", ""],
        ["QuxNet", "2.94", "95", "4.25"],
        ["FooNet", "2.99", "96", "4.30"],
    ]
    assert ("QuxNet", "STOI", VBD, 0.95) in found(paper(kind, rows, caption=ON_VBD))
