"""The question the product exists for, on the shipped catalogue."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import shipped_path
from litdb.catalogue.database.schema import Base

pytestmark = pytest.mark.usefixtures("catalogue")


@pytest.fixture(scope="module")
def catalogue() -> Iterator[litdb.Catalogue]:
    with litdb.open(shipped_path()) as opened:
        yield opened


def test_models_of_04_to_1_million_parameters_with_pesq_28_to_34(catalogue: litdb.Catalogue) -> None:
    table = catalogue.models(metrics=["params", "PESQ"], where={"params": "0.4M..1.0M", "PESQ": "2.8..3.4"})
    found = {r.name: (r.cells[0].value, r.cells[1].value, r.origin, r.source, r.year) for r in table.rows}
    assert found == {
        "IMSE": (427_000, 3.399, "self", "arXiv:2511.14515v2, table 1", 2025),
        "MUSE": (510_000, 3.37, "self", "arXiv:2406.04589v2, table 1", 2024),
        "TridentSE-S": (1_000_000, 3.36, "self", "arXiv:2210.12995v1, table 2", 2022),
        "DPT-FSNet": (880_000, 3.33, "quoted", "arXiv:2210.12995v1, table 2", 2021),
        "MANNER-S-5.3GF": (900_000, 3.06, "quoted", "arXiv:2406.04589v2, table 1", 2022),
        "TSTNN": (920_000, 2.96, "self", "arXiv:2103.09963v1, table 1", 2021),
        "BSRNN-FAC-MRHA3": (459_867, 2.8635, "measured", "run new/best-composite", None),
    }


def test_every_value_has_its_provenance(catalogue: litdb.Catalogue) -> None:
    for row in catalogue.table(mixed=True, checkpoints=True, references=True, ablations=True).rows:
        for cell in row.cells:
            assert (cell.value is None) == (cell.provenance is None)
            if cell.provenance is not None:
                assert cell.provenance.source
                assert cell.provenance.result


def test_the_re_implementation_is_one_row_with_counted_parameters(catalogue: litdb.Catalogue) -> None:
    (row,) = catalogue.models(metrics=["params", "PESQ"], where=["params=2.9M..3.0M"]).rows
    assert row.model == "BSRNN-sungwon23"
    assert (row.cells[1].value, row.origin) == (3.10, "repository")
    assert row.cells[0].value == 2_963_024
    assert row.cells[0].notes[0].startswith("own count")


def test_no_ablation_and_no_reference_unless_asked(catalogue: litdb.Catalogue) -> None:
    assert {r.kind for r in catalogue.models().rows} == {"system", "variant"}
    more = catalogue.models(ablations=True, references=True).rows
    assert {r.kind for r in more} == {"system", "variant", "ablation", "reference"}
    noisy = next(r for r in more if r.kind == "reference")
    assert noisy.cells[2].value == 3.35  # the MATLAB log, not the slip of one table
    assert all(cell.rank is None for cell in noisy.cells)


def test_two_systems_of_one_name_stay_two(catalogue: litdb.Catalogue) -> None:
    with pytest.raises(litdb.Ambiguous, match=r"MP-SENet-2023.*MP-SENet-long"):
        catalogue.why("MP-SENet", "PESQ")
    assert catalogue.why("MP-SENet-2023", "params").shown[0].value.value == 2_050_000
    assert catalogue.why("MP-SENet-long", "PESQ").shown[0].value.value == 3.60


def test_versions_of_imse_stay_visible(catalogue: litdb.Catalogue) -> None:
    why = catalogue.why("IMSE", "PESQ")
    assert why.versions == ((1, "3.373"), (2, "3.399"))
    assert why.shown[0].value.printed == "3.399"
    assert {v.origin for v in why.values} == {"self", "claim"}


def test_claims_are_shown_only_when_asked_and_words_stay_words(catalogue: litdb.Catalogue) -> None:
    usual = {r.name for r in catalogue.models(metrics=["PESQ"]).rows}
    assert "TSDCA-BA" not in usual
    assert "BSRNN" not in usual
    claimed = {r.name: r for r in catalogue.models(metrics=["PESQ"], claims=True).rows}
    assert claimed["TSDCA-BA"].origin == "claim"
    assert claimed["TSDCA-BA"].cells[0].rank is None
    words = [v for v in catalogue.why("MUSE", "PESQ").values if v.origin == "claim"]
    assert [v.printed for v in words] == ["competitive"]
    assert words[0].value is None


def test_absences_are_told(catalogue: litdb.Catalogue) -> None:
    assert catalogue.why("DPCRN", "PESQ").absences
    assert not catalogue.why("DPCRN", "PESQ").shown


def test_own_runs_and_their_headline(catalogue: litdb.Catalogue) -> None:
    rows = catalogue.table(["PESQ", "CSIG@unit"], models=["BSRNN-FAC-MRHA3"], checkpoints=True).rows
    assert {r.checkpoint: r.cells[0].value for r in rows} == {
        "old/best-loss": 2.7067, "old/last": 2.9727, "new/best-composite": 2.8635,
    }  # fmt: skip
    (headline,) = catalogue.table(["PESQ", "CSIG@unit"], models=["BSRNN-FAC-MRHA3"]).rows
    assert headline.checkpoint == "new/best-composite"
    assert headline.cells[1].value == 4.2620
    assert any("selected on the test set" in note for note in headline.notes)


def test_narrow_band_has_a_column_of_its_own(catalogue: litdb.Catalogue) -> None:
    rows = catalogue.table(["PESQ-NB", "PESQ"], dataset="dns2020-noreverb").rows
    assert {r.name: (r.cells[0].value, r.cells[1].value) for r in rows}["BSRNN-16k"] == (3.87, 3.45)
    assert catalogue.table(["PESQ-NB"]).rows == ()


def test_composites_say_the_scale_that_their_own_numbers_show(catalogue: litdb.Catalogue) -> None:
    table = catalogue.table(["CSIG", "CBAK"], models=["IMSE", "MUSE", "TSTNN", "DEMUCS", "BSRNN-FAC-MRHA3"])
    notes = [note for note in table.notes if "composite scale" in note]
    assert notes == [
        "CSIG, CBAK: composite scale is unit for IMSE, MUSE, BSRNN-FAC-MRHA3; 1 row does not state it.",
        "CSIG, CBAK: composite scale of IMSE, MUSE is inferred from the row's own numbers.",
    ]
    refused = {row.name: [cell.refused for cell in row.cells] for row in table.rows}
    assert refused["TSTNN"] == [True, True]  # 16-bit values
    assert refused["BSRNN-FAC-MRHA3"] == [False, False]


@pytest.mark.parametrize("quantity", ["CSIG", "CBAK", "COVL"])
def test_conflicts_say_which_composites_can_stand(catalogue: litdb.Catalogue, quantity: str) -> None:
    (found,) = catalogue.conflicts("TSTNN", metric=quantity)
    said = " ".join(found.explanation)
    assert "in arXiv:2103.09963v1, table 1 can stand" in said
    assert said.count("cannot be") == 2  # the rows that CMGAN and DB-AIAT print of it
    (phasen,) = catalogue.conflicts("PHASEN", metric=quantity)
    assert "fits no scale" in " ".join(phasen.explanation)


def test_printed_percent_is_normalised(catalogue: litdb.Catalogue) -> None:
    value = next(v for v in catalogue.why("TSTNN", "STOI").values if v.origin == "self")
    assert (value.printed, value.value) == ("95", 0.95)
    assert "percent not stated" in value.flags


def test_every_word_of_the_shipped_catalogue_fits_where_it_goes(whole_file: Path) -> None:
    """SQLite does not mind, PostgreSQL and `litdb db load` do."""
    with closing(sqlite3.connect(f"file:{whole_file}?mode=ro", uri=True)) as database:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                length = getattr(column.type, "length", None)
                if length:
                    (longest,) = database.execute(
                        f'select max(length("{column.name}")) from "{table.name}"'
                    ).fetchone()
                    assert (longest or 0) <= length, f"{table.name}.{column.name}"
