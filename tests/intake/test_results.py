"""What `add-result` means: measured, read by hand in a paper, or a claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place, make_working
from litdb.errors import Ambiguous, InputError, UsageError
from litdb.sources.files import read_file


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[litdb.Catalogue]:
    monkeypatch.setenv("LITDB_USER", "tester")
    place = str(tmp_path / "mine.db")
    make_working(place).close()
    with litdb.Catalogue(Place(place, read_only=False)) as opened:
        yield opened


def facts(catalogue: litdb.Catalogue, model: str) -> dict[str, tuple[str, str, str]]:
    return {v.metric: (v.printed, v.origin, v.dataset) for v in catalogue.results(model)}


@pytest.mark.parametrize(
    ("options", "origin", "source"),
    [
        ({"run": "r/best"}, "measured", "run r/best"),
        ({"sha256": "ab" * 32}, "measured", f"run sha256:{'ab' * 32}"),
        (
            {"paper": "2405.06573v2", "table": "3", "row": 5, "origin": "self"},
            "self",
            "arXiv:2405.06573v2, table 3",
        ),
        (
            {"paper": "https://arxiv.org/abs/2405.06573v2", "table": "3"},
            "quoted",
            "arXiv:2405.06573v2, table 3",
        ),
        ({"paper": "2609.12345v1", "page": 4}, "quoted", "arXiv:2609.12345v1"),
        ({"paper": "10.1000/abc", "table": "II"}, "quoted", "doi:10.1000/abc, table II"),
        ({"paper": "doi:10.1000/ABC", "table": "II"}, "quoted", "doi:10.1000/abc, table II"),
        ({}, "claim", "added by tester without a source"),
    ],
)
def test_where_a_value_comes_from(
    catalogue: litdb.Catalogue, options: dict[str, object], origin: str, source: str
) -> None:
    catalogue.add_result("SomeNet", {"PESQ": "2.91"}, **options)
    (value,) = catalogue.results("SomeNet")
    assert (value.origin, value.place, value.dataset) == (origin, source, "vbd")


@pytest.mark.parametrize(
    ("values", "options", "hint"),
    [
        ({}, {"run": "r"}, "no value is given"),
        ({"QESP": "2"}, {"run": "r"}, "unknown metric"),
        ({"PESQ": "2.9"}, {"run": "r", "dataset": "nowhere"}, "unknown test set"),
        ({"PESQ": "2.9"}, {"table": "2"}, "give --paper too"),
        ({"PESQ": "2.9"}, {"origin": "self"}, "give --paper too"),
        ({"PESQ": "2.9"}, {"paper": "2405.06573", "table": "2", "origin": "measured"}, "self"),
        ({"PESQ": "2.9"}, {"paper": "2405.06573"}, "say where it stands"),
        ({"PESQ": "2.9"}, {"paper": "a book", "table": "2"}, "not an arXiv id"),
        (
            {"PESQ": "2.9"},
            {"text": '{"PESQ": 2.8}', "file": "f", "run": "r", "dataset": "vbd"},
            "given twice",
        ),
        ({}, {"text": '{"PESQ": 2.8}', "file": "f", "run": "r"}, "does not say which test set"),
    ],
)
def test_what_does_not_go_together_is_refused_and_stores_nothing(
    catalogue: litdb.Catalogue, values: dict[str, str], options: dict[str, object], hint: str
) -> None:
    with pytest.raises(UsageError, match=hint):
        catalogue.add_result("SomeNet", values, **options)
    with pytest.raises(litdb.NotFound):
        catalogue.results("SomeNet")


@pytest.mark.parametrize("name", ["", "  ", "\n"])
def test_a_model_needs_a_name(catalogue: litdb.Catalogue, name: str) -> None:
    with pytest.raises(UsageError, match="no name"):
        catalogue.add_result(name, {"PESQ": "2.9"}, run="r")


def test_a_value_must_be_a_number_except_in_a_claim(catalogue: litdb.Catalogue) -> None:
    for text in ("good", "nan", "inf", ""):
        with pytest.raises(InputError, match="is not a number"):
            catalogue.add_result("SomeNet", {"PESQ": text}, run="r")
    catalogue.add_result("SomeNet", {"PESQ": "good"})
    assert facts(catalogue, "SomeNet") == {"PESQ": ("good", "claim", "vbd")}


def test_numbers_are_normalised_and_keep_how_they_were_printed(catalogue: litdb.Catalogue) -> None:
    catalogue.add_result("SomeNet", {"STOI": "94%", "params": "0.46M", "PESQ": "2.9 ± 0.1"}, run="r")
    values = {v.metric: (v.value, v.printed) for v in catalogue.results("SomeNet")}
    assert values == {"STOI": (0.94, "94%"), "params": (460_000, "0.46M"), "PESQ": (2.9, "2.9 ± 0.1")}


def test_params_need_no_test_set_and_carry_no_protocol(catalogue: litdb.Catalogue) -> None:
    catalogue.add_result(
        "SomeNet", {"PESQ": "2.9"}, params="0.5M", run="r", files=824, selected_on="validation"
    )
    by_metric = {v.metric: v for v in catalogue.results("SomeNet")}
    assert by_metric["params"].dataset == ""
    assert list(by_metric["params"].protocol) == []
    assert by_metric["PESQ"].protocol.get("files") == "824"
    assert by_metric["PESQ"].protocol.get("files_expected") == "824"
    assert by_metric["PESQ"].protocol.get("selected_on") == "validation"


def test_the_scale_of_composites_is_part_of_their_name(catalogue: litdb.Catalogue) -> None:
    catalogue.add_result("SomeNet", {"CSIG": "4.1", "PESQ": "2.9"}, run="a", scale="unit")
    catalogue.add_result("SomeNet", {"CSIG": "4.4"}, run="b", scale="int16")
    assert {v.metric for v in catalogue.results("SomeNet")} == {"CSIG@unit", "PESQ", "CSIG"}


def test_the_names_run_and_hash_of_a_file_are_its_identity(catalogue: litdb.Catalogue) -> None:
    text = '{"metrics": {"PESQ": 2.8}, "dataset": "vbd", "checkpoint": "exp/best.pt"}'
    catalogue.add_result("SomeNet", text=text, file="a.json")
    assert [v.place for v in catalogue.results("SomeNet")] == ["run exp/best.pt"]
    added = catalogue.add_result("SomeNet", text=text, file="a.json", run="mine/best")  # --run goes first
    assert added.new == 1


def test_a_key_of_the_catalogue_names_its_model(catalogue: litdb.Catalogue) -> None:
    place = {"paper": "2511.14515v2", "table": "9", "row": 1, "origin": "quoted"}
    with pytest.raises(Ambiguous, match=r"MP-SENet-2023, MP-SENet-long"):
        catalogue.add_result("MP-SENet", {"PESQ": "3.49"}, **place)
    before = len(catalogue.results("MP-SENet-2023"))
    assert catalogue.add_result("MP-SENet-2023", {"PESQ": "3.49"}, **place).new == 1
    assert catalogue.add_result("MP-SENet-2023", {"PESQ": "3.49"}, **place).same == 1
    assert len(catalogue.results("MP-SENet-2023")) == before + 1
    (value,) = [v for v in catalogue.results("MP-SENet-2023") if v.printed == "3.49"]
    assert (value.status, value.origin) == ("accepted", "quoted")


def test_every_model_of_the_shipped_catalogue_can_be_named_by_its_key(catalogue: litdb.Catalogue) -> None:
    place = {"paper": "10.1000/survey", "table": "1", "origin": "quoted"}
    keys = {row.model for row in catalogue.table(["PESQ"], claims=True).rows if not row.own}
    assert len(keys) > 20
    for key in keys:
        catalogue.add_result(key, {"SSNR": "1.234"}, **place)
    for key in keys:
        assert [v.printed for v in catalogue.results(key) if v.place.startswith("doi:10.1000")] == [
            "1.234"
        ], key


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x81")
    for name, hint in (("missing", "cannot be read"), (".", "cannot be read"), ("binary", "not a text file")):
        with pytest.raises(InputError, match=hint):
            read_file(str(tmp_path / name))


@pytest.mark.parametrize("run", [" ", " /best", "exp7/", "/best", "exp7//best", "exp7/ "])
def test_a_run_has_a_name(catalogue: litdb.Catalogue, run: str) -> None:
    with pytest.raises(UsageError, match="has an empty name: write RUN or RUN/CHECKPOINT"):
        catalogue.add_result("MyNet", {"PESQ": "2.9"}, run=run)
    assert {view.key for view in catalogue.runs()} == {"new", "old"}


def test_blanks_around_the_name_of_a_run_make_no_other_run(catalogue: litdb.Catalogue) -> None:
    catalogue.add_result("MyNet", {"PESQ": "2.9"}, run="exp7/best")
    assert catalogue.add_result("MyNet", {"PESQ": "2.9"}, run=" exp7 / best ").same == 1
    assert {view.key for view in catalogue.runs()} == {"new", "old", "exp7"}


@pytest.mark.parametrize(
    "place",
    [{"run": "exp7/best"}, {"paper": "2401.00001v1", "table": "1"}, {"paper": "2401.00001v1", "table": "1", "origin": "self"}],
)  # fmt: skip
def test_a_part_of_a_test_set_is_a_part_whichever_way_it_comes(
    catalogue: litdb.Catalogue, place: dict[str, str]
) -> None:
    added = catalogue.add_result("MyNet", {"PESQ": "2.9", "STOI": "0.95"}, files=3, **place)  # type: ignore[arg-type]
    assert added.notes == ("PESQ, STOI: covers 3 of 824 files: marked, and not ranked",)
    (row,) = catalogue.table(["PESQ"], models=["MyNet"]).rows
    assert "2.9 not ranked: covers 3 of 824 files" in row.cells[0].notes
    with pytest.raises(InputError, match="has 824 files, not 900"):
        catalogue.add_result("MyNet", {"PESQ": "2.9"}, files=900, **place)  # type: ignore[arg-type]


def test_scores_that_are_no_values_are_said_to_be_missing_at_once(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    scores = tmp_path / "scores.csv"
    lines = [f"p232_{number:03},{-1 if number < 3 else 2.9},0.9" for number in range(1, 413)]
    lines += [f"p257_{number:03},2.9,0.9" for number in range(1, 413)]
    scores.write_text("\n".join(["id,pesq,stoi", *lines]) + "\n")
    added = catalogue.add_result("MyNet", file=str(scores), dataset="vbd", run="exp7/best")
    assert added.notes == ("PESQ: covers 822 of 824 files: marked, and not ranked",)
