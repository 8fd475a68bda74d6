"""A dump of Papers with Code: what is known there is proposed, the rest counted; any size, any text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

import litdb
from litdb.errors import InputError, TooLarge, UsageError
from litdb.sources import json_items as streaming
from litdb.sources.json_items import json_items
from tests.catalogue.scenes import extraction, put


def row(model: str, title: str = "A paper", url: str = "", **metrics: Any) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in metrics.items()}
    return {"model_name": model, "paper_title": title, "paper_url": url, "paper_date": "2024-06-07",
            "metrics": named, "code_links": [{"title": "x", "url": "https://example.org"}]}  # fmt: skip


def dump(*rows: dict[str, Any], dataset: str = "VoiceBank + DEMAND") -> list[Any]:
    board = {"dataset": dataset, "sota": {"metrics": [], "rows": list(rows)}, "subdatasets": []}
    photos = {"dataset": "ImageNet", "sota": {"metrics": [], "rows": [row("ResNet", Accuracy="80")]}}
    return [
        {"task": "Image Classification", "datasets": [photos], "subtasks": []},
        {"task": "Speech", "datasets": [], "subtasks": [{"task": "Speech Enhancement", "datasets": [board], "subtasks": []}]},
    ]  # fmt: skip


def written(folder: Path, content: object, name: str = "evaluation-tables.json") -> Path:
    file = folder / name
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


@pytest.mark.parametrize("name", ["evaluation-tables.json", "evaluation-tables.json.gz"])
def test_known_rows_are_proposed_with_the_tracker_as_origin(
    catalogue: litdb.Catalogue, tmp_path: Path, name: str
) -> None:
    rows = (
        row("FooNet", url="https://arxiv.org/abs/2401.00001v1", PESQ_WB="3.41", STOI="95", Loss="0.1"),
        row("BarNet", PESQ_WB="3.30", CSIG="4.5*", CBAK=None),
        row("OddNet", PESQ_WB="competitive"),
    )
    file = written(tmp_path, dump(*rows), name)
    outcome = catalogue.ingest(file)
    assert (outcome.state, outcome.stored.accepted, outcome.stored.proposed) == ("new", 0, 4)
    said = "\n".join(outcome.findings)
    assert "ImageNet" in said and "Loss" in said and "'competitive'" in said
    why = catalogue.why("FooNet", "PESQ")
    assert not why.shown
    (value,) = why.values
    assert (value.origin, value.status, value.value, value.protocol.get("band")) == (
        "tracker",
        "proposed",
        3.41,
        "WB",
    )
    assert value.place == "Papers with Code: Speech Enhancement / VoiceBank + DEMAND, leaderboard"
    assert [v.value for v in catalogue.why("FooNet", "STOI").values] == [0.95]
    assert catalogue.check() == []


def test_adding_twice_changes_nothing_and_a_newer_dump_only_what_it_says(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    first = [row("FooNet", PESQ="3.41"), row("BarNet", PESQ="3.30")]
    file = written(tmp_path, dump(*first))
    assert catalogue.ingest(file).stored.new == 2
    before = dumped(catalogue)
    assert catalogue.ingest(file).state == "known"
    assert dumped(catalogue) == before
    (kept,) = catalogue.why("BarNet", "PESQ").values
    catalogue.accept(kept.key, "looked up")
    later = written(tmp_path, dump(row("NewNet", PESQ="3.50"), *first), "later.json")
    stored = catalogue.ingest(later).stored
    assert (stored.readings, stored.new, stored.gone) == (3, 1, 0)
    (value,) = catalogue.why("BarNet", "PESQ").values
    assert (value.key, value.status) == (kept.key, "accepted"), "the decision finds its cell in another row"


def dumped(catalogue: litdb.Catalogue) -> str:
    import io

    text = io.StringIO()
    catalogue.dump(text)
    return text.getvalue()


def test_a_paper_stands_above_the_tracker_and_what_differs_is_said(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    with catalogue.writing() as session:
        put(session, "2401.00001", extraction([("FooNet", "3.10", True)]))
    outcome = catalogue.ingest(written(tmp_path, dump(row("FooNet", PESQ="3.41"), row("foonet", CSIG="4.1"))))
    assert any("FooNet, PESQ on vbd: 3.41" in note and "prints 3.10" in note for note in outcome.findings)
    (seen,) = catalogue.table(["PESQ"], models=["FooNet"], proposed=True).rows
    assert seen.cells[0].value == 3.10
    catalogue.accept(catalogue.why("FooNet", "PESQ").values[-1].key, "looked up")
    (seen,) = catalogue.table(["PESQ"], models=["FooNet"]).rows
    assert seen.cells[0].value == 3.10, "accepted, it still stands below the paper"
    (conflict,) = catalogue.conflicts("FooNet")
    assert {value.origin for value in conflict.values} == {"self", "tracker"}


@pytest.mark.parametrize(
    "hostile",
    ["\ud800net", "a\0b", "x" * 10**5, "\x1b[31mred", "$(rm -rf)", "<script>", "=1+1", "\u202eabc", "", None, 7, [], {}],
)  # fmt: skip
def test_hostile_text_is_text(catalogue: litdb.Catalogue, tmp_path: Path, hostile: Any) -> None:
    rows = [
        row("FooNet", PESQ="3.41"),
        {**row("x", PESQ=hostile, STOI="1e400", CSIG="9" * 6000), "model_name": hostile},
    ]
    rows += [{**row("BarNet", title=hostile, url=hostile), "metrics": hostile}, hostile]
    outcome = catalogue.ingest(
        written(tmp_path, [*dump(*rows), hostile, [hostile], {"task": hostile, "datasets": hostile}])
    )
    assert outcome.state == "new" and outcome.stored.proposed >= 1
    assert catalogue.check() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no JSON list"),
        ("{}", "no JSON list"),
        ("[1 2]", "comma is missing"),
        ('[{"a": 1}', "cut short"),
        ("[nonsense]", "not JSON"),
        ("[" * 10**5, "nested too deeply"),
        ("[1,]", "not JSON"),
    ],
)
def test_what_is_no_dump_is_refused_in_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        list(json_items(written(tmp_path, text)))


def test_damaged_files_and_folders_are_refused_in_a_sentence(
    catalogue: litdb.Catalogue, tmp_path: Path
) -> None:
    packed = gzip.compress(json.dumps(dump()).encode())
    for name, content in (
        ("cut.json.gz", packed[:-20]),
        ("binary.json", b"\xff\xfe[]"),
        ("bad.json.gz", b"\x1f\x8b8"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            catalogue.ingest(tmp_path / name)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError):
        catalogue.ingest(tmp_path / "folder.json")
    with pytest.raises(UsageError, match="no copy of one paper"):
        catalogue.ingest(written(tmp_path, dump()), arxiv="2401.00001")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_items_are_the_same_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(streaming, "_CHUNK", size)
    items = [1, 23, 'a,]"[', {"x": [1, {"y": "é"}]}, [], None, -4.5]
    for text in (json.dumps(items), json.dumps(items, indent=2, ensure_ascii=False), "  [ ]", "[]\n"):
        assert list(json_items(written(tmp_path, text))) == json.loads(text)


def test_an_item_without_end_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST_OF_ITEM", 1000)
    with pytest.raises(TooLarge):
        list(json_items(written(tmp_path, '["' + "x" * 5 * 10**6)))
    monkeypatch.setattr(streaming, "MOST_OF_TEXT", 2**20)
    with pytest.raises(TooLarge):
        list(json_items(written(tmp_path, "[" + "1," * 10**6 + "1]")))
