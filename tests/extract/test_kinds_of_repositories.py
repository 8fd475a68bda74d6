"""Kinds of table met in the READMEs of public repositories: links and odd signs in labels and heads, devices over models,
settings as headings, heads in two rows, names that only look like numbers."""

from __future__ import annotations

import pytest

from tests.extract.support import read


def _labels(text: str) -> list[str]:
    return [f"{r.model}: {r.quantity} {r.value:g}" for r in read(text, "README.md").readings]


@pytest.mark.parametrize(
    ("title", "name"), [("Deep Xi", "Deep Xi"), ("Deep Mix", "Deep Mix"), ("Kelp Sea XI", "Kelp Sea")]
)  # a Roman number alone says no name
def test_a_name_of_a_set_is_not_cut(title: str, name: str) -> None:
    text = (
        f"# FooNet\n\n**{title} Test Set**\n\nScores over the conditions in the test set of the {title} dataset.\n\n"
        "| Method | PESQ | CSIG |\n|---|---|---|\n| Noisy | 1.5 | 2.1 |\n| FooNet | 2.5 | 3.1 |\n"
    )
    assert {r.dataset for r in read(text, "README.md").readings} == {name}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("FooNet [[Pretrained Model](https://example.org/a)]", "FooNet"),
        ("FooNet ([code](https://example.org/a))", "FooNet"),
        ("[FooNet](https://example.org/a) [[paper](https://example.org/b)] [[checkpoint](https://example.org/c)]", "FooNet"),
        ("FooNet (pretrained)", "FooNet (pretrained)"),
        ("[Paper](https://example.org/a)", "Paper"),
    ],
)  # fmt: skip
def test_what_a_link_leads_to_is_no_part_of_the_label(label: str, name: str) -> None:
    text = f"Results on VoiceBank+DEMAND.\n\n| Method | PESQ |\n|---|---|\n| Noisy | 1.97 |\n| {label} | 2.9 |\n| BarNet | 2.8 |\n"
    assert f"{name}: PESQ 2.9" in _labels(text)


@pytest.mark.parametrize("head", ["Par .(M)", "Par. (M)", "Par (M)", "P .(M)", "#Par."])
def test_the_number_of_parameters_in_a_syllable(head: str) -> None:
    number = "1.2M" if head == "#Par." else "1.2"
    text = f"| Model | {head} | PESQ |\n|---|---|---|\n| Noisy | —— | 1.97 |\n| FooNet | {number} | 2.9 |\n"
    assert "FooNet: params 1.2e+06" in _labels(text)


@pytest.mark.parametrize(
    ("head", "metric"),
    [("stoi-ext", "ESTOI"), ("STOI (extended)", "ESTOI"), ("DNSMOS overall", "DNSMOS-OVRL"), ("NISQA-MOS", "NISQA")],
)  # fmt: skip
def test_metrics_by_the_names_that_repositories_use(head: str, metric: str) -> None:
    number = "0.86" if "stoi" in head.lower() else "2.7"
    text = f"| model | pesq-wb | {head} |\n|---|---|---|\n| FooNet | 2.9 | {number} |\n| BarNet | 2.8 | {number[:-1]}5 |\n"
    assert f"FooNet: {metric} {number}" in _labels(text)


@pytest.mark.parametrize("dimension", ["NOISE", "NOI", "COL", "Coloration", "DIS", "LOUD"])
def test_a_dimension_of_nisqa_is_not_its_overall_quality(dimension: str) -> None:
    text = f"| Model | PESQ | NISQA-MOS | NISQA-{dimension} |\n|---|---|---|---|\n| FooNet | 2.9 | 3.5 | 4.1 |\n| BarNet | 2.8 | 3.4 | 4.0 |\n"
    assert [label for label in _labels(text) if "NISQA" in label] == [
        "FooNet: NISQA 3.5",
        "BarNet: NISQA 3.4",
    ]


@pytest.mark.parametrize(
    "cell", ["$2.22 \\pm 0.18 $", "$2.22 \\pm 0.18$", "$ 2.22 \\pm 0.18 $", "2.22 \\pm 0.18"]
)
def test_a_formula_with_blanks_inside_its_dollars(cell: str) -> None:
    text = f"| Model | PESQ |\n|---|---|\n| FooNet | {cell} |\n| BarNet | $2.1 \\pm 0.2$ |\n"
    assert _labels(text) == ["FooNet: PESQ 2.22", "BarNet: PESQ 2.1"]


@pytest.mark.parametrize(
    "sentence", ["Lower RTF is better.", "All codecs ran ten times. Lower RTF is better. See below for more."]
)
@pytest.mark.parametrize("head", ["CPU", "Device", "Platform"])
def test_models_over_the_devices_that_they_were_timed_on(sentence: str, head: str) -> None:
    text = (
        f"## Speed\n\n{sentence}\n\n| {head} | Threads | FooNet tiny | BarNet |\n|---|---|---|---|\n"
        "| Apple M2 | 4 | 0.11 | 0.03 |\n| Xeon 8280 | 2 | 0.67 | 0.35 |\n"
    )
    assert _labels(text) == [
        "FooNet tiny [Apple M2, Threads=4]: RTF 0.11",
        "BarNet [Apple M2, Threads=4]: RTF 0.03",
        "FooNet tiny [Xeon 8280, Threads=2]: RTF 0.67",
        "BarNet [Xeon 8280, Threads=2]: RTF 0.35",
    ]


def test_a_table_of_devices_without_a_metric_gives_nothing() -> None:
    assert (
        _labels(
            "| CPU | Threads | Foo | Bar |\n|---|---|---|---|\n| M2 | 4 | 0.11 | 0.03 |\n| Xeon | 2 | 0.67 | 0.35 |\n"
        )
        == []
    )


@pytest.mark.parametrize("corner", ["`model`", "Model", "method", "System"])
@pytest.mark.parametrize("first", ["target", "stem", "Instrument", "Subset"])
def test_a_second_row_of_heads_whose_corner_says_that_they_are_models(first: str, corner: str) -> None:
    text = (
        f"#### Scores on MUSDB18-HQ\n\n|{first}|SDR|SIR|SDR|SIR|\n|---|---|---|---|---|\n|{corner}|UMX|UMX|UMXHQ|UMXHQ|\n"
        "|vocals|6.32|13.33|6.25|12.95|\n|bass|5.23|10.93|5.07|10.35|\n"
    )
    assert _labels(text) == [
        "UMX [vocals]: SDR 6.32", "UMX [vocals]: SIR 13.33", "UMXHQ [vocals]: SDR 6.25", "UMXHQ [vocals]: SIR 12.95",
        "UMX [bass]: SDR 5.23", "UMX [bass]: SIR 10.93", "UMXHQ [bass]: SDR 5.07", "UMXHQ [bass]: SIR 10.35",
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["NFE = 1 (deployment)", "NFE=1", "3.2 NFE = 1"])
def test_a_heading_that_is_a_setting_tells_tables_apart(heading: str) -> None:
    table = "| | PESQ | ESTOI |\n|---|---|---|\n| teacher | {} | 0.72 |\n| student | {} | 0.70 |\n"
    text = f"# FooFlow\n\nTest set: EARS-Reverb.\n\n### {heading}\n\n{table.format(1.61, 1.62)}\n### NFE = 5\n\n{table.format(1.99, 1.98)}"
    assert {label.split(":")[0] for label in _labels(text)} == {
        "teacher [NFE=1]", "student [NFE=1]", "teacher [NFE=5]", "student [NFE=5]",
    }  # fmt: skip


@pytest.mark.parametrize("column", ["Δ vs k=0", "Delta", "relative gain", "Écart", "Speed-up"])
def test_what_a_row_has_gained_is_no_setting_of_it(column: str) -> None:
    text = f"## FooNet\n\n| k | PESQ | {column} |\n|---|---|---|\n| 0 | 1.61 | — |\n| 1 | 1.42 | −3.1 % |\n| 2 | 1.22 | −5.7 % |\n"
    assert [label.split("]")[0] for label in _labels(text)] == ["FooNet [k=0", "FooNet [k=1", "FooNet [k=2"]


@pytest.mark.parametrize("word", ["réparé", "größer", "mejor año"])
def test_letters_of_other_languages_stay_in_what_a_head_says_more(word: str) -> None:
    text = f"Results on VoiceBank+DEMAND.\n\n| Model | PESQ {word} | PESQ brut |\n|---|---|---|\n| FooNet | 2.9 | 2.8 |\n| BarNet | 2.7 | 2.6 |\n"
    assert f"FooNet [{word}]: PESQ 2.9" in _labels(text)


@pytest.mark.parametrize(
    "words",
    [
        "Mesuré sur 20 fichiers de validation.", "Évalué sur le split de validation.", "Ergebnisse auf den Validierungsdaten:",
        "Resultados en el conjunto de validación.", "Results on the validation set:", "Measured on the development data.",
    ],
)  # fmt: skip
def test_a_line_in_front_that_says_validation(words: str) -> None:
    text = f"# FooNet on VoiceBank+DEMAND\n\n{words}\n\n| Model | PESQ |\n|---|---|\n| FooNet | 2.9 |\n| BarNet | 2.7 |\n"
    assert {r.dataset for r in read(text, "README.md").readings} == {"VoiceBank+DEMAND (validation)"}


@pytest.mark.parametrize(
    "words",
    ["Means over the 525 held-out clips.", "Trained with the usual validation set, tested on the 824 files.", "Ours is selected on the validation set."],
)  # fmt: skip
def test_a_line_in_front_that_says_no_validation(words: str) -> None:
    text = f"# FooNet on VoiceBank+DEMAND\n\n{words}\n\n| Model | PESQ |\n|---|---|\n| FooNet | 2.9 |\n| BarNet | 2.7 |\n"
    assert {r.dataset for r in read(text, "README.md").readings} == {"VoiceBank+DEMAND"}
