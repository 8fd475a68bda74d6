"""A paper in depth as one page: its sections as lines, and these as plain text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from litdb.evidence.components.values import ChangedRow, Delta
from litdb.evidence.tracing.card import Card
from litdb.evidence.tracing.cited import CitedWork, CitingPaper
from litdb.evidence.tracing.dive import Dive, PaperBeside
from litdb.report import escape
from litdb.report.tracing.quoted import counted
from litdb.values.origin import Status
from litdb.values.value import Value

#: How many papers a list names before it says how many more there are; JSON has them all.
_MOST = 10
#: How many sentences that cite are shown of each.
_MOST_SENTENCES = 2


@dataclass(frozen=True, slots=True)
class PageSection:
    """A heading with lines below it."""

    heading: str
    lines: tuple[str, ...]


def dive_text(found: Dive, fmt: str = "terminal") -> str:
    """The page in one of DIVE_FORMATS, ending with a newline; text of papers is escaped for it."""
    title = found.title or found.paper
    sections = [section for section in _sections(found) if section.lines]
    return _RENDERERS[fmt](title, sections)


def _sections(found: Dive) -> Iterator[PageSection]:
    yield PageSection("Paper", tuple(_head(found)))
    yield PageSection("Notes (no evidence)", tuple(f"{note.name}: {note.line}" for note in found.notes))
    yield PageSection(
        "What changed between versions",
        tuple(
            f"{one.name}, {one.metric}{f' on {one.dataset}' if one.dataset else ''}: {one.was} ({one.was_in}), then "
            f"{one.now} ({one.now_in})"
            for one in found.changes
        ),
    )
    yield PageSection("Results", tuple(_results(found.values)))
    yield PageSection("Ablations", tuple(map(_ablation, found.ablations)))
    yield PageSection("Quotations", tuple(_quotations(found)))
    yield PageSection("Its tables quote", tuple(_papers(found.quotes)))
    yield PageSection("Quoted in tables of", tuple(_papers(found.quoted_by)))
    yield PageSection("Stand beside it in tables of others", tuple(_papers(found.together)))
    yield PageSection("It cites", tuple(_cites(found.cites)))
    yield PageSection("Cited by", tuple(_cited_by(found.cited_by)))
    for card in found.cards:
        yield PageSection(f"How the numbers of {card.name} came about", tuple(_card(card)))
    yield PageSection(
        "What to read next",
        tuple(f"{one.paper}: {one.title or 'title not known'} ({one.why})" for one in found.next),
    )


def _head(found: Dive) -> Iterator[str]:
    for name, text in (
        ("key", found.paper),
        ("authors", ", ".join(found.authors)),
        ("arXiv", found.arxiv_id and f"https://arxiv.org/abs/{found.arxiv_id}"),
        ("versions read", ", ".join(f"v{version}" for version in found.versions)),
        ("DOI", found.doi),
        ("date", found.date),
        ("venue", found.venue),
    ):
        if text:
            yield f"{name}: {text}"


def _results(found: Iterable[Value]) -> Iterator[str]:
    """A line for each row of each table: its numbers by metric, with the cell's place."""
    rows: dict[tuple[str, str, str], list[Value]] = {}
    for value in found:
        rows.setdefault((value.row.place, value.row.label or value.name, value.dataset), []).append(value)
    merged: dict[tuple[str, str], list[str]] = {}
    for (place, label, dataset), some in rows.items():
        numbers = ", ".join(
            f"{value.metric} {value.said}{' (waits for review)' if value.status is Status.PROPOSED else ''}"
            for value in some
        )
        merged.setdefault((place, label), []).append(f"{numbers}{f' on {dataset}' if dataset else ''}")
    for (place, label), parts in merged.items():
        yield f"{place}, {label}: {'; '.join(parts)}"


def _ablation(row: ChangedRow) -> str:
    told = ", ".join(map(_delta, row.deltas)) or "no number on both sides"
    return f"{row.place}: {row.words} (row {row.label}, against {row.base_label}): {told}"


def _delta(delta: Delta) -> str:
    where = f" on {delta.dataset}" if delta.dataset else ""
    return f"{delta.metric} {delta.base_printed} to {delta.changed_printed}{where}"


def _quotations(found: Dive) -> Iterator[str]:
    if found.quotations:
        yield counted(found.quotations)
    for one in found.quotations:
        if one.verdict.is_finding:
            yield f"{one.verdict}: {one.words}"


def _papers(found: Sequence[PaperBeside]) -> Iterator[str]:
    for one in found[:_MOST]:
        read = ", read" if one.read else ""
        yield f"{one.paper}: {one.title} ({one.counted}: {', '.join(one.models[:3])}{read})"
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} others"


def _cites(found: Sequence[CitedWork]) -> Iterator[str]:
    """The works of the catalogue first: of the others one would have to fetch the paper."""
    ranked = sorted(found, key=lambda work: not work.paper)
    for work in ranked[:_MOST]:
        name = f"{work.paper}: {work.title}" if work.paper else work.text
        said = "".join(f" “{sentence}”" for sentence in work.sentences[:_MOST_SENTENCES])
        yield f"{name}{said or ' (no sentence found)'}"
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} others"


def _cited_by(found: Sequence[CitingPaper]) -> Iterator[str]:
    for one in found[:_MOST]:
        said = "".join(f" “{sentence}”" for sentence in one.sentences[:_MOST_SENTENCES])
        yield f"{one.paper}: {one.title} ({one.place}){said}"
    if len(found) > _MOST:
        yield f"and {len(found) - _MOST} others"


def _card(card: Card) -> Iterator[str]:
    for heading, items in (("stated", card.stated), ("inferred", card.inferred)):
        for item in items:
            place = f" ({item.place})" if item.place else ""
            yield f"{heading}, {item.what}: {item.text}{place}"
    if card.missing:
        yield f"not stated: {', '.join(card.missing)}"
    for one in card.contradicted:
        yield f"contradicted, {one.what}: {'; '.join(f'{cell.text} ({cell.place})' for cell in one.cells)}"
    for name, links in (("code", card.code), ("checkpoints", card.checkpoints)):
        yield f"{name}: {', '.join(links) or 'nothing is known here'}"


def _plain(title: str, sections: Sequence[PageSection]) -> str:
    parts = [escape.terminal(title)]
    for section in sections:
        parts.append(
            "\n".join([f"{section.heading}:", *(f"  {escape.terminal(line)}" for line in section.lines)])
        )
    return "\n\n".join(parts) + "\n"


def _markdown(title: str, sections: Sequence[PageSection]) -> str:
    parts = [f"# {escape.markdown(title)}"]
    for section in sections:
        lines = [f"- {escape.markdown(line)}" for line in section.lines]
        parts.append("\n".join([f"## {escape.markdown(section.heading)}", "", *lines]))
    return "\n\n".join(parts) + "\n"


def _html(title: str, sections: Sequence[PageSection]) -> str:
    parts = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape.html(title)}</title>"
        "<style>body{max-width:60rem;margin:2rem auto;padding:0 1rem;font-family:sans-serif;line-height:1.5}"
        "</style></head>",
        f"<body><h1>{escape.html(title)}</h1>",
    ]
    for section in sections:
        items = "".join(f"<li>{escape.html(line)}</li>\n" for line in section.lines)
        parts.append(f"<h2>{escape.html(section.heading)}</h2>\n<ul>\n{items}</ul>")
    return "\n".join([*parts, "</body></html>"]) + "\n"


_RENDERERS: dict[str, Callable[[str, Sequence[PageSection]], str]] = {
    "terminal": _plain,
    "markdown": _markdown,
    "html": _html,
}
#: How a page can be written.
DIVE_FORMATS = tuple(_RENDERERS)
