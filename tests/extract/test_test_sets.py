"""Names of test sets that texts and tables print, and tables that are on other data than the paper's others."""

from __future__ import annotations

import pytest

from litdb.extract.meaning.scope.mentions import looks_like_set, mentions
from tests.extract.support import latex, read, tables

NO_REVERB, REVERB = "DNS-2020 (no reverb)", "DNS-2020 (with reverb)"
ROWS = r"Model & PESQ & STOI\\ BarNet & 2.71 & 0.95\\ FooNet & 2.93 & 0.96\\"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Results on the URGENT 2024 blind test set", "URGENT 2024"),
        ("averages over the Kestrel test set", "Kestrel"),
        ("VCTK test speakers", "VCTK"),
        ("VCTK 테스트 화자 8명에 대한 결과", "VCTK"),
        ("在VCTK测试集上", "VCTK"),
        ("Results on the Möwe corpus", "Möwe"),
        ("averages over the untrained WSJ0 SI-84 speakers", "WSJ0 SI-84"),
        ("All on VCTK with input at 8 kHz", "VCTK"),
        ("the blind test set of the third DNS challenge", "DNS3 (blind)"),
        ("the non-blind test set of the third DNS challenge", "DNS3"),
        ("synthetic condition without reverberation of the first Microsoft DNS Challenge", "DNS-2020 (no reverb)"),
        ("test set of WSJ0-SI84 mixed with NOISEX-92", "WSJ0-NOISEX92"),
        ("test set of Valentini-Botinhao et al.", "VoiceBank+DEMAND"),
        ("On the WSJ0 2-speaker mixtures it is ahead", "WSJ0-2mix"),
        ("The test material is StageBleed, 22 songs", "StageBleed"),
        ("Performance on other noises (ESC-50 Noise, SNR 0dB)", "ESC-50"),
    ],
)  # fmt: skip
def test_the_name_of_a_set(text: str, title: str) -> None:
    assert title in {mention.title for mention in mentions(text)}


@pytest.mark.parametrize(
    "text",
    ["For recordings without a clean reference", "Based on LSTM", "Real-world recordings", "In speech data", "the English speakers"],
)  # fmt: skip
def test_words_that_name_no_set(text: str) -> None:
    assert not [mention.title for mention in mentions(text) if not mention.nameless]


def test_a_bracket_of_a_name_stays() -> None:
    assert looks_like_set("Cafeteria recordings (in-house)") == "Cafeteria recordings (in-house)"
    assert looks_like_set("(Kestrel recordings)") == "Kestrel recordings"


def test_a_set_that_a_model_gave_its_name_to_is_none_of_the_papers_others() -> None:
    text = (
        "# Deep Kestrel\n\nNow\n---\n\nScores on the VoiceBank+DEMAND test set (824 recordings).\n\n"
        "| Model | PESQ |\n|--|--|\n| Kestrel-1 | 2.82 |\n\nOlder results\n-------------\n\nAverages over the Kestrel test set.\n\n"
        "| Model | PESQ |\n|--|--|\n| 2i17 | 1.93 |\n| 3f6 | 2.03 |\n"
    )
    assert [(r.model, r.dataset) for r in read(text, "README.md").readings] == [
        ("Kestrel-1", "VoiceBank+DEMAND"), ("2i17", "Kestrel"), ("3f6", "Kestrel"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", ["-----", "--", "========"])
def test_an_underlined_line_is_a_heading(line: str) -> None:
    text = f"Scores on WHAMR!\n{line}\n\n| Model | SI-SDR |\n|--|--|\n| BarNet | 8.3 |\n| FooNet | 9.4 |\n"
    (grid,) = tables(text, "README.md")
    assert (grid.section, grid.context) == ("Scores on WHAMR!", "")


@pytest.mark.parametrize(
    "text", ["---\ntitle: FooNet\n---\n", "Some text\nand more of it\n---\n", "- a list\n---\n"]
)
def test_what_stands_over_dashes_without_being_a_heading(text: str) -> None:
    (grid,) = tables(
        f"# T\n\n{text}\n| Model | SI-SDR |\n|--|--|\n| BarNet | 8.3 |\n| FooNet | 9.4 |\n", "README.md"
    )
    assert grid.section == "T"


@pytest.mark.parametrize(
    "caption",
    ["Out-of-distribution results", "Cross-corpus evaluation", "PESQ and STOI on an unseen dataset", "OOD scores at 0 dB SNR"],
)  # fmt: skip
def test_a_table_on_other_data_takes_no_set_from_afar(caption: str) -> None:
    extra = r"\section{Data} All models are tested on VoiceBank+DEMAND. \section{Analysis} What follows."
    assert {r.dataset for r in read(latex(ROWS, caption, extra=extra)).readings} == {""}


def test_columns_on_data_that_models_know_and_do_not_know() -> None:
    body = r"Model & In-domain PESQ & OOD PESQ & OOD SI-SDR \\ BarNet & 2.03 & 1.22 & 1.3 \\ FooNet & 2.05 & 1.21 & 0.9 \\"
    found = read(
        latex(
            body,
            "Scores by guidance",
            extra=r"\section{Data} Tested on VoiceBank+DEMAND. \section{Guidance} So.",
        )
    ).readings
    assert [(r.model, r.quantity, r.dataset) for r in found][1:3] == [
        ("BarNet [OOD]", "PESQ", ""), ("BarNet [OOD]", "SI-SDR", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("part", ["Blind test set", "Non-blind test set", "Blind test"])
def test_a_part_without_a_name_bears_that_of_the_challenge(part: str) -> None:
    body = rf"Model & PESQ & STOI\\ \multicolumn{{3}}{{c}}{{{part}}}\\ BarNet & 2.1 & 0.75\\ FooNet & 2.4 & 0.79\\"
    found = read(latex(body, "Objective scores in the URGENT 2025 Challenge")).readings
    assert {r.dataset for r in found} == {f"URGENT 2025 {part[0].lower()}{part[1:]}"}


def test_the_family_of_a_part_is_no_rival() -> None:
    extra = "All ablations use the non-reverberant test set of the DNS Challenge 2020."
    found = read(latex(ROWS, "Numbers of blocks, same test set", extra=extra)).readings
    assert {r.dataset for r in found} == {"DNS-2020 (no reverb)"}


def test_heads_that_join_two_names() -> None:
    body = r"Metric & VoiceBank+DEMAND & LibriSpeech + WHAM! \\ PESQ & 2.84 & 2.51 \\ STOI & 0.91 & 0.90 \\"
    found = read(latex(body, "Scores of FooNet")).readings
    assert {r.dataset for r in found} == {"VoiceBank+DEMAND", "LibriSpeech + WHAM!"}


def test_rows_that_are_test_sets_are_no_models() -> None:
    text = "# FooNet\n\n| testset | PESQ | ESTOI |\n|--|--|--|\n| VoxCeleb2 | 2.16 | 0.80 |\n| LRS3 | 2.23 | 0.86 |\n"
    found = read(text, "README.md").readings
    assert [(r.model, r.dataset) for r in found][::2] == [("FooNet", "VoxCeleb2"), ("FooNet", "LRS3")]


def test_links_of_a_wiki_are_their_words() -> None:
    text = (
        "# FooNet\n\nOn the INTERSPEECH 2020 [[concepts/dns-challenge|DNS Challenge]] test set:\n\n"
        "| Method | WB-PESQ (reverb / no-reverb) |\n|---|---|\n| [[barnet]] | 2.81 / 2.59 |\n| FooNet | 2.90 / 2.65 |\n"
    )
    assert [(r.model, r.dataset, r.value) for r in read(text, "note.md").readings][:2] == [
        ("barnet", "DNS-2020 (with reverb)", 2.81), ("barnet", "DNS-2020 (no reverb)", 2.59),
    ]  # fmt: skip


def test_a_title_beside_models_in_columns() -> None:
    body = (
        r" & Noisy & FooNet \\ \multicolumn{3}{l}{VoiceBank+DEMAND} \\ PESQ & 1.97 & 2.58 \\ STOI & 0.921 & 0.932 \\ "
        r"\multicolumn{3}{l}{Cafeteria recordings (in-house)} \\ PESQ & 1.32 & 1.74 \\ ESTOI & 0.61 & 0.70 \\"
    )
    found = read(latex(body, "Quality and intelligibility")).readings
    assert {(r.quantity, r.value): r.dataset for r in found if r.model == "FooNet"} == {
        ("PESQ", 2.58): "VoiceBank+DEMAND", ("STOI", 0.932): "VoiceBank+DEMAND",
        ("PESQ", 1.74): "Cafeteria recordings (in-house)", ("ESTOI", 0.70): "Cafeteria recordings (in-house)",
    }  # fmt: skip


def test_sigmos_alone_is_no_part_of_dnsmos() -> None:
    body = r"Model & PESQ & SIGMOS \\ BarNet & 2.31 & 2.73 \\ FooNet & 2.69 & 3.45 \\"
    assert {r.quantity for r in read(latex(body)).readings} == {"PESQ"}
    body = r"Model & SIGMOS & BAKMOS & OVRLMOS \\ BarNet & 3.1 & 3.7 & 2.7 \\ FooNet & 3.4 & 3.9 & 3.0 \\"
    assert {r.quantity for r in read(latex(body)).readings} == {"DNSMOS-SIG", "DNSMOS-BAK", "DNSMOS-OVRL"}


@pytest.mark.parametrize(
    ("heading", "part"),
    [("VoiceBank development", " (validation)"), ("VoiceBank test", ""), ("Software development", "")],
)
def test_a_heading_that_ends_with_the_part(heading: str, part: str) -> None:
    text = f"# FooNet\n\n## {heading}\n\n| Model | PESQ |\n|--|--|\n| BarNet | 2.2 |\n| FooNet | 2.3 |\n"
    assert all(
        r.dataset.endswith(part) and ("(validation)" in r.dataset) == bool(part)
        for r in read(text, "README.md").readings
    )


def test_a_set_in_the_head_of_the_models() -> None:
    text = "# FooNet\n\n## Three talkers\n\n| Model (WSJ0-3Mix) | SI-SDRi | SDRi |\n|--|--|--|\n| BarNet | 12.7 | 13.1 |\n| FooNet | 18.7 | 18.9 |\n"
    assert {r.dataset for r in read(text, "README.md").readings} == {"WSJ0-3mix"}


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("DNS1 = synthetic no-reverb test set of the DNS Challenge 2020", "DNS-2020 (no reverb)"),
        ("DNS1: the test set with reverb of the DNS Challenge 2020", "DNS-2020 (with reverb)"),
        ("as on the DNS Challenge 2020", "DNS-2020"),
    ],
)
def test_a_known_short_name_may_be_given_to_a_part(said: str, title: str) -> None:
    text = (
        f"# FooNet\n\nTwo benchmarks: VBD = VoiceBank+DEMAND, {said}.\n\n"
        "| | VBD PESQ | DNS1 PESQ |\n|--|--|--|\n| BarNet | 2.34 | 1.97 |\n| FooNet | 3.11 | 2.87 |\n"
    )
    assert [r.dataset for r in read(text, "README.md").readings][:2] == ["VoiceBank+DEMAND", title]


@pytest.mark.parametrize(
    ("sentence", "band"),
    [
        ("DTLN reports narrow-band PESQ only.", ""),
        ("We report narrow-band PESQ.", "NB"),
        ("PESQ is narrow-band throughout.", "NB"),
    ],
)
def test_the_band_of_one_models_scores_is_not_that_of_all(sentence: str, band: str) -> None:
    text = f"# FooNet\n\n{sentence}\n\n| Model | PESQ | STOI |\n|--|--|--|\n| DTLN | 2.70 | 0.84 |\n| FooNet | 2.41 | 0.94 |\n"
    assert {r.metric for r in read(text, "README.md").readings if r.quantity.startswith("PESQ")} == {
        f"PESQ-{band}" if band else "PESQ"
    }


@pytest.mark.parametrize("beside", ["simulated data", "our own recordings", "the Kestrel test set"])
def test_a_table_that_names_nothing_may_be_on_either_of_two_sets(beside: str) -> None:
    text = (
        f"# FooNet\n\n## Comparison\n\n| Model | VoiceBank+DEMAND PESQ | {beside} PESQ |\n|--|--|--|\n| BarNet | 2.3 | 2.1 |\n"
        "| FooNet | 2.9 | 2.2 |\n\n## Windows\n\n| Window | PESQ |\n|--|--|\n| short | 2.4 |\n| long | 2.5 |\n"
    )
    found = read(text, "README.md").readings
    assert {r.dataset for r in found if r.value in (2.4, 2.5)} == {""}


def test_numbers_of_single_files_take_no_set_from_afar() -> None:
    extra = r"\section{Data} All models are tested on VoiceBank+DEMAND. \section{Examples} Two files."
    found = read(latex(ROWS, "Comparison with others (per sample)", extra=extra)).readings
    assert {r.dataset for r in found} == {""}


@pytest.mark.parametrize("other", ["ICASSP 2022 DNS Challenge", "VoiceBank+DEMAND", "DNS-2021"])
def test_a_caption_that_names_one_set_beats_the_text_around(other: str) -> None:
    text = (
        f"# FooNet\n\nOn the blind test set of the {other} we report DNSMOS in Table 1. Table 2 follows.\n\n"
        "| Model | With reverb WB-PESQ | No reverb WB-PESQ |\n|--|--|--|\n| BarNet | 2.35 | 2.48 |\n| FooNet | 3.26 | 3.18 |\n\n"
        "Table 2: WB-PESQ on the DNS Challenge 2020 synthetic test sets.\n"
    )
    assert [r.dataset for r in read(text, "README.md").readings][:2] == [REVERB, NO_REVERB]


def test_real_recordings_of_the_same_challenge_are_those_of_another_table() -> None:
    extra = "Table 1 shows the scores on both synthetic test sets, and Table 2 those on the real recordings of the same challenge."
    body = (
        r" & \multicolumn{2}{c}{w/o Reverb} & \multicolumn{2}{c}{w/ Reverb} \\ Model & PESQ & STOI & PESQ & STOI \\ "
        r"Noisy & 1.58 & 0.915 & 1.82 & 0.866 \\ FooNet & 3.05 & 0.970 & 3.19 & 0.934 \\"
    )
    found = read(latex(body, "Results on the DNS Challenge 2020 synthetic test sets", extra=extra)).readings
    assert {r.dataset for r in found} == {NO_REVERB, REVERB}
