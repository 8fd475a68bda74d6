"""The reproducibility card and the letter: each statement with its cell, and nothing asked that is known."""

from __future__ import annotations

from collections.abc import Sequence

from litdb.evidence.conflicts import conflicts
from litdb.evidence.matrix import Described, matrix
from litdb.evidence.quotations.check import Checked, Fate
from litdb.evidence.tracing.card import Card, CardOf, card, letter
from litdb.report.tracing.letter import letter_text
from litdb.values.description import Description
from litdb.values.value import Value
from tests.evidence.values import value

OWN = value(
    "A", "PESQ", "3.17", paper="PA", place="arXiv:1v1, table 1", protocol={"band": "WB", "files": "824"}
)
SCALE = value("A", "CSIG", "4.43", paper="PA", place="arXiv:1v1, table 1")
README = value("A", "CSIG", "4.40", origin="repository", place="github:a/a", url="https://github.com/a/a")
ELSEWHERE = value("A", "CSIG", "4.21", origin="quoted", paper="PB", place="arXiv:2v1, table 2")


def made(*values: Value, said: Sequence[Description] = ()) -> Card:
    shown = [v for v in values if v.origin == "self"]
    described = Described("A", "A", tuple(shown))
    return card(
        CardOf("A", "A", "PA", "A: a network"), matrix([described]),
        shown=shown, values=values, disagreements=conflicts(values), said=said,
    )  # fmt: skip


def test_stated_missing_and_what_to_ask() -> None:
    found = made(OWN, SCALE)
    assert {"PESQ band": "WB", "files": "824"}.items() <= {i.what: i.text for i in found.stated}.items()
    assert all(item.place == "arXiv:1v1, table 1" for item in found.stated)
    assert "composite scale" in found.missing
    assert "PESQ band" not in found.missing
    assert any("[-1, 1] or on 16-bit" in question for question in found.questions)
    assert not any("wide-band" in question for question in found.questions)
    assert [(n.text, n.result) for n in found.numbers] == [("3.17", OWN.key), ("4.43", SCALE.key)]


def test_what_the_paper_says_of_the_model_is_shown_and_not_asked() -> None:
    alone = made(OWN)
    assert {"rate", "training set", "causal", "spread over seeds"} <= set(alone.missing)
    said = [
        Description("A", topic, text, "section 3 of arXiv:1v1")
        for topic, text in (("sampling-rate", "16 kHz"), ("causal", "both"), ("hardware", "one V100"))
    ]
    found = made(OWN, said=said)
    assert [(item.what, item.text, item.place) for item in found.said] == [
        ("sampling rate", "16 kHz", "section 3 of arXiv:1v1"),
        ("causal", "both", "section 3 of arXiv:1v1"),
        ("hardware", "one V100", "section 3 of arXiv:1v1"),
    ]
    assert set(alone.missing) - set(found.missing) == {"rate", "causal"}
    assert set(alone.questions) - set(found.questions) == {
        "At which sampling rate was the audio scored?",
        "Is the model causal?",
    }
    # What is said of the model is no protocol of its numbers.
    assert found.stated == alone.stated


def test_code_is_asked_for_only_where_none_is_known() -> None:
    assert "code" in made(OWN).missing
    assert made(OWN, README).code == ("https://github.com/a/a",)
    assert not any("code public" in question for question in made(OWN, README).questions)


def test_contradictions_with_their_cells() -> None:
    (found,) = made(SCALE, README).contradicted
    assert [(cell.text, cell.result) for cell in found.cells] == [("4.43", SCALE.key), ("4.40", README.key)]
    assert "A, CSIG on vbd: which stands, 4.43 or 4.40?" in made(SCALE, README).questions


def test_what_is_said_in_passing_is_not_asked() -> None:
    alone = made(SCALE)
    assert {"selected on", "files"} <= set(alone.missing)
    said = [
        Description("A", "training-set", "own mix", "section 3", "checkpoint chosen by best validation PESQ"),
        Description("A", "recipe", "872 test utterances", "section 4"),
    ]
    assert set(alone.missing) - set(made(SCALE, said=said).missing) == {
        "training set",
        "selected on",
        "files",
    }
    remarked = value(
        "A", "CSIG", "4.43", paper="PA", place="arXiv:1v1, table 1", remark="text says 872 test utterances"
    )
    assert "files" not in made(remarked).missing


def test_what_others_ran_again_what_only_rounds_and_times_contradict_nothing() -> None:
    again = value("A", "CSIG", "4.21", origin="reproduced", paper="PB", place="arXiv:2v1, table 2")
    assert made(SCALE, again).contradicted == ()
    rounded = value("A", "CSIG", "4.4", origin="quoted", paper="PC", place="arXiv:3v1, table 1")
    (found,) = made(SCALE, rounded, ELSEWHERE).contradicted
    assert [cell.text for cell in found.cells] == ["4.43", "4.21"]
    assert "A, CSIG on vbd: which stands, 4.43 or 4.21?" in made(SCALE, rounded, ELSEWHERE).questions
    slow, fast = (
        value("A", "RTF", text, origin=origin, paper=paper, place=f"{paper}, table 1")
        for text, origin, paper in (("0.9", "self", "PA"), ("0.1", "quoted", "PB"))
    )
    assert made(slow, fast).contradicted == ()


def test_a_letter_names_cells_and_escapes_what_papers_wrote() -> None:
    found = letter(paper="PA", title="A *bold* [claim](x)", url="", cards=[made(SCALE, README)], checked=[])
    text = letter_text(found)
    assert "4.43: arXiv:1v1, table 1" in text
    assert "[claim](x)" not in text
    assert text.startswith("Dear authors,")


def test_a_letter_about_what_a_paper_quotes_wrongly_is_to_that_paper() -> None:
    wrong = Checked(Fate.ROW, ELSEWHERE, "PA", SCALE, "")
    theirs = letter(paper="PB", title="B", url="", cards=[], checked=[wrong])
    assert [cell.text for cell in theirs.contradicted[0].cells] == ["4.21", "4.43"]
    assert "that of another row" in letter_text(theirs)
    assert letter(paper="PA", title="A", url="", cards=[], checked=[wrong]).contradicted == ()


def test_nothing_to_ask() -> None:
    found = letter(paper="PA", title="A", url="", cards=[], checked=[])
    assert letter_text(found) == "nothing to ask the authors of “A”"
