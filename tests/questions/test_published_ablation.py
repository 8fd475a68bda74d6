"""The ablation of a published paper as a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import litdb
from litdb.catalogue.database.places import Place
from litdb.catalogue.database.session import Store
from litdb.cli._root import run
from litdb.errors import NotFound, UsageError
from litdb.extract.types import CellReading, Extraction
from litdb.questions.tables.published import published_ablation
from litdb.report.render import render
from litdb.values.note import Note, brief
from litdb.values.table import Row, Table
from litdb.vocabulary.protocol import Item, Protocol
from tests.catalogue import scenes
from tests.extract.support import latex, read

CAPTION = "Ablation study on VoiceBank+DEMAND"
HEAD = r"Model & Params & PESQ & STOI & SI-SDR\\ "


def stored(store: Store, body: str, caption: str = CAPTION) -> None:
    with store.write() as session:
        scenes.put(session, "2501.00001", read(latex(body, caption)), title="A paper")


def changed(store: Store, body: str, change: Callable[[CellReading], CellReading]) -> None:
    """The same with every reading changed, as another reader or a person would have it."""
    table = read(latex(body, CAPTION)).tables[0]
    seen = Extraction((replace(table, readings=tuple(map(change, table.readings))),))
    with store.write() as session:
        scenes.put(session, "2501.00001", seen, title="A paper")


def asked(store: Store, *metrics: str, number: str = "") -> Table:
    with store.read() as session:
        return published_ablation(session, "2501.00001", metrics, number)


def texts(row: Row) -> list[str]:
    return [row.name, *(cell.text for cell in row.cells)]


def test_rows_stand_below_their_base_with_differences(store: Store) -> None:
    stored(
        store,
        HEAD + r"FooNet & 0.46M & 3.20 & 0.950 & 18.1\\ w/o phase loss & 0.46M & 3.1 & 0.951 & $>$17\\"
        r" w/o GAN & 0.40M & 3.05 & - & 18.1\\",
    )
    found = asked(store)
    assert [c.title for c in found.columns] == [
        "Params (M)", "PESQ", "ΔPESQ", "STOI", "ΔSTOI", "SI-SDR (dB)", "ΔSI-SDR (dB)",
    ]  # fmt: skip
    assert [texts(row) for row in found.rows] == [
        ["FooNet", "0.46", "3.20", "-", "0.950", "-", "18.1", "-"],
        # The base has two decimals and the row one; a bound gives no difference.
        ["w/o phase loss", "0.46", "3.1", "-0.1", "0.951", "+0.001", found.rows[1].cells[5].text, "-"],
        # What one row alone prints gives none.
        ["w/o GAN", "0.40", "3.05", "-0.15", "-", "-", "18.1", "0.0"],
    ]
    assert found.rows[0].cells[1].rank == 1
    assert found.rows[2].cells[2].rank is None
    assert "Over how many runs the numbers are is not known" in " ".join(map(str, found.notes))
    assert found.groups == ()
    assert found.title == "Ablation of FooNet on VoiceBank+DEMAND"


def test_steps_name_the_row_they_are_against(store: Store) -> None:
    stored(store, r"Model & PESQ\\ FooNet & 3.2\\ w/o phase loss & 3.1\\ w/o phase loss, w/o GAN & 2.9\\")
    found = asked(store)
    assert [row.cells[1].text for row in found.rows] == ["-", "-0.1", "-0.3"]  # against the row of most
    # The base may be another's model: the table is cited in a note, and no row as proposed by its paper.
    assert [(brief(note), note.cites) for note in found.rows[0].notes if isinstance(note, Note)] == [
        ("from table 1 of", "arXiv:2501.00001")
    ]
    assert not any(row.paper for row in found.rows)
    assert all(row.document == "arXiv:2501.00001" for row in found.rows)
    for fmt in ("latex", "markdown", "html", "csv", "terminal", "json"):
        assert "-0.3" in render(found, fmt)


def test_columns_are_picked_and_tables(store: Store) -> None:
    stored(store, HEAD + r"FooNet & 0.46M & 3.20 & 0.950 & 18.1\\ w/o GAN & 0.40M & 3.05 & 0.94 & 18.0\\")
    assert [c.title for c in asked(store, "STOI", "PESQ").columns] == ["STOI", "ΔSTOI", "PESQ", "ΔPESQ"]
    assert [c.title for c in asked(store, "params").columns] == ["Params (M)"]
    with pytest.raises(UsageError, match="they have"):
        asked(store, "DNSMOS-OVRL")
    with pytest.raises(NotFound, match="there is"):
        asked(store, number="IX")


THREE = r"Model & PESQ\\ FooNet & 3.2\\ w/o phase loss & 3.1\\ w/o GAN & 2.9\\"


def test_what_waits_is_counted_and_not_shown(store: Store) -> None:
    changed(store, THREE, lambda r: replace(r, confidence=0.3) if r.printed == "2.9" else r)
    found = asked(store)
    assert [row.name for row in found.rows] == ["FooNet", "w/o phase loss"]
    assert any("1 row holds a value that waits for review" in note for note in found.notes)


def test_an_ablation_that_waits_whole_is_refused_as_such(store: Store) -> None:
    changed(store, THREE, lambda r: replace(r, confidence=0.3))
    with pytest.raises(NotFound, match="3 rows hold values that wait for review"):
        asked(store)


def test_a_number_keeps_its_column_beside_a_dash(store: Store) -> None:
    """Two columns of one metric, of which the first has a dash in one row."""
    body = r"Model & PESQ & SI-SDR\\ FooNet & 3.20 & 2.90\\ w/o phase loss & - & 2.80\\ w/o GAN & 3.10 & -\\"
    changed(store, body, lambda r: replace(r, metric="PESQ", quantity="PESQ", unit=""))
    found = asked(store)
    assert [c.title for c in found.columns] == ["PESQ", "ΔPESQ", "PESQ (column 2)", "ΔPESQ (column 2)"]
    assert [texts(row)[1:] for row in found.rows] == [
        ["3.20", "-", "2.90", "-"],
        ["-", "-", "2.80", "-0.10"],
        ["3.10", "-0.10", "-", "-"],
    ]
    assert any("What tells the columns of PESQ apart is not known" in note for note in found.notes)


@pytest.mark.parametrize(
    ("items", "shown", "why"),
    [
        # Why a band was inferred, and what one row alone states, is no difference.
        ({"band": Item("WB", "inferred", "of the row")}, "-0.1", ""),
        ({"rate": Item("16000"), "training": Item("vbd")}, "-0.1", ""),
        ({"mapping": Item("raw")}, "-", "not ranked: other PESQ mapping than “FooNet”"),
        (
            {"files": Item("100"), "files_expected": Item("824")},
            "-",
            "not ranked: other files covered than “FooNet”",
        ),
    ],
)
def test_only_what_is_known_to_differ_is_not_compared(
    store: Store, items: dict[str, Item], shown: str, why: str
) -> None:
    usual = Protocol.of({"mapping": Item("LQO")})
    other = Protocol.of(items).merged(usual)
    changed(
        store, THREE, lambda r: replace(r, protocol=r.protocol.merged(other if r.printed == "3.1" else usual))
    )
    cell, change = asked(store).rows[1].cells
    assert change.text == shown
    assert cell.comparable == (not why)
    assert why in " ".join(cell.notes)


def test_what_is_about_gives_no_difference(store: Store) -> None:
    stored(store, r"Model & PESQ\\ FooNet & 3.2\\ w/o phase loss & $\sim$3.1\\ w/o GAN & 2.9\\")
    assert [row.cells[1].text for row in asked(store).rows] == ["-", "-", "-0.3"]


def test_seeds_and_spread_are_said_of_their_rows(store: Store) -> None:
    body = r"Model & PESQ\\ FooNet & 3.20 $\pm$ 0.02\\ w/o phase loss & 3.10 $\pm$ 0.03\\ w/o GAN & 2.90\\"
    five = Protocol.of({"seeds": Item("5")})
    changed(store, body, lambda r: r if r.printed == "2.90" else replace(r, protocol=r.protocol.merged(five)))
    found = asked(store)
    assert [row.cells[1].text for row in found.rows] == ["-", "-0.10", "-0.30"]
    assert ["mean over 5 seeds" in " ".join(row.cells[0].notes) for row in found.rows] == [True, True, False]
    assert "3.20 ± 0.02" in render(found, "markdown")
    assert any("the numbers of all rows are is not known" in note for note in found.notes)


def test_a_paper_without_an_ablation(store: Store) -> None:
    stored(store, r"Model & PESQ\\ FooNet & 3.2\\ BarNet & 3.1\\", "Results on VoiceBank+DEMAND")
    with pytest.raises(NotFound, match="no ablation is known"):
        asked(store)


def test_of_the_shipped_catalogue(whole_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several bases in one table, steps, marks of who ran it; both voices."""
    with litdb.Catalogue(Place(str(whole_file), read_only=True)) as catalogue:
        two = catalogue.published_ablation("2210.12995")
        assert [title.split(" ")[:2] for title in two.groups] == [["against", "M"], ["against", "G5"]]
        assert [row.cells[4].text for row in two.rows] == [
            "-", "-0.13", "-0.03", "-0.38", "-", "-0.01", "-0.07", "-0.08", "-0.30",
        ]  # fmt: skip
        # Composites whose scale some rows show by themselves and the others do not state are ranked.
        composites = catalogue.published_ablation("IMSE", ["CSIG"])
        assert [row.cells[0].rank for row in composites.rows] == [None, None, 2, 1]
        steps = catalogue.published_ablation("2305.05599", ["PESQ"])
        assert [row.cells[1].text for row in steps.rows] == ["-", "-0.130", "-0.315"]
        assert [brief(note) for note in steps.rows[2].notes if brief(note)] == ["difference to the row above"]
    ablation = ["table", "--preset", "ablation", "--db", str(whole_file)]
    assert run([*ablation, "--paper", "2308.08926", "--for", "ieeetran", "--columns", "2"]) == 0
    said = capsys.readouterr().out
    assert "w/o Metric Disc." in said
    assert "metric discriminator" not in said  # the reader of a paper has the row's own name
    assert r"from table III of~\cite{MP-SENet-long}" in said
    assert run([*ablation, "--paper", "NoSuchPaper"]) == 2
    assert run([*ablation, "--group", "a=r1,r2,r3", "--number", "III"]) == 2
    assert run([*ablation, "--paper", "2308.08926", "--group", "a=r1,r2"]) == 2
    assert run(["table", "--preset", "sota", "--paper", "2308.08926"]) == 2
    # What would have no effect is refused, and a column that its tables lack.
    for aside in (
        ["--non-causal"],
        ["-d", "dns2020-noreverb"],
        ["--metric", "PESQ=3.."],
        ["-m", "PESQ,SSNR"],
    ):
        assert run([*ablation, "--paper", "2308.08926", *aside]) == 2
    assert all(line.startswith("Error: ") for line in capsys.readouterr().err.strip().split("\n"))
