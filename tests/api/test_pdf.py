"""A PDF into a catalogue: what it gives waits for review, and reading it again changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from litdb.api import Catalogue
from tests.extract.pdf.test_pdf import sheet
from tests.support.pdf import pdf


def test_an_ingested_pdf_waits_for_review_and_is_read_again_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITDB_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf([sheet()]))
    with Catalogue.init(tmp_path / "c.db", empty=True) as catalogue:
        outcome = catalogue.ingest(file, doi="10.1000/x")
        assert (outcome.state, outcome.stored.readings) == ("new", 15)
        assert catalogue.ingest(file, doi="10.1000/x").state == "known"
        (table,) = catalogue.review().tables
        assert len(table.readings) == 15
        assert table.caption == "Comparison on VoiceBank+DEMAND."
        (again,) = catalogue.reextract(cache=tmp_path / "cache", workers=1)
        assert (again.readings, again.new, again.gone, again.changed, again.failures) == (15, (), (), (), ())
