"""The model that a table without model names is about, by the texts around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from litdb.extract.meaning.heads import headers
from litdb.extract.meaning.labelled.labels import clean
from litdb.extract.meaning.own import configured_name, names_in
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import vocabulary

#: 'The model architecture is UNet.', 'Model: DCCRN' in a caption or a note.
_STATED = re.compile(
    r"\b(?:model|network|backbone|system)(?:\s(?:architecture|used))?(?:\sis|\sin\sall\srows\sis|:)\s(?:the\s|an?\s)?"
    r"(?P<name>[A-Z][A-Za-z]*(?:[A-Z\d][\w+-]*|-[A-Z\d][\w+-]*))\b(?=[.,;)]|\s(?:with|in|for|and)\b|\s*$)",
    re.M,
)


def system_from_context(grid: Grid, paper: PaperText) -> str:
    """The model that a table without model names is about: from its caption, the text before it, the title."""
    caption = grid.caption
    if stated := _stated(grid, paper):
        return stated
    words_in_caption = set(re.findall(r"[a-z0-9+]+", caption.lower()))
    best = ""
    for label in paper.labels:
        bare = clean(label)
        parts = set(re.findall(r"[a-z0-9+]+", bare.lower()))
        if (
            parts
            and any(bare_name(name) and bare_name(name) in bare_name(bare) for name in paper.own)
            and parts <= words_in_caption
            and len(bare) > len(best)
        ):
            best = bare
    if best:
        return best
    inside = {cell.text for row in grid.rows[:1] for cell in row}
    if named := _label_in((caption, grid.section.split(" / ")[-1]), paper, inside):
        return named
    for name in paper.own:
        if bare_name(name) in bare_name(caption):
            line = heading_name(grid)  # all of what stands above may be its name: 'willet_gru INT8'
            return line if bare_name(name) in bare_name(line) else name
    if heading := heading_name(grid) or section_name(grid):
        return heading
    right_before = next(reversed(grid.lines), "")
    spoken_of = [n for n in paper.own if re.search(rf"(?<![\w-]){re.escape(n)}(?![\w-])", right_before)]
    if len(spoken_of) == 1:
        return spoken_of[0]
    stem = paper.own[0] if paper.own else ""
    for name in reversed(names_in(grid.context)):
        if (
            stem
            and bare_name(name).startswith(bare_name(stem))
            and len(bare_name(name)) - len(bare_name(stem)) <= 8
        ):
            return name
    if stem:
        longer = (name for name in paper.spoken if bare_name(name).startswith(bare_name(stem)))
        return next(longer, stem)
    texts = (caption, grid.section, grid.context)
    if spoken := next(
        (n for text in texts for n in paper.spoken if n in text and re.search(rf"\b{re.escape(n)}\b", text)),
        "",
    ):
        return (_begun_with(caption) if spoken in caption else "") or spoken
    configured = configured_name(grid.context)
    if configured:
        return configured
    candidates = names_in(caption) or names_in(grid.section) or names_in(paper.title)
    return candidates[0] if candidates else ""


def _stated(grid: Grid, paper: PaperText) -> str:
    """The model that caption or a note states, or the heading of a table that is one of several, a model each."""
    for text in (grid.caption, *grid.notes):
        if match := _STATED.search(text[:2000]):
            return match["name"]
    heading = grid.section.split(" / ")[-1]
    return heading if heading in paper.one_each else ""


def _begun_with(caption: str) -> str:
    """The name that a caption begins with as what it tells of: 'MP-SENet on VoiceBank+DEMAND for several depths'."""
    first = next(iter(names_in(caption)), "")
    return first if first and re.match(rf"{re.escape(first)}\s(?:on|with|for|under|at|of)\b", caption) else ""


def _label_in(texts: Sequence[str], paper: PaperText, inside: Collection[str]) -> str:
    """The label of another table, none of the heads `inside` this one, made up as one word, that a caption or heading names: 'Pruning plover-m'."""
    for text in texts:
        named = [
            label
            for label in paper.labels
            if label in text
            and label not in inside
            and re.fullmatch(r"(?=\S*[A-Za-z]{3})(?=\S*[-_.\d])[A-Za-z][\w.+-]{3,30}", label)
            and re.search(rf"(?<![\w+-]){re.escape(label)}(?![\w+-])", text)
            and vocabulary().dataset(label) is None
            and not headers.parse(label).metrics
        ]
        if named:
            return max(named, key=len)
    return ""


def named_near(name: str, grid: Grid) -> bool:
    """Whether caption, heading or the text about a table name a model, not the title of the paper alone."""
    texts = (grid.caption, grid.section, grid.context, *grid.notes)
    return bool(bare_name(name)) and any(bare_name(name) in bare_name(text[:2000]) for text in texts)


def heading_name(grid: Grid) -> str:
    """A line of one to three words right above a table that names what the table is about."""
    line = next(reversed(grid.lines), "").strip(" :*")
    if len(line) > 40 or not 1 <= len(line.split()) <= 3:
        return ""
    if re.search(r"[.!?]$|\btable\b|\bresults?\b", line, re.I) or vocabulary().datasets_in(line):
        return ""
    return line if re.search(r"_|\d|[a-z][A-Z]|[A-Z]{2}", line) and not headers.parse(line).metrics else ""


_PATH_OR_ID = re.compile(r"(?:[\w.+-]+/)*(?P<name>[A-Za-z][\w.+-]*(?:[_-][\w.+]+|\d[\w.+-]*))")


def section_name(grid: Grid) -> str:
    """A heading that is an identifier and nothing else but what stands in brackets: 'exp/enh_tasnet (2.1M)'."""
    heading = re.sub(r"\s*\([^()]*\)\s*$", "", grid.section.split(" / ")[-1]).strip(" :`*")
    heading = re.sub(r"^(?:[A-Z]\w+ )?[Mm]odel\s+`?(?=\S+$)", "", heading)
    if _UNPROCESSED.fullmatch(heading):
        return heading
    match = _PATH_OR_ID.fullmatch(heading)
    if match is None or vocabulary().datasets_in(heading):
        return ""
    # Of a long id one part may be called as a metric: 'crn_mapping_snr_raw'.
    parts = re.split(r"[_/-]+", heading)
    return match["name"] if len(parts) > 3 or not headers.parse(heading).metrics else ""


_UNPROCESSED = re.compile(
    r"(?:noisy|unprocessed|degraded)(?: (?:speech|signals?|input|mixtures?|audio|data))?|no enhancement", re.I
)
