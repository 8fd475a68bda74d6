"""Watching: what was there before is no news, what is new is told once."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import litdb
from litdb.catalogue.derive import derive
from litdb.catalogue.hand import Written, put_readings
from litdb.catalogue.record import PaperFacts, put_document, put_paper, put_version
from litdb.errors import CatalogueError, NotFound, UsageError
from litdb.report.tracing.atom import atom
from litdb.survey.watch import new_watch, run_watches
from tests.evidence.worlds import publish
from tests.survey.test_search import ROWS, load


def test_a_range_tells_what_enters_it_and_what_changes_in_it(catalogue: litdb.Catalogue) -> None:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    publish(catalogue.store, "Far", {"params": "9.0M", "PESQ": "3.60"})
    watch = new_watch(catalogue, "params=0.4M..1.0M PESQ=3.2..", name="rivals")
    assert (watch.what, len(watch.seen), watch.news) == ("range", 1, ())
    assert run_watches(catalogue) == []
    publish(catalogue.store, "Two", {"params": "0.80M", "PESQ": "3.25"})
    publish(catalogue.store, "Low", {"params": "0.80M", "PESQ": "3.10"})
    (news,) = run_watches(catalogue)
    assert news.watch == "rivals" and [item.words.split(":")[1] for item in news.items] == [" Two"]
    assert run_watches(catalogue) == []  # told once
    assert len(catalogue.watch("rivals").news) == 1


def version(catalogue: litdb.Catalogue, number: int, pesq: str) -> None:
    with catalogue.store.write() as session:
        paper = put_paper(session, PaperFacts(title="Netta: a net", arxiv_id="2401.00001"))
        stored = put_version(session, paper, number)
        uri = f"https://arxiv.org/abs/2401.00001v{number}"
        document = put_document(
            session, f"seen:arXiv:2401.00001v{number}", kind="seen", uri=uri, paper=paper, version=stored
        )
        written = Written("Netta", "PESQ", pesq, "self", "hand", dataset="vbd", table="1", own=True)
        put_readings(session, document, [written.reading()])
        derive(session, [document.id], accept_from=0.0)


def test_a_paper_tells_new_versions_and_changed_numbers(catalogue: litdb.Catalogue) -> None:
    version(catalogue, 1, "3.37")
    assert new_watch(catalogue, "2401.00001").what == "paper"
    version(catalogue, 2, "3.40")
    (news,) = run_watches(catalogue)
    said = [item.words for item in news.items]
    assert said[0] == "new version: Netta: a net, v2"
    assert "3.37" in said[1] and "3.40" in said[1]
    assert all(item.paper == "arXiv:2401.00001" for item in news.items)


def test_a_question_tells_papers_that_the_index_had_not(catalogue: litdb.Catalogue, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError):
        new_watch(catalogue, "lightweight speech enhancement")
    assert catalogue.watches() == []  # nothing half done
    load(catalogue, tmp_path, ROWS[:1])
    new_watch(catalogue, "lightweight speech enhancement", name="light")
    load(catalogue, tmp_path, ROWS)
    (news,) = run_watches(catalogue, ("light",))
    assert "arXiv:2402.00002" in {item.paper for item in news.items}
    assert "arXiv:2401.00001" not in {item.paper for item in news.items}


def test_names_and_words_that_cannot_be(catalogue: litdb.Catalogue) -> None:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    new_watch(catalogue, "PESQ=3..", name="one")
    for text, name in (("PESQ=3..", "one"), ("PESQ=3..", "No Name"), ("  ", "two"), ("PESQ=much", "three")):
        with pytest.raises(UsageError):
            new_watch(catalogue, text, name=name)
    with pytest.raises(NotFound):
        run_watches(catalogue, ("nothing",))
    assert [watch.name for watch in catalogue.watches()] == ["one"]


def test_a_dropped_watch_leaves_its_name_and_what_it_saw(catalogue: litdb.Catalogue) -> None:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    first = new_watch(catalogue, "PESQ=3..", name="one")
    catalogue.undo(first.uid, reason="no need")
    assert catalogue.watches() == []
    again = new_watch(catalogue, "PESQ=3.2..", name="one")
    assert len(again.runs) == 1 and again.uid != first.uid


def test_a_feed_holds_all_news_and_hostile_titles_stay_text(catalogue: litdb.Catalogue) -> None:
    publish(catalogue.store, "One", {"params": "0.50M", "PESQ": "3.30"})
    new_watch(catalogue, "PESQ=3..", name="one")
    publish(catalogue.store, "Two <script>\x1b[31m & Co", {"params": "0.60M", "PESQ": "3.40"})
    run_watches(catalogue)
    text = atom(catalogue.watches())
    feed = ElementTree.fromstring(text)
    titles = [
        entry.findtext("{http://www.w3.org/2005/Atom}title") or ""
        for entry in feed.iter("{http://www.w3.org/2005/Atom}entry")
    ]
    assert len(titles) == 1 and "<script>" in titles[0] and "\x1b" not in text
    assert atom(catalogue.watches()) == text
