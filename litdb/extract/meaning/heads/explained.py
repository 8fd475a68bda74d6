"""Heads that only the text explains: 'P' where a caption says 'P: number of parameters', 'PESQ2' where the text says what it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from litdb.extract.meaning.heads import cells, headers
from litdb.extract.types import Grid
from litdb.values.names import in_order
from litdb.vocabulary import vocabulary

#: A head as short as an abbreviation: letters and digits, at most a sign in front and a stop behind.
_SHORT = re.compile(r"#?\s?[A-Za-z][A-Za-z0-9_]{0,7}\.?")
#: The arrows, and the unit in brackets, that stand behind a short head.
_BEHIND = re.compile(r"\s*(?:[↑↓⇑⇓]|[(\[][^()\[\]]{1,12}[)\]])\s*")
_SAYS = r"[\"'*_`)]{0,3}(?:\s*[:=]\s*|\s+(?:denotes?|means?|is|are|stands? for|refers? to|indicates?|represents?)\s+)"
#: What separates one explanation from the next.
_END = r"(?=[,;()\n]|\.(?:\s|$)|\s+and\s|$)"
_TWO = re.compile(
    r"\b(?P<first>[A-Za-z]\w{0,7}\.?),?\s+and\s+(?P<second>[A-Za-z]\w{0,7}\.?)\s+(?:denote|mean|are|stand for|refer to|indicate|represent)\s+"
    r"(?P<one>[^.;()\n]{3,60}?),?\s+and\s+(?P<other>[^.;,()\n]{3,60}?)(?=,?\s+respectively|[,;()\n]|\.(?:\s|$)|$)"
)
#: No paper has more heads of that kind; a phrase in front of a bracket is no longer than this.
_MOST, _FAR = 40, 80
_ARTICLE = re.compile(r"^(?:the|an?|its|their|our)\s+", re.I)
_EDITION = re.compile(
    r"\b(?:(?:ITU-?T\s+)?(?:Rec(?:\.|ommendation)\s+)?P\.862(?P<wide>\.2)?)(?![.\d]\d)", re.I
)


def explained(grid: Grid, told: Iterable[tuple[str, str]]) -> Grid:
    """The grid with what the text says of heads that name no metric: 'PESQ2 ≙ wide-band PESQ' in the place of 'PESQ2'.

    The caption, notes and lines in front of the table come before what the paper says elsewhere (`told`, see `said_of_heads`).
    """
    unknown = _unknown(grid)
    if not unknown:
        return grid
    near = " ".join((grid.caption, *grid.notes, *grid.lines[-2:]))
    found = {head: phrase for head, phrase in told if head in unknown}
    found |= _explanations(unknown, near)
    return _with(grid, found) if found else grid


def said_of_heads(grids: Iterable[Grid], prose: str) -> tuple[tuple[str, str], ...]:
    """The short heads of tables that the text of a paper explains, each with the name of its metric."""
    unknown = {head for grid in grids for head in _unknown(grid) if len(head) > 1}
    return tuple(sorted(_explanations(sorted(unknown)[:_MOST], prose).items()))


def _explanations(heads: Iterable[str], text: str) -> dict[str, str]:
    pairs = list(_TWO.finditer(text))
    return {head: phrase for head in heads if (phrase := _explanation(head, text, pairs))}


def _unknown(grid: Grid) -> frozenset[str]:
    """The short heads in the first rows that stand over numbers and name no metric."""
    found = set()
    for r, row in enumerate(grid.rows[:3]):
        for at, cell in enumerate(row[1:], 1):
            head = _bare(cell.text)
            if _SHORT.fullmatch(head) and not _named(cell.text) and _over_numbers(grid, r, at):
                found.add(head)
    return frozenset(found)


def _bare(text: str) -> str:
    return _BEHIND.sub("", text).strip()


def _named(text: str) -> bool:
    """Whether a head names a metric and nothing besides, or plays another part in a table."""
    heading = headers.parse(text)
    return (
        bool(heading.metrics and not heading.rest)
        or bool(heading.datasets)
        or heading.role not in ("unknown", "attribute")
    )


def _over_numbers(grid: Grid, r: int, at: int) -> bool:
    below = [
        row[at].text for row in grid.rows[r + 1 :] if row[at].text and not cells.is_missing(row[at].text)
    ]
    return bool(below) and sum(map(cells.looks_numeric, below)) * 2 > len(below)


def _explanation(head: str, text: str, pairs: Sequence[re.Match[str]]) -> str:
    """The name of the metric that a text says a short head to be, '' where it says none or more than one.

    `pairs` are its sentences such as 'P and M denote parameters and MACs'.
    """
    name = re.escape(head.rstrip("."))
    in_front = re.compile(
        rf"(?<![\w.]){name}\.?{_SAYS}(?P<phrase>[^.;,()\n]{{3,60}}?(?:\.\d+){{0,2}}(?:\s\([^()]{{1,30}}\))?){_END}"
    )
    in_brackets = re.compile(rf"\s\((?:denoted\s+(?:as|by)\s+)?[\"'*_`]{{0,3}}{name}\.?[\"'*_`]{{0,3}}\)")
    phrases = [match["phrase"] for match in in_front.finditer(text)]
    phrases += [
        match[said]
        for match in pairs
        for short, said in (("first", "one"), ("second", "other"))
        if match[short].rstrip(".") == head.rstrip(".")
    ]
    names = {_metric(head, phrase) for phrase in phrases}
    for match in in_brackets.finditer(text):
        phrase = re.split(r"[;()\n]", text[max(0, match.start() - _FAR) : match.start()])[-1]
        said = _metric(head, phrase)
        names |= {said} if _begins(head, said) else set()
    told = {said for said in names if in_order(_letters(head), _letters(said))} - {""}
    return told.pop() if len(told) == 1 else ""


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _begins(head: str, phrase: str) -> bool:
    """Whether a word of a phrase begins as a head does: 'parameters (P)', not 'parameters (M)'."""
    return any(word[0] == _letters(head)[0] for word in re.findall(r"[a-z]+", phrase.lower()))


def _metric(head: str, phrase: str) -> str:
    """The one metric that a phrase names at its end or as a whole, in words that a head may have; '' where it names none."""
    edition = list(_EDITION.finditer(phrase))
    if edition and edition[-1].end() > len(phrase) - 12 and (head.startswith("PESQ") or "PESQ" in phrase):
        return "wide-band PESQ" if edition[-1]["wide"] else "narrow-band PESQ"
    phrase = _ARTICLE.sub("", phrase.strip(" \"'*_`"))
    heading = headers.parse(phrase)
    if len(heading.metrics) == 1 and not heading.rest and not heading.excluded:
        return phrase
    named = vocabulary().metrics_in(phrase)
    at_end = [phrase[start:end] for start, end, _ in named if end >= len(phrase) - 1]
    return at_end[-1] if at_end and len(named) == 1 else ""


def _with(grid: Grid, found: Mapping[str, str]) -> Grid:
    rows = list(grid.rows)
    for r, row in enumerate(grid.rows[:3]):
        rows[r] = tuple(
            replace(cell, text=f"{cell.text} {headers.EXPLAINED} {found[head]}")
            if at and (head := _bare(cell.text)) in found and not _named(cell.text)
            else cell
            for at, cell in enumerate(row)
        )
    return replace(grid, rows=tuple(rows))
