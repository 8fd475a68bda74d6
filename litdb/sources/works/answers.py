"""What Europe PMC and OpenAlex answer of one work, as values; fields of another kind than expected count as missing."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections.abc import Iterator
from typing import Any

from litdb.sources.web.transport import HttpAnswer, TryAgain
from litdb.sources.works.work import Work, WorkId

MOST_OF_RECORD = 8_000_000
_TAG = re.compile(r"<[^<>]{0,200}>")
_WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f\"'<>]{4,1000}")


def json_of(answer: HttpAnswer) -> dict[str, Any]:
    """The object that an answer holds. Raises TryAgain for anything else."""
    try:
        found = json.loads(answer.decoded(MOST_OF_RECORD))
    except (ValueError, RecursionError) as error:
        raise TryAgain("sent something that is no JSON") from error
    if not isinstance(found, dict):
        raise TryAgain("sent JSON of another kind")
    return found


def europe_pmc_work(answer: dict[str, Any], asked: WorkId) -> tuple[Work, tuple[str, ...]] | None:
    """The work asked for among the results of Europe PMC, with the addresses of its open PDFs; None: it has none."""
    for record in _objects(answer, "resultList", "result"):
        doi, pmcid = _text(record, "doi").lower(), _text(record, "pmcid").upper()
        if (asked.doi and doi == asked.doi) or (asked.pmcid and pmcid == asked.pmcid):
            journal = record.get("journalInfo")
            work = Work(
                title=_line(_text(record, "title")).removesuffix("."),
                authors=tuple(filter(None, map(_name, _objects(record, "authorList", "author")))),
                doi=doi,
                pmcid=pmcid,
                published=_day(_text(record, "firstPublicationDate")),
                venue=_line(_text(_object(journal, "journal"), "title")),
            )
            links = _objects(record, "fullTextUrlList", "fullTextUrl")
            open_links = (link for link in links if _text(link, "availabilityCode") in ("OA", "F"))
            return work, _addresses(
                _text(link, "url") for link in open_links if _text(link, "documentStyle") == "pdf"
            )
    return None


def openalex_work(answer: dict[str, Any], asked: WorkId) -> tuple[Work, tuple[str, ...]] | None:
    """The work of that DOI as OpenAlex has it, with the addresses of its open PDFs; None: it has another."""
    doi = _text(answer, "doi").lower().removeprefix("https://doi.org/")
    if doi != asked.doi:
        return None
    source = _object(_object(answer, "primary_location"), "source")
    names = (_object(entry, "author") for entry in _list(answer, "authorships"))
    work = Work(
        title=_line(_text(answer, "display_name")),
        authors=tuple(filter(None, (_line(_text(name, "display_name")) for name in names))),
        doi=doi,
        published=_day(_text(answer, "publication_date")),
        venue=_line(_text(source, "display_name")),
    )
    places = [answer.get("best_oa_location"), *_list(answer, "locations")]
    open_places = [place for place in places if isinstance(place, dict) and place.get("is_oa") is True]
    return work, _addresses(_text(place, "pdf_url") for place in open_places)


def _addresses(texts: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if _WEB.fullmatch(text)))[:5]


def _object(value: object, name: str) -> dict[str, Any]:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _list(value: dict[str, Any], name: str) -> list[Any]:
    found = value.get(name)
    return found[:1000] if isinstance(found, list) else []


def _objects(value: dict[str, Any], outer: str, inner: str) -> list[dict[str, Any]]:
    return [entry for entry in _list(_object(value, outer), inner) if isinstance(entry, dict)]


def _text(value: object, name: str) -> str:
    found = value.get(name) if isinstance(value, dict) else None
    return found[:5000].replace("\0", " ") if isinstance(found, str) else ""


def _line(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _name(author: dict[str, Any]) -> str:
    full = f"{_text(author, 'firstName')} {_text(author, 'lastName')}".strip()
    return _line(full or _text(author, "fullName") or _text(author, "collectiveName"))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
