"""What the pages say: every number with its source and what must be known of it, and JSON that the schema describes."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath
from urllib.parse import unquote

import jsonschema
import pytest
from lxml import etree, html

import litdb
from litdb.site.files import Site
from litdb.site.schema import schema
from tests.support.sites import HOSTILE_MODEL, MANY

VALIDATOR = jsonschema.Draft202012Validator(schema())


def page(files: dict[str, bytes], name: str) -> html.HtmlElement:
    return html.document_fromstring(files[name].decode())


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def value_rows(files: dict[str, bytes], name: str) -> list[str]:
    return [text(row) for row in page(files, name).xpath("//tr[starts-with(@id, 'v-')]")]


# --- the whole ----------------------------------------------------------------------------------------------


def test_every_link_leads_to_a_file_and_a_place_in_it(files: dict[str, bytes]) -> None:
    ids = {name: set(page(files, name).xpath("//@id")) for name in files if name.endswith(".html")}
    lost = []
    for name in ids:
        for address in page(files, name).xpath("//@href | //@src"):
            if address.startswith(("https://", "http://")):
                continue
            path, _, fragment = address.partition("#")
            parts: list[str] = []
            for part in (
                PurePosixPath(name).parent.joinpath(unquote(path)).parts
                if path
                else PurePosixPath(name).parts
            ):
                parts.pop() if part == ".." else parts.append(part)
            target = "/".join(parts)
            if target not in files or (fragment and fragment not in ids[target]):
                lost.append((name, address))
    assert lost == []


def test_every_page_has_the_policy_and_runs_nothing_of_its_own(files: dict[str, bytes]) -> None:
    for name in files:
        if not name.endswith(".html"):
            continue
        made = page(files, name)
        (policy,) = made.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert not made.xpath(
            "//script[not(@src)] | //style | //@style | //@onclick | //@onerror | //iframe | //base"
        )
        assert all(not src.startswith(("http", "//", "data:")) for src in made.xpath("//@src | //link/@href"))
        assert len(made.xpath("//h1")) == 1


def test_no_address_runs_a_script(files: dict[str, bytes]) -> None:
    for name in files:
        if name.endswith(".html"):
            assert not [
                h
                for h in page(files, name).xpath("//@href")
                if h.strip().lower().startswith(("javascript", "data"))
            ]


def test_the_scripts_hold_no_text_that_ends_them(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".js") and name != "site.js":
            assert content.isascii()
            assert not re.search(rb"[<>&]", content)


def test_the_json_is_what_the_schema_says(files: dict[str, bytes]) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(files["schema.json"]))
    kinds = set()
    for name, content in files.items():
        if name.endswith(".json") and name != "schema.json":
            told = json.loads(content)
            VALIDATOR.validate(told)
            kinds.add(told["is"])
            assert told["$schema"] == "../schema.json" * ("/" in name) or told["$schema"] == "schema.json"
    assert kinds == {"index", "leaderboard", "model", "paper", "run", "changes"}


def test_the_schema_refuses_what_is_not_so(files: dict[str, bytes]) -> None:
    told = json.loads(files["m/tinynet.json"])
    for broken in (
        {**told, "is": "paper"},
        {**told, "values": [{}]},
        {k: v for k, v in told.items() if k != "name"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            VALIDATOR.validate(broken)


def test_every_page_has_its_json_beside_it(files: dict[str, bytes]) -> None:
    for name in files:
        if (
            name.endswith(".html") and "/" in name and not name.endswith("-plot.html")
        ):  # drawn from the leaderboard
            assert name.removesuffix(".html") + ".json" in files


def test_the_same_catalogue_makes_the_same_bytes(made: litdb.Catalogue, files: dict[str, bytes]) -> None:
    again = {name: content for step in Site(made.everything()).files() for name, content in step}
    assert again == files


# --- leaderboards -------------------------------------------------------------------------------------------


def test_the_leaderboard_is_the_table_of_the_catalogue(
    made: litdb.Catalogue, files: dict[str, bytes]
) -> None:
    told = json.loads(files["t/vbd.json"])
    metrics = [column["metric"] for column in told["columns"]]
    table = made.table(metrics, dataset="vbd")
    assert [row["model"]["key"] for row in told["rows"]] == [row.model for row in table.rows]
    for row, mine in zip(told["rows"], table.rows, strict=True):
        for metric, cell in zip(metrics, mine.cells, strict=True):
            shown = row["cells"].get(metric)
            assert (shown is None) == (cell.provenance is None)
            if shown is not None:
                assert (shown["value"], shown["rank"], shown["notes"]) == (
                    cell.value,
                    cell.rank,
                    list(cell.notes),
                )
    assert len(told["rows"]) > MANY


def test_the_first_page_holds_a_hundred_rows_and_the_script_all(files: dict[str, bytes]) -> None:
    made = page(files, "index.html")
    assert len(made.xpath("//table[@id='board']/tbody/tr")) == 100
    data = json.loads(files["t/vbd.js"].decode().partition("litdb.board=")[2].rstrip(";\n"))
    assert len(data["rows"]) == len(json.loads(files["t/vbd.json"])["rows"])
    first = made.xpath("//table[@id='board']/tbody/tr[1]/th/a")[0]
    assert (first.text, first.get("href")) == (data["rows"][0][0], data["rows"][0][1])


def test_claims_and_what_waits_stand_in_no_leaderboard(files: dict[str, bytes]) -> None:
    assert "RumourNet" not in files["t/vbd.json"].decode()
    assert "RumourNet" not in files["index.html"].decode()


# --- models and papers --------------------------------------------------------------------------------------


def test_a_claim_says_so(files: dict[str, bytes]) -> None:
    (row,) = value_rows(files, "m/rumournet.html")
    assert "3.9 claim" in row
    assert "a claim" in row


def test_a_quotation_a_correction_and_a_rejection_say_so(files: dict[str, bytes]) -> None:
    rows = value_rows(files, "m/sampleformer.html")
    assert any("quoted" in row and "as quoted" in row for row in rows)
    assert any("4.41" in row and "corrected from" in row and "the PDF prints 4.41" in row for row in rows)
    assert any("STOI" in row and "rejected" in row for row in rows)
    assert any("inferred, not stated: band WB" in row for row in rows)


def test_a_model_shows_its_conflict_its_ablation_and_its_card(files: dict[str, bytes]) -> None:
    said = text(page(files, "m/tinynet.html"))
    assert "3.15" in said
    assert "w/o phase decoder" in said
    assert "3.18 → 3.12 (-0.06)" in said
    assert "What one would have to ask" in said
    told = json.loads(files["m/tinynet.json"])
    assert told["conflicts"]
    assert {side["printed"] for sides in told["conflicts"][0]["sides"] for side in sides} >= {"3.15", "3.18"}
    (effect,) = [
        e
        for line in told["ablations"]
        for e in line["effects"]
        if e["metric"] == "PESQ" and e["base"] == "3.18"
    ]
    assert effect["difference"] == "-0.06"


def test_a_paper_shows_its_tables_as_they_stood_in_each_version(files: dict[str, bytes]) -> None:
    name = next(
        n
        for n in files
        if n.startswith("p/") and n.endswith(".html") and "phase decoder" in files[n].decode()
    )
    made = page(files, name)
    captions = [text(one) for one in made.xpath("//figure[@class='stood']/figcaption")]
    assert len(captions) == 4
    assert "v2" in captions[0]
    assert any("Seen in v1." in one for one in captions)
    (cell,) = made.xpath("//figure[@id='g1']//td[contains(@class, 'read') and a/text() = '3.18']")
    target, _, fragment = cell.xpath("a/@href")[0].removeprefix("../").partition("#")
    assert "3.18" in text(page(files, target).get_element_by_id(fragment))
    (rejected,) = made.xpath("//figure[@id='g1']//td[contains(@class, 'rejected')]")
    assert text(rejected) == "0.95"
    corrected = made.xpath("//figure[@id='g1']//td[@class='read accepted'][contains(@title, 'corrected')]")
    assert [text(one) for one in corrected] == ["4.40 corrected: 4.41"]


def test_a_run_shows_its_checkpoint_and_how_its_scores_are_spread(files: dict[str, bytes]) -> None:
    made = page(files, "r/m4-1.html")
    said = text(made)
    assert "Declared on" in said
    assert "the last of the plan" in said
    assert "PESQ of 824 files of VoiceBank+DEMAND" in said
    assert "Params (M) ↓" in said
    assert made.xpath("//*[local-name()='svg'][@role='img'][@aria-label]")


def test_text_of_papers_stays_text(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".html"):
            made = page(files, name)
            assert not made.xpath("//img"), name
            assert not made.xpath("//script[contains(text(), 'ran')]"), name
            assert "\u202e" not in content.decode(), name
    assert any(
        HOSTILE_MODEL in text(page(files, n))
        for n in files
        if n.startswith("m/img-src") and n.endswith("html")
    )
    assert b"<script>" not in files["llms.txt"]


# --- what is there once -------------------------------------------------------------------------------------


def test_the_feed_is_atom_and_tells_of_decisions(made: litdb.Catalogue, files: dict[str, bytes]) -> None:
    names = {"a": "http://www.w3.org/2005/Atom"}
    feed = etree.fromstring(files["feed.xml"])
    titles = feed.xpath("//a:entry/a:title/text()", namespaces=names)
    assert any(title.startswith("decision: correct: SampleFormer, CSIG") for title in titles)
    assert (
        any(title.startswith("run: m4-1") for title in titles)
        or not json.loads(files["r/m4-1.json"])["checkpoints"][0]["date"]
    )
    updated = feed.xpath("//a:entry/a:updated/text()", namespaces=names)
    assert updated == sorted(updated, reverse=True)
    ids = feed.xpath("//a:id/text()", namespaces=names)
    assert len(ids) == len(set(ids))
    site = Site(made.everything(), url="https://example.org/se")
    there = {name: content for step in site.files() for name, content in step}["feed.xml"]
    links = etree.fromstring(there).xpath("//a:link/@href", namespaces=names)
    assert links
    assert all(link.startswith("https://example.org/se/") for link in links)


def test_the_search_knows_models_papers_test_sets_and_runs(files: dict[str, bytes]) -> None:
    data = json.loads(files["search.js"].decode().partition("litdb.index=")[2].rstrip(";\n"))
    kinds = {data["kinds"][entry[0]] for entry in data["entries"]}
    assert kinds >= {"model", "paper", "test set", "run"}
    assert all(entry[2] in files for entry in data["entries"])


def test_a_list_of_more_than_five_hundred_has_parts(files: dict[str, bytes]) -> None:
    names = page(files, "models.html").xpath("//main//ul/li/a/text()")
    assert len(names) >= MANY
    assert names == sorted(names, key=str.casefold)


def test_llms_txt_names_every_leaderboard(files: dict[str, bytes]) -> None:
    said = files["llms.txt"].decode()
    assert said.startswith("# litdb")
    assert "(t/vbd.json)" in said


def test_an_empty_catalogue_has_a_site(catalogue: litdb.Catalogue) -> None:
    files = {name: content for step in Site(catalogue.everything()).files() for name, content in step}
    assert "No accepted result is on a test set yet." in text(page(files, "index.html"))
    assert "Nothing has a date yet." in text(page(files, "new.html"))
    test_every_link_leads_to_a_file_and_a_place_in_it(files)
    for name, content in files.items():
        if name.endswith(".json") and name != "schema.json":
            VALIDATOR.validate(json.loads(content))


def test_a_row_that_is_not_by_its_authors_says_so_beside_its_name(files: dict[str, bytes]) -> None:
    rows = {
        text(row.xpath("th/a")[0]): text(row.xpath("th")[0])
        for row in page(files, "index.html").xpath("//table[@id='board']/tbody/tr")
    }
    assert rows["SampleFormer"].startswith("SampleFormer quoted")
    assert rows["TinyNet"] == "TinyNet"
