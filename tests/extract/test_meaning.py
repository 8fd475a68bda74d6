"""From grids to readings: headers, rows, test sets, protocol, and tables that hold no scores."""

from __future__ import annotations

import pytest

from litdb.vocabulary.remarks import Flag, Remark
from tests.extract.support import latex, one, read, values


def test_grouped_columns_of_test_set_and_metric() -> None:
    body = (
        r"\multirow{2}{*}{Model} & \multirow{2}{*}{Params (M)} & \multicolumn{2}{c}{VoiceBank+DEMAND} & \multicolumn{2}{c}{DNS no reverb}\\"
        r"\cmidrule(lr){3-4} & & PESQ & STOI (\%) & WB-PESQ & NB-PESQ\\ Noisy & - & 1.97 & 92.1 & 1.58 & 2.45\\"
        r"Foo~\cite{a} & 3.7 & 2.68 & 93.7 & - & 3.26\\"
    )
    assert values(read(latex(body, "Two test sets"))) == [
        ("Noisy", "PESQ", "VoiceBank+DEMAND", 1.97),
        ("Noisy", "STOI", "VoiceBank+DEMAND", 0.921),
        ("Noisy", "PESQ", "DNS-2020 (no reverb)", 1.58),
        ("Noisy", "PESQ-NB", "DNS-2020 (no reverb)", 2.45),
        ("Foo", "params", "", 3.7e6),
        ("Foo", "PESQ", "VoiceBank+DEMAND", 2.68),
        ("Foo", "STOI", "VoiceBank+DEMAND", 0.937),
        ("Foo", "PESQ-NB", "DNS-2020 (no reverb)", 3.26),
    ]


@pytest.mark.parametrize(
    "body",
    [
        r"\multirow{2}{*}{Method} & \multicolumn{2}{c}{PESQ}\\ & -5 dB & 0 dB\\ Noisy & 1.2 & 1.4\\",
        r"Metric & \multicolumn{2}{c}{PESQ}\\ SNR (dB) & -5 & 0\\ Noisy & 1.2 & 1.4\\",
        r"Method & -5 dB & 0 dB\\ \multicolumn{3}{c}{PESQ}\\ Noisy & 1.2 & 1.4\\ \multicolumn{3}{c}{STOI (\%)}\\",
        r"SNR & Method & PESQ\\ \multirow{1}{*}{-5 dB} & Noisy & 1.2\\ 0 & Noisy & 1.4\\",
    ],
)
def test_parts_by_snr(body: str) -> None:
    readings = read(latex(body, "Results on TIMIT")).readings
    assert [(r.system, r.metric, r.value) for r in readings] == [
        ("Noisy", "PESQ [SNR -5 dB]", 1.2),
        ("Noisy", "PESQ [SNR 0 dB]", 1.4),
    ]


@pytest.mark.parametrize(
    "body",
    [
        r"Metric & Noisy & Foo~\cite{a}\\ PESQ & 1.97 & 2.68\\ STOI (\%) & 92 & 93\\",
        r"Method & PESQ / STOI\\ Noisy & 1.97 / 0.92\\ Foo & 2.68 / 0.93\\",
        r"Method & PESQ & STOI\\ & (MOS) & (\%)\\ Noisy & 1.97 & 92\\ Foo & 2.68 & 93\\",
        r"Method & Result\\ Noisy & PESQ=1.97, STOI=0.92\\ Foo & PESQ=2.68, STOI=0.93\\",
        r"Method & \multicolumn{1}{c}{PESQ$\uparrow$} & STOI\\ \textit{Noisy} & $1.97$ & .92\\ Foo & {\bf 2.68}$^*$ & 0.930\\",
    ],
)
def test_shapes_of_one_table(body: str) -> None:
    found = {(model, metric, value) for model, metric, _, value in values(read(latex(body)))}
    assert found == {
        ("Noisy", "PESQ", 1.97),
        ("Noisy", "STOI", 0.92),
        ("Foo", "PESQ", 2.68),
        ("Foo", "STOI", 0.93),
    }


def test_a_metric_named_only_in_the_caption_is_proposed() -> None:
    body = r"Method & -5 dB & 0 dB\\ Noisy & 1.2 & 1.4\\"
    readings = read(latex(body, "PESQ of several methods on TIMIT.")).readings
    assert [(r.metric, r.value) for r in readings] == [("PESQ [SNR -5 dB]", 1.2), ("PESQ [SNR 0 dB]", 1.4)]
    assert all(r.confidence < 0.8 for r in readings)


def test_section_rows_name_test_sets() -> None:
    body = (
        r"Method & PESQ\\ \multicolumn{2}{c}{\textit{VoiceBank+DEMAND}}\\ Noisy & 1.97\\"
        r"\multicolumn{2}{c}{DNS-2020 (with reverb)}\\ Noisy & 1.82\\"
    )
    assert [r.dataset for r in read(latex(body, "Results")).readings] == [
        "VoiceBank+DEMAND",
        "DNS-2020 (with reverb)",
    ]


@pytest.mark.parametrize(
    ("header", "cell", "metric", "value"),
    [
        (r"\#Param.", "0.427M", "params", 427e3),
        ("Para. (K)", "48.2", "params", 48200),
        ("Params", "459,867", "params", 459867),
        ("MACs (G/s)", "0.03", "MACs", 3e7),
        ("GMACs", "1.5", "MACs", 1.5e9),
        (r"FLOPs", r"$0.67\times10^{9}$", "FLOPs", 0.67e9),
        (r"ESTOI ($\times 100$)", "75.9", "ESTOI", 0.759),
        ("RTF", "0.02", "RTF", 0.02),
        ("Med. PESQ", "1.61", "PESQ (median)", 1.61),
        ("DNSMOS-P.808", "3.49", "DNSMOS-P808", 3.49),
        ("SISNR", "-3.2", "SI-SDR", -3.2),
        (r"MACs", r"15M$\sim$70M", "MACs", 15e6),
    ],
)
def test_units_and_names(header: str, cell: str, metric: str, value: float) -> None:
    reading = one(
        read(latex(rf"Model & {header} & PESQ\\ Foo & {cell} & 3.1\\ Noisy & - & 1.97\\")), "Foo", metric
    )
    assert reading.value == value


def test_approximations_spreads_and_resolution() -> None:
    body = r"Model & PESQ & STOI & Params\\ Foo & 3.10$\pm$0.02 & 95 & $\sim$1M\\ Bar & 3.0+ & 94 (0.3) & 2.05M\\"
    extraction = read(latex(body, "Mean and standard deviation on VoiceBank+DEMAND"))
    pesq = one(extraction, "Foo", "PESQ")
    assert (pesq.value, pesq.uncertainty, pesq.uncertainty_kind, pesq.resolution) == (3.10, 0.02, "std", 0.01)
    assert one(extraction, "Foo", "params").approximate == "~"
    assert one(extraction, "Bar", "PESQ").approximate == ">="
    assert Remark(Flag.PERCENT_NOT_STATED) in one(extraction, "Foo", "STOI").flags


def test_out_of_range_values_are_flagged_and_proposed() -> None:
    body = r"Model & PESQ\\ A & 3.1\\ B & 2.9\\ C & 5.3\\"
    reading = one(read(latex(body)), "C", "PESQ")
    assert Remark(Flag.OUT_OF_RANGE) in reading.flags
    assert reading.confidence < 0.8


@pytest.mark.parametrize(
    ("caption", "body"),
    [
        (
            "Pearson correlation between metrics",
            r"Metric & PESQ & STOI\\ PESQ & 1.0 & 0.8\\ STOI & 0.8 & 1.0\\",
        ),
        ("Paired t-test p-values on VoiceBank+DEMAND", r"Model & PESQ\\ A & 1.2\\"),
        ("Improvement on VoiceBank+DEMAND", r"Model & PESQ & STOI\\ A & +0.5 & +0.03\\ B & +1.1 & +0.05\\"),
        (
            "Results",
            r"Model & $\Delta$PESQ & PESQ rank & PESQ loss weight & PESQ std\\ A & 0.5 & 1 & 1.2 & 1.1\\",
        ),
        ("Hyper-parameters of FooNet", r"Model & Blocks & Params\\ FooNet-S & 4 & 1M\\"),
        ("Speakers", r"Set & Hours & Speakers\\ train & 9.4 & 28\\"),
        ("Training on VoiceBank+DEMAND", r"Kernel Size & Epochs & Loss\\ 3 & 100 & 0.12\\"),
        ("Results on VoiceBank+DEMAND", r"Model & PESQ & STOI\\ Foo & - & --\\ Bar & N/A & $-$\\"),
    ],
)
def test_what_gives_no_scores(caption: str, body: str) -> None:
    assert values(read(latex(body, caption))) == []


def test_a_footnote_tells_rows_apart_and_marks_reproduction() -> None:
    text = latex(
        r"Model & PESQ\\ Bar~\cite{b}$^{\ast}$ & 2.9\\ Foo$^{\dagger}$ & 3.0\\ Foo$^{\ddagger}$ & 3.1\\",
    ).replace(
        r"\end{table}",
        "\n\n$^{*}$ retrained by the authors\n\n$\\dagger$ trained without PESQ loss\n\n\\end{table}",
    )
    readings = read(text).readings
    assert readings[0].reproduced and not readings[1].reproduced
    assert [r.model for r in readings][1:] == ["Foo [trained without PESQ loss]", "Foo [‡]"]
    assert len({r.system for r in readings}) == 3


def test_names_kinds_and_own_models() -> None:
    body = (
        r"Model & Year & PESQ\\ Noisy & - & 1.97\\ Bar~\cite{b} & 2020 & 2.5\\ Baz-Net (2021) & 2021 & 2.6\\"
        r"FooNet-S & 2024 & 3.0\\ \textbf{FooNet (Ours)} & 2024 & 3.2\\ Proposed w/o attention & 2024 & 3.1\\"
    )
    readings = read(latex(body)).readings
    assert [(r.model, r.system, r.kind, r.own) for r in readings] == [
        ("Noisy", "Noisy", "reference", False),
        ("Bar", "Bar", "system", False),
        ("Baz-Net", "Baz-Net", "system", False),
        ("FooNet-S", "FooNet-S", "variant", True),
        ("FooNet", "FooNet", "system", True),
        ("Proposed w/o attention", "FooNet w/o attention", "ablation", True),
    ]
    assert readings[3].parent == "FooNet"


def test_causality_is_read_and_tells_rows_apart() -> None:
    body = r"Model & Causal & PESQ\\ Foo & \checkmark & 2.8\\ Foo & \ding{55} & 3.0\\"
    first, second = read(latex(body, title="A study")).readings
    assert (first.model, second.model) == ("Foo [causal=Yes]", "Foo [causal=No]")
    assert (first.protocol.get("causal"), second.protocol.get("causal")) == ("yes", "no")
    assert first.system != second.system


def test_protocol_items_with_their_place() -> None:
    text = latex(
        r"Model & NB-PESQ & MACs (G/s) & Train set\\ Foo & 3.1 & 1.2 & DNS\\ Bar & 3.2 & 1.3 & VB\\",
        "Results at 16 kHz on VoiceBank+DEMAND",
    )
    pesq, macs = read(text).readings[:2]
    band, rate = pesq.protocol.item("band"), pesq.protocol.item("rate")
    assert band is not None and (band.value, band.basis) == ("NB", "stated")
    assert rate is not None and (rate.value, rate.note) == ("16000", "caption")
    assert pesq.protocol.get("training") == "DNS"
    assert macs.protocol.get("audio_length") == "1"


def test_wide_band_is_inferred_only_on_voicebank() -> None:
    first = read(latex(r"Model & PESQ\\ A & 2.9\\")).readings[0].protocol.item("band")
    other = read(latex(r"Model & PESQ\\ A & 2.9\\", "Results on TIMIT")).readings[0].protocol.item("band")
    assert first is not None and first.basis == "inferred"
    assert other is None


def test_the_unprocessed_row_tells_the_test_set() -> None:
    body = r"Model & PESQ & CSIG & COVL\\ Noisy & 1.97 & 3.35 & 2.63\\ Foo & 3.1 & 4.4 & 3.8\\"
    assert {r.dataset for r in read(latex(body, "Results")).readings} == {"VoiceBank+DEMAND"}
    other = r"Model & PESQ & STOI\\ Noisy & 1.58 & 0.91\\ Foo & 2.7 & 0.96\\"
    assert {r.dataset for r in read(latex(other, "Results")).readings} == {""}


def test_a_readme_without_a_model_column() -> None:
    text = "# FooNet recipe\nTrained on VoiceBank+DEMAND.\n## Results\n| Date | PESQ | STOI |\n|--|--|--|\n| 2021-03-06 | 3.15 | 0.95 |\n"
    # What a model was trained on is not what it was tested on.
    assert values(read(text, "README.md")) == [("FooNet", "PESQ", "", 3.15), ("FooNet", "STOI", "", 0.95)]


def test_validation_columns_are_not_the_test_set() -> None:
    text = "# FooNet\nVCTK-DEMAND\n| Model | val PESQ | test PESQ |\n|--|--|--|\n| A | 2.7 | 3.1 |\n"
    assert [r.dataset for r in read(text, "README.md").readings] == ["val", "VoiceBank+DEMAND"]


def test_reverberation_in_a_group_header_tells_the_dns_sets_apart() -> None:
    body = (
        r"\multirow{2}{*}{Method} & \multicolumn{2}{c}{With Reverb} & \multicolumn{2}{c}{Without Reverb}\\"
        r" & WB-PESQ & NB-PESQ & WB-PESQ & STOI\\ Noisy & 1.82 & 2.75 & 1.58 & 91.5\\"
    )
    readings = read(latex(body, "Comparison on the DNS Challenge test set")).readings
    assert [(r.metric, r.dataset, r.protocol.get("reverb")) for r in readings] == [
        ("PESQ", "DNS-2020 (with reverb)", "yes"),
        ("PESQ-NB", "DNS-2020 (with reverb)", "yes"),
        ("PESQ", "DNS-2020 (no reverb)", "no"),
        ("STOI", "DNS-2020 (no reverb)", "no"),
    ]


def test_two_tables_side_by_side() -> None:
    body = r"Method & PESQ & STOI & Method & PESQ & STOI\\ A & 2.9 & 0.94 & B & 3.0 & 0.95\\"
    found = [(model, metric, value) for model, metric, _, value in values(read(latex(body)))]
    assert found == [("A", "PESQ", 2.9), ("A", "STOI", 0.94), ("B", "PESQ", 3.0), ("B", "STOI", 0.95)]


def test_sampling_rates_of_one_test_set_are_kept_apart() -> None:
    body = (
        r"Method & \multicolumn{2}{c}{VoiceBank+DEMAND (16 kHz)} & VoiceBank+DEMAND (48 kHz)\\"
        r" & PESQ & SI-SDR & SI-SDR\\ A & 2.9 & 18.0 & 17.0\\"
    )
    readings = read(latex(body, "Results")).readings
    assert [(r.dataset, r.protocol.get("rate")) for r in readings] == [
        ("VoiceBank+DEMAND", "16000"),
        ("VoiceBank+DEMAND", "16000"),
        ("VoiceBank+DEMAND", "48000"),
    ]


def test_error_rates_printed_as_fractions_become_percent() -> None:
    body = r"Model & WER Mean & WER Med. & WER Max\\ A & 0.448 & 0.400 & 9.0\\ B & 1.2 & 1.0 & 5.0\\"
    readings = read(latex(body, "Results")).readings
    assert [(r.metric, r.value) for r in readings[:3]] == [
        ("WER", 44.8),
        ("WER (median)", 40.0),
        ("WER (max)", 900.0),
    ]
    assert all(Remark(Flag.PERCENT_NOT_STATED) in r.flags for r in readings)


def test_a_label_that_adds_to_another_is_its_variant() -> None:
    body = r"Model & PESQ\\ Foo & 3.1\\ Foo (+PCS) & 3.3\\ Bar & 2.9\\"
    readings = read(latex(body, title="A study")).readings
    assert [(r.system, r.kind, r.parent) for r in readings] == [
        ("Foo", "system", ""),
        ("Foo (+PCS)", "variant", "Foo"),
        ("Bar", "system", ""),
    ]


def test_a_number_of_parameters_in_the_label() -> None:
    body = r"Model & PESQ\\ Noisy & 1.97\\ Bar (1.2M)~\cite{b} & 2.9\\ Baz (16k) & 2.8\\ FooNet [460K params] & 3.2\\"
    sizes = [(r.row, r.value) for r in read(latex(body)).readings if r.metric == "params"]
    assert sizes == [(2, 1.2e6), (4, 460e3)]


def test_a_column_of_parameters_outweighs_the_label() -> None:
    body = r"Model & Para. (M) & PESQ\\ Bar (1.2M) & 1.25 & 2.9\\"
    assert [r.value for r in read(latex(body)).readings if r.metric == "params"] == [1.25e6]


def test_a_table_at_eight_kilohertz_is_not_inferred_to_be_wide_band() -> None:
    body = r"Model & PESQ\\ Foo & 3.70\\ Bar & 3.10\\"
    plain = one(read(latex(body, "Results on VoiceBank+DEMAND")), "Foo", "PESQ")
    slow = one(read(latex(body, "Results on VoiceBank+DEMAND at 8 kHz")), "Foo", "PESQ")
    assert (plain.protocol.get("band"), slow.protocol.get("rate"), slow.protocol.get("band")) == (
        "WB", "8000", None,
    )  # fmt: skip


def test_a_test_set_among_numbered_labels_is_no_setting() -> None:
    body = r"Depth & PESQ & COVL\\ 2 & 3.1 & 3.4\\ 4 & 3.2 & 3.5\\ VoiceBank+DEMAND & 3.3 & 3.6\\"
    readings = [r for r in read(latex(body, "Results of FooNet")).readings if r.metric == "PESQ"]
    assert [r.model for r in readings] == ["FooNet [depth=2]", "FooNet [depth=4]", "FooNet"]
    assert readings[2].dataset == "VoiceBank+DEMAND"


@pytest.mark.parametrize(
    ("own", "rival"), [("α-Net", "β-Net"), ("D³Former", "D²Former"), ("Φ-SE", "Ψ-SE"), ("μNet", "νNet")]
)
def test_a_greek_letter_or_a_raised_digit_makes_another_model(own: str, rival: str) -> None:
    body = (
        rf"Model & PESQ & STOI\\ Noisy & 1.97 & 0.91\\ {rival} & 3.10 & 0.94\\ {own} (Ours) & 3.21 & 0.95\\"
    )
    extraction = read(latex(body, title=f"{own}: a network for speech enhancement"))
    told = {reading.system: reading.own for reading in extraction.readings}
    assert told[own]
    assert not told[rival]
