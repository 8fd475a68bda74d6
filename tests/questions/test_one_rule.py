"""That compare, gap, letters, cards, protocols and filters judge as tables do, on the shipped catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import litdb
from litdb._places import packaged


@pytest.fixture(scope="module")
def shipped() -> Iterator[litdb.Catalogue]:
    with litdb.open(packaged("sota.db")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("one", "other", "metric", "item"),
    [
        ("GTCRN", "DPDFNet-8", "STOI", "unprocessed input"),  # its table's noisy row has STOI 97.2
        ("FullSubNet", "GTCRN", "STOI", "unprocessed input"),  # an ESTOI-like column
        ("DPCRN-CF", "IMSE", "PESQ", "84spk"),
        ("MP-SENet-long", "TF-GridNet", "PESQ", "zero-shot"),
        ("ULCNet_MS", "TSTNN", "PESQ", "DNS-2020"),
        ("ULCNet", "TSTNN", "PESQ", "what the number is"),  # PESQ of one of its networks, SI-SDR of the other
        ("DCCRN", "TSTNN", "COVL", "what the number is"),  # its CBAK
    ],
)
def test_what_a_table_does_not_rank_is_not_compared(
    shipped: litdb.Catalogue, one: str, other: str, metric: str, item: str
) -> None:
    (found,) = shipped.compare(one, other, metrics=[metric])
    beside = found.refused[0].beside
    assert beside is not None
    assert beside.verdict == "not comparable"
    assert any(item in obstacle.words for obstacle in beside.obstacles)


def test_a_gap_counts_no_rival_of_another_input_or_training(shipped: litdb.Catalogue) -> None:
    gap = shipped.gap(against="0.4M..1.0M")
    for rival in gap.rivals:
        for difference in rival.differences:
            if "unprocessed input" in difference.note or "as is the custom" in difference.note:
                assert difference.sign == "not comparable"
    told = {
        d.note.partition(" of its")[0]
        for rival in gap.rivals
        for d in rival.differences
        if d.sign == "not comparable"
    }
    assert any("unprocessed input" in note for note in told)
    assert any("trained" in note for note in told)


def test_the_reason_does_not_turn_with_the_filter(shipped: litdb.Catalogue) -> None:
    for where in ({}, {"params": "0.4M..1.0M"}):
        rows = {row.name: row for row in shipped.models(metrics=["params", "PESQ"], where=where).rows}
        for name in ("DPCRN-CF", "ULCNet_MS"):
            if name in rows:
                notes = " ".join(map(str, rows[name].cells[1].notes))
                assert "as is the custom" in notes and not rows[name].cells[1].comparable


def test_a_size_is_not_taken_from_a_network_that_others_trained_anew(shipped: litdb.Catalogue) -> None:
    rows = shipped.models(
        metrics=["params", "PESQ"], where={"params": "0..1M"}, dataset="dns2020-noreverb"
    ).rows
    assert not [row for row in rows if row.name == "BSRNN"]


def test_causal_models_are_found_by_words_and_labels_and_silence_is_counted(shipped: litdb.Catalogue) -> None:
    table = shipped.models(metrics=["params", "PESQ"], where={"params": "0..1M"}, causal=True)
    assert {"BASENet-3 (Causal)", "FastEnhancer-M", "AdaptCRN"} <= {row.name for row in table.rows}
    assert any("do not state causality" in str(note) for note in table.notes)


def test_a_protocol_shows_what_the_paper_says_in_words(shipped: litdb.Catalogue) -> None:
    found = shipped.protocol(["IMSE", "LiSenNet"])
    at = found.items.index("training set")
    assert [row.cells[at].basis for row in found.rows] == ["in words", "in words"]
    assert all("28 speakers" in row.cells[at].text and row.cells[at].place for row in found.rows)


@pytest.mark.parametrize(
    ("paper", "answered"),
    [
        ("2509.21867", ("sampling rate", "training set was used", "causal")),
        ("2409.13285", ("how many test files", "causal")),
    ],
)
def test_a_letter_asks_nothing_that_the_paper_says(
    shipped: litdb.Catalogue, paper: str, answered: tuple[str, ...]
) -> None:
    asked = " ".join(shipped.letter(paper).questions)
    assert not [words for words in answered if words in asked]


def test_a_letter_is_about_what_the_authors_wrote(shipped: litdb.Catalogue) -> None:
    for paper in (
        "2409.13285",
        "2206.07293",
    ):  # third parties misquote LiSenNet and FRCRN; the authors know no more of it
        for one in shipped.letter(paper).contradicted:
            theirs = {cell.text for cell in one.cells if cell.note in ("self", "repository")}
            assert len(theirs) > 1 or "(quoted)" in one.what


def test_versions_are_of_the_row_and_metric_shown(shipped: litdb.Catalogue) -> None:
    assert shipped.why("IMSE", "PESQ").versions == ((1, "3.373"), (2, "3.399"))
    assert len({text for _, text in shipped.why("BSRNN", "PESQ", dataset="dns2020-noreverb").versions}) == 1


def test_a_step_with_several_changes_isolates_nothing(shipped: litdb.Catalogue) -> None:
    found = shipped.evidence("dual-path", near="0.46M")
    assert found.together and any("2512.16420" in str(row) for row in found.together)
    assert not any("2512.16420" in str(row) for row in found.isolated)


def test_numbers_in_each_others_columns_have_no_rank(shipped: litdb.Catalogue) -> None:
    table = shipped.models(metrics=["PESQ", "CBAK", "COVL"], where={"PESQ": "2.4..2.6"})
    rows = {
        str(row.origin): row
        for row in table.rows
        if row.name.startswith("DCCRN") and row.cells[0].text == "2.54"
    }
    for cell in rows["quoted"].cells[1:]:
        assert not cell.comparable and any("in the wrong column" in str(note) for note in cell.notes)
    assert all(cell.comparable for cell in rows["reproduced"].cells[1:])


def test_the_row_that_others_quote_is_the_papers_own(shipped: litdb.Catalogue) -> None:
    (found,) = (one for one in shipped.why("D2Former", "COVL").shown if one.value.origin == "self")
    assert found.value.printed == "4.15"


@pytest.mark.parametrize("where", [{}, {"params": "0.4M..1.0M"}])
def test_a_row_of_two_networks_has_no_rank_whatever_the_filter(
    shipped: litdb.Catalogue, where: dict[str, str]
) -> None:
    rows = {row.name: row for row in shipped.models(metrics=["params", "PESQ"], where=where).rows}
    cell = rows["ULCNet"].cells[1]
    assert not cell.comparable
    assert any("no network of its paper has these numbers together" in note for note in cell.notes)


def test_the_own_model_is_in_ranges_at_the_numbers_that_tables_show(shipped: litdb.Catalogue) -> None:
    for metrics, where in ((["params"], {"params": "0.46M..0.48M"}), (["PESQ"], {"PESQ": "2.864..2.869"})):
        names = [row.name for row in shipped.models(metrics=metrics, where=where).rows]
        assert "BSRNN-FAC-MRHA3" in names
    assert shipped.claim("BSRNN-FAC-MRHA3 is the best PESQ with params<0.46M").verdict == "false"


def test_attention_of_one_kind_is_evidence_on_attention_near_the_own_size(shipped: litdb.Catalogue) -> None:
    near = shipped.evidence("attention", near="0.46M").near
    assert [one.comparison.base_label for one in near] == ["MUSE"]


def test_fractions_in_percent_say_so_in_sentences(shipped: litdb.Catalogue) -> None:
    (found,) = shipped.compare("GTCRN", "DPDFNet-8", metrics=["STOI"])
    said = "\n".join(found.refused[0].beside.in_words()) if found.refused[0].beside else ""
    assert "98.8 % (" in said and "STOI 97.2 %, that of the test set 0.921" in said


def test_one_system_in_two_tables_of_its_paper_is_counted_once(shipped: litdb.Catalogue) -> None:
    names = [row.name for row in shipped.models(metrics=["PESQ", "COVL"]).rows]
    assert sum("S4ND U-Net + data augmentation" in name or "S4ND U-Net1 (S)" in name for name in names) == 1
    assert not any("(table" in name and "alpha 0.75" in name for name in names)


def test_what_aims_at_pesq_is_said_of_losses_and_of_discriminators(shipped: litdb.Catalogue) -> None:
    rows = {row.name: row for row in shipped.models(metrics=["PESQ"]).rows}
    for name in ("CMGAN", "MetricGAN+", "BSRNN-FAC-MRHA3"):
        assert "trained against a metric discriminator" in rows[name].cells[0].notes
    assert "trained on PESQ itself" in rows["LiSenNet"].cells[0].notes
    assert not any(note.startswith("trained") for note in rows["TSTNN"].cells[0].notes)
