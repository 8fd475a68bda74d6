"""What gap and claim say of differences that seeds alone could give."""

from __future__ import annotations

from sqlalchemy import update

import litdb
from litdb.catalogue.database.schema import ReadingRow
from tests.evidence.worlds import measure, publish


def world(catalogue: litdb.Catalogue, *, seeds: bool) -> litdb.Catalogue:
    """An own model just behind a published one; with `seeds` a second published mean prints its spread over seeds."""
    measure(catalogue.store, "r/best", {"params": "459867", "PESQ": "2.97"}, declared="2025-12-13")
    publish(catalogue.store, "Near", {"params": "0.42M", "PESQ": "2.99"}, date="2025-01-01")
    publish(catalogue.store, "Far", {"params": "0.6M", "PESQ": "3.40"}, date="2025-01-01")
    if seeds:
        publish(catalogue.store, "Spread", {"PESQ": "3.10 ± 0.02"}, date="2025-01-01", seeds="5")
        with catalogue.store.write() as session:
            session.execute(
                update(ReadingRow).where(ReadingRow.uncertainty.is_not(None)).values(uncertainty_kind="std")
            )
    return catalogue


def test_gap_says_which_differences_seeds_alone_give(catalogue: litdb.Catalogue) -> None:
    found = world(catalogue, seeds=True).gap(against="0.4M..1.0M")
    said = {r.name: d.seeds for r in found.rivals for d in r.differences if d.metric == "PESQ"}
    assert said["Near"].startswith("inside what seeds alone give, ±0.079")
    assert said["Far"].startswith("beyond what seeds alone give")
    assert all(not d.seeds for r in found.rivals for d in r.differences if d.metric != "PESQ")


def test_gap_without_a_spread_does_not_decide(catalogue: litdb.Catalogue) -> None:
    found = world(catalogue, seeds=False).gap(against="0.4M..1.0M")
    said = {d.seeds for r in found.rivals for d in r.differences if d.metric == "PESQ"}
    assert said == {"whether seeds alone give it is not decidable: no spread over seeds is known"}


def test_a_witness_inside_the_spread_leaves_a_claim_open(catalogue: litdb.Catalogue) -> None:
    world(catalogue, seeds=True)
    found = catalogue.claim("best PESQ with params<=0.46M on vbd")
    open_names = {w.name: w.why for w in found.open}
    assert "inside what seeds alone give" in open_names.get("Near", "")
    assert found.verdict == "not decidable"
    assert any("differ by less than seeds alone give" in note for note in found.notes)


def test_without_a_spread_a_claim_goes_by_the_numbers_and_says_so(catalogue: litdb.Catalogue) -> None:
    found = world(catalogue, seeds=False).claim("best PESQ with params<=0.46M on vbd")
    assert found.verdict == "false"
    assert any("no spread over seeds is known" in note for note in found.notes)
