"""What tables say of values that are not what they seem, on the whole shipped catalogue."""

from __future__ import annotations

import pytest

import litdb


@pytest.fixture(scope="module")
def shipped() -> litdb.Catalogue:
    from litdb._places import packaged

    return litdb.open(packaged("sota.db"))


def test_who_was_trained_on_pesq_is_told_beside_its_pesq(shipped: litdb.Catalogue) -> None:
    rows = shipped.table(["PESQ", "STOI"], models=["PESQetarian", "FastEnhancer-B", "MUSE"]).rows
    told = {row.name: [cell.notes for cell in row.cells] for row in rows}
    for name, (pesq, stoi) in told.items():
        assert ("trained on PESQ itself" in pesq) == (not name.startswith("MUSE")), name
        assert "trained on PESQ itself" not in stoi


def test_what_was_given_the_answer_is_a_reference(shipped: litdb.Catalogue) -> None:
    names = {row.name for row in shipped.models(dataset="vbd").rows}
    assert not [name for name in names if "racle" in name or "ideal" in name]
    more = shipped.models(dataset="vbd", references=True).rows
    assert {row.kind for row in more if "racle" in row.name or "ideal" in row.name} == {"reference"}


def test_scores_that_their_row_excludes_are_shown_without_a_rank(shipped: litdb.Catalogue) -> None:
    (row,) = shipped.table(["PESQ", "COVL"], models=["HybridSB-MoE"]).rows
    assert [cell.text for cell in row.cells] == ["3.88", "4.82"]
    assert not row.cells[1].comparable
    assert "it cannot be, COVL 4.82 with PESQ 3.88" in row.cells[1].notes[0]
    assert row.cells[0].comparable


def test_models_under_two_names_are_one(shipped: litdb.Catalogue) -> None:
    names = {row.name for row in shipped.models(ablations=True).rows}
    assert not names & {
        "MNNER",
        "BASENet: MANNER-S",
        "MP-SENet Up.",
        "SEMamba w/o PCS",
        "EDNet: MP-SENet",
        "DFv3",
    }
    (own,) = (
        row for row in shipped.table(["params", "PESQ"], models=["MANNER-S-5.3GF"]).rows if not row.reproduced
    )
    assert (own.origin, own.source) == ("self", "arXiv:2208.10367v2, table 1")
