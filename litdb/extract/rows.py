"""The rows of a table: which model a row is about, what kind of row it is, and what its other columns say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litdb.extract import cells, columns, words
from litdb.extract.columns import Column, Segment
from litdb.extract.paper import Paper, configured_name, fold, names_in
from litdb.extract.types import Cell, Grid, RowKind, TableKind
from litdb.vocabulary import Dataset, vocabulary


@dataclass(frozen=True, slots=True)
class Row:
    """One data row understood. `model` is its label; `conditions` tell rows of one model apart."""

    index: int
    model: str
    system: str = ""
    kind: RowKind = "system"
    own: bool = False
    parent: str = ""
    cites: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    dataset: Dataset | None = None
    conditions: tuple[str, ...] = ()
    causal: str = ""
    band: str = ""
    section: str = ""
    doubts: tuple[str, ...] = ()


def clean(text: str) -> str:
    """A label as it names the model: without list numbers, '(Ours)', years and footnote marks."""
    bare = words.LIST_NUMBER.sub("", text.strip())
    bare = re.sub(r"\(\s*(?:ours?|proposed|our|this work)\s*\)", " ", bare, flags=re.I)
    bare = words.YEAR_ANY.sub(" ", bare)
    bare = re.sub(r"^[•·▸►└├↳─>\s]+|[*†‡§¶]+(?=\s|$)", "", bare)
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare)
    bare = re.sub(r",\s*(?:19|20)\d\d\s*$", "", bare)
    return re.sub(r"\s+", " ", bare).strip(" ,;:")


def plain_name(label: str) -> str:
    """The name of the system behind a label: 'Proposed X (Ours)' is X."""
    bare = words.OURS.sub(" ", label)
    bare = words.DECORATION.sub(" ", bare)
    bare = re.sub(r"\s+", " ", bare).strip(" ,;:-") or label
    return bare


def is_own(label: str, paper: Paper) -> bool:
    """Whether a label begins with the name of one of the paper's own models."""
    bare = plain_name(label)
    for name in paper.own:
        if fold(bare) == fold(name):
            return True
        if bare.lower().startswith(name.lower()) and re.match(
            r"[\s(\[_:,/]|[-–][A-Za-z0-9]|\s\+", bare[len(name) :]
        ):
            return True
    return False


def table_kind(grid: Grid, labels: Sequence[str]) -> TableKind:
    """Comparison, ablation or something else, by caption, section and labels."""
    changes = sum(1 for label in labels if words.CHANGE_LABEL.search(label))
    text = grid.caption or grid.section
    if words.ABLATION_CAPTION.search(text) or (labels and changes * 3 >= len(labels) and changes >= 2):
        return "ablation"
    if re.search(r"\bablat", grid.section, re.I) and not words.COMPARISON_CAPTION.search(grid.caption):
        return "ablation"
    return "comparison" if labels else "other"


def _label_columns(segment: Segment) -> tuple[Column | None, list[Column]]:
    model = next((c for c in segment.columns if c.role == "model"), None)
    others = [
        c
        for c in segment.columns
        if not c.metrics
        and c is not model
        and c.role in ("attribute", "condition", "dataset", "causal", "unknown")
    ]
    return model, others


def read(
    grid: Grid, segment: Segment, paper: Paper, kind_hint: TableKind, *, skip: int | None = None
) -> list[Row]:
    """The data rows of a segment. `skip` is a column that holds metric names."""
    model_column, others = _label_columns(segment)
    if model_column is not None and model_column.index == skip:
        model_column = None
    others = [c for c in others if c.index != skip]
    rows: list[Row] = []
    section = ""
    previous = ""
    for index in range(segment.first, segment.last):
        row = grid.rows[index]
        if not any(cell.text for cell in row):
            continue
        if _is_title(row, segment):
            section = next(cell.text for cell in row if cell.text)
            continue
        label_cell = row[model_column.index] if model_column is not None else None
        text = label_cell.text if label_cell is not None else ""
        doubts: tuple[str, ...] = ()
        marks = label_cell.marks if label_cell is not None else ()
        if label_cell is not None and not text and previous:
            text, doubts = previous, ("the label is that of the row above",)
        elif label_cell is not None and cells.is_missing(text) and text:
            text = clean(text)
        previous = text or previous
        rows.append(
            Row(
                index,
                clean(text),
                cites=label_cell.cites if label_cell is not None else (),
                marks=marks,
                section=section,
                doubts=doubts,
                own=bool(text and words.OURS.search(text)),
                causal=_causal(row, segment),
                band=_band(row, others),
            )
        )
    rows = [_with_dataset(row, grid.rows[row.index], segment) for row in rows]
    rows = _named(rows, grid, segment, paper, model_column)
    rows = _told_apart(rows, grid, others, model_column)
    return _identified(rows, grid, paper, kind_hint)


def _is_title(row: Sequence[Cell], segment: Segment) -> bool:
    """A row with one text and nothing under any score column is the title of the rows below it."""
    filled = {(cell.span, cell.text) for cell in row if cell.text}
    if len(filled) != 1:
        return False
    text = next(iter(filled))[1]
    return not cells.looks_numeric(text) and not cells.is_missing(text)


def _causal(row: Sequence[Cell], segment: Segment) -> str:
    for column in segment.columns:
        if column.role == "causal":
            text = row[column.index].text.strip()
            if re.match(r"^(?:yes|y|✓|true|●|causal|online)", text, re.I):
                return "yes"
            if re.match(r"^(?:no|n|✗|×|x|false|○|non|offline)", text, re.I):
                return "no"
    return ""


def _band(row: Sequence[Cell], others: Sequence[Column]) -> str:
    for column in others:
        text = row[column.index].text
        if re.search(r"\bNB\b|narrow[- ]?band|PESQ-NB", text):
            return "NB"
        if re.search(r"\bWB\b|wide[- ]?band|PESQ-WB", text):
            return "WB"
    return ""


def _with_dataset(row: Row, source: Sequence[Cell], segment: Segment) -> Row:
    """A test set named by the row: in a column for it, in its section title, or as its label."""
    vocab = vocabulary()
    labels = [row.model] if row.model else []
    held = [source[column.index].text for column in segment.columns if column.role == "dataset"]
    for text in (*held, *labels):
        found = vocab.datasets_in(text)
        if not found:
            continue
        rest = vocab.without_dataset(text)
        if text in held and (row.model or len(rest) > 20):
            return replace(row, dataset=found[0][1])
        if found[0][0] == 0 and (text in held or not re.match(r"[\w+-]", rest)):
            return replace(row, dataset=found[0][1], model="\0" + rest.strip(" -–:,()"))
    in_section = vocab.datasets_in(row.section)
    if in_section:
        return replace(row, dataset=in_section[0][1])
    return row


def _named(rows: list[Row], grid: Grid, segment: Segment, paper: Paper, column: Column | None) -> list[Row]:
    """Give a model to rows whose label is a test set, a hyper-parameter value, or missing."""
    named: list[Row] = []
    context: str | None = None
    header = column.header.strip() if column is not None else ""
    identifies = (
        column is None
        or not header
        or bool(words.MODEL_HEADER.match(header))
        or bool(re.match(r"^(?:ver|no|id|exp|#)", header, re.I))
    )
    numeric = [
        r
        for r in rows
        if r.model and not r.model.startswith("\0") and re.fullmatch(r"[\d\s.,()×x%kKM/-]+", r.model)
    ]
    hyper = (
        bool(numeric)
        and len(numeric) == len([r for r in rows if not r.model.startswith("\0")])
        and not identifies
    )
    for row in rows:
        label = row.model
        if label.startswith("\0") or not label or hyper:
            if context is None:
                context = system_from_context(grid, paper)
            doubt = (*row.doubts, "the model is named only around the table")
            if hyper:
                short = re.sub(r"\s+sizes?$", "s", header, flags=re.I).lower() if len(header) > 2 else header
                named.append(
                    replace(row, model=f"{context} [{short}={label}]" if context else label, doubts=doubt)
                )
                continue
            rest = label.lstrip("\0").strip()
            model = f"{context} {rest}".strip() if rest else context
            named.append(replace(row, model=model, doubts=doubt))
            continue
        named.append(row)
    return named


def system_from_context(grid: Grid, paper: Paper) -> str:
    """The model that a table without model names is about: from its caption, the text before it, the title."""
    caption = grid.caption
    words_in_caption = set(re.findall(r"[a-z0-9+]+", caption.lower()))
    best = ""
    for label in paper.labels:
        bare = clean(label)
        parts = set(re.findall(r"[a-z0-9+]+", bare.lower()))
        if (
            parts
            and any(fold(name) and fold(name) in fold(bare) for name in paper.own)
            and parts <= words_in_caption
            and len(bare) > len(best)
        ):
            best = bare
    if best:
        return best
    for name in paper.own:
        if fold(name) in fold(caption):
            return name
    before = names_in(grid.context)
    stem = paper.own[0] if paper.own else ""
    for name in reversed(before):
        if stem and fold(name).startswith(fold(stem)) and len(fold(name)) - len(fold(stem)) <= 8:
            return name
    if stem:
        return stem
    configured = configured_name(grid.context)
    if configured:
        return configured
    candidates = names_in(caption) or names_in(grid.section) or names_in(paper.title)
    return candidates[0] if candidates else ""


def _told_apart(
    rows: list[Row], grid: Grid, others: Sequence[Column], model_column: Column | None
) -> list[Row]:
    """Add the conditions that tell rows of one label apart, and causality where a column states it."""
    rows = [
        replace(row, conditions=(f"causal={row.causal.capitalize()}",)) if row.causal else row for row in rows
    ]
    candidates = [
        c
        for c in others
        if c.role in ("condition", "attribute", "unknown", "dataset")
        and (model_column is None or c.index != model_column.index)
    ]
    for column in candidates:
        counts = Counter((row.model, row.conditions, row.dataset) for row in rows)
        clashing = [row for row in rows if counts[(row.model, row.conditions, row.dataset)] > 1]
        if not clashing:
            break
        texts = {row.index: grid.rows[row.index][column.index].text for row in rows}
        if len({texts[row.index] for row in clashing}) < 2:
            continue
        updated = []
        for row in rows:
            text = texts[row.index]
            if counts[(row.model, row.conditions, row.dataset)] > 1 and text and not cells.is_missing(text):
                value = (
                    f"{column.header}={text}"
                    if re.fullmatch(r"[\w.+-]{1,6}|[✓✗]", text) and column.header
                    else text
                )
                updated.append(replace(row, conditions=(*row.conditions, value)))
            else:
                updated.append(row)
        rows = updated
    counts = Counter((row.model, row.conditions, row.dataset) for row in rows)
    done = []
    for row in rows:
        if counts[(row.model, row.conditions, row.dataset)] > 1 and row.marks:
            note = _note_for(row.marks[0], grid.notes)
            row = replace(row, conditions=(*row.conditions, note or row.marks[0]))
        done.append(row)
    return done


def _note_for(mark: str, notes: Sequence[str]) -> str:
    """The footnote text that a mark stands for, shortened."""
    for note in notes:
        match = re.match(rf"^\s*[(\[]?{re.escape(mark)}[)\]:.]?\s*(?P<words>\S.*)$", note)
        if match:
            return match["words"].strip().rstrip(".")[:80]
    return ""


def _identified(rows: list[Row], grid: Grid, paper: Paper, kind_hint: TableKind) -> list[Row]:
    """System, kind and parent of every row."""
    cited = [row for row in rows if row.cites]
    base = _base(rows, paper)
    known = {fold(plain_name(clean(label))) for label in paper.labels}
    done: list[Row] = []
    for position, row in enumerate(rows):
        label = plain_name(row.model)
        own = (
            row.own
            or (bool(words.OWN_SECTION.search(row.section)) and not row.cites)
            or (not row.cites and is_own(row.model, paper))
        )
        if (
            not own
            and not row.cites
            and kind_hint == "comparison"
            and len(cited) * 2 >= len(rows) - 1
            and position >= len(rows) - 3
        ):
            own = not words.REFERENCE_LABEL.match(label) and not any(later.cites for later in rows[position:])
        kind: RowKind = "system"
        parent = ""
        system = label
        if words.OURS_ALONE.match(row.model) and paper.own:
            system = paper.own[0]
        if words.REFERENCE_LABEL.match(label):
            kind, own = "reference", False
        elif words.CHANGE_LABEL.search(label) and not row.cites and not _is_name(label, paper):
            kind, parent = "ablation", base
        elif (
            kind_hint == "ablation"
            and not row.cites
            and not is_own(label, paper)
            and not row.own
            and not _is_name(label, paper)
        ):
            same = fold(label) in known and _looks_like_system(label)
            if not same or re.fullmatch(r"[\W\d]*|.{1,3}", label):
                kind, parent = "ablation", base
        elif is_own(label, paper) and fold(label) not in {fold(name) for name in paper.own[:1]}:
            stem = next(
                (n for n in paper.own if label.lower().startswith(n.lower()) and fold(n) != fold(label)), ""
            )
            if stem:
                kind, parent = "variant", stem
        if (
            row.conditions
            and kind == "system"
            and any("=" in c and not c.startswith("causal") for c in row.conditions)
        ):
            kind, parent = "variant", label
        if "[" in row.model and kind == "system":
            kind, parent = "variant", re.sub(r"\s*\[.*", "", row.model)
        if kind == "ablation":
            own = (
                True
                if not row.cites and (base and is_own(base, paper) or not paper.own)
                else own or not row.cites
            )
            if parent and fold(parent) not in fold(label):
                system = f"{parent} {label}" if words.CHANGE_LABEL.match(label) else f"{parent} [{label}]"
        done.append(replace(row, system=system, kind=kind, own=own, parent=parent))
    return done


def _is_name(label: str, paper: Paper) -> bool:
    return is_own(label, paper) and not re.search(r"\bw\s*/\s*o\b|\bwithout\b|[(\s][-–−]\s?[A-Z]", label)


def _looks_like_system(label: str) -> bool:
    return bool(names_in(label)) or bool(re.match(r"^[A-Z][\w-]+$", label))


def _base(rows: Sequence[Row], paper: Paper) -> str:
    """The label of the row that the changed rows of an ablation start from."""
    for row in rows:
        label = plain_name(row.model)
        if is_own(label, paper) and not words.CHANGE_LABEL.search(label):
            return label
    for row in rows:
        if re.search(r"\b(?:full|proposed|ours|base(?:line)?|default|all)\b", row.model, re.I):
            return plain_name(row.model)
    for row in rows:
        label = plain_name(row.model)
        if not words.CHANGE_LABEL.search(label) and not words.REFERENCE_LABEL.match(label):
            return label
    return paper.own[0] if paper.own else ""


def table_labels(grid: Grid) -> list[str]:
    """The texts of the first column under the headers, for telling the kind of a table."""
    head = columns.header_rows(grid.rows)
    start = head[-1] + 1 if head else 0
    return [row[0].text for row in grid.rows[start:] if row and row[0].text]
