"""The rows of a table: which model a row is about, what kind of row it is, and what its other columns say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, header_rows
from litdb.extract.meaning.heads.segment import ReadColumn, Segment
from litdb.extract.meaning.labelled import told
from litdb.extract.meaning.labelled.apart import carried, may_be_condition, told_apart
from litdb.extract.meaning.labelled.identity import identified
from litdb.extract.meaning.labelled.labels import LabelledRow, clean
from litdb.extract.meaning.labelled.named import named_near, system_from_context
from litdb.extract.meaning.labelled.settings import numeric_settings, setting_columns, stated, worded
from litdb.extract.meaning.paper import PaperText
from litdb.extract.meaning.scope.mentions import looks_like_set, mentions
from litdb.extract.meaning.scope.testsets import nearest
from litdb.extract.types import Grid, TableCell, TableKind
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Doubt

#: What heads a column of numbers without naming a model.
NO_NAME = re.compile(
    r"values?|scores?|results?|measured|performance|achieved|werte?|valeurs?|valor(?:es|i)?|值|数值|値|값",
    re.I,
)
_MARKS = re.compile(r"(?<!\w)[*∗†‡§¶]{1,2}|(?<=\w)[†‡§¶]{1,2}")
#: A configuration id: 'C1', '(a)', 'iv'.
_ID = re.compile(r"\(?(?:[A-Za-z]{1,2}[-. ]?\d{1,2}[a-z]?|[A-Z]|[a-z]|[ivx]{1,4}|\d{1,2})\)?")


def table_kind(grid: Grid, labels: Sequence[str]) -> TableKind:
    """Comparison, ablation or something else, by caption, section and labels."""
    changes = sum(1 for label in labels if words.CHANGE_LABEL.search(label))
    text = grid.caption or grid.section
    if words.ABLATION_CAPTION.search(text) or (labels and changes * 3 >= len(labels) and changes >= 2):
        return "ablation"
    if re.search(r"\bablat", grid.section, re.I) and not words.COMPARISON_CAPTION.search(grid.caption):
        return "ablation"
    return "comparison" if labels else "other"


def _label_columns(segment: Segment) -> tuple[ReadColumn | None, list[ReadColumn]]:
    model = next((c for c in segment.columns if c.role == "model"), None)
    others = [
        c
        for c in segment.columns
        if not c.metrics
        and c is not model
        and c.role in ("attribute", "condition", "dataset", "causal", "year", "unknown")
    ]
    return model, others


def read(
    grid: Grid, segment: Segment, paper: PaperText, kind_hint: TableKind, *, skip: int | None = None
) -> list[LabelledRow]:
    """The data rows of a segment. `skip` is a column that holds metric names."""
    model_column, others = _label_columns(segment)
    if model_column is not None and model_column.index == skip:
        model_column = None
    others = [c for c in others if c.index != skip]
    groups: frozenset[int] = frozenset()
    if model_column is not None:
        grid, groups = carried(grid, segment, model_column.index)
    rows: list[LabelledRow] = []
    section = above = _title_above(grid, segment)
    previous = ""
    settings = setting_columns(segment, grid) if segment.unnamed else []
    columns_of_words = numeric_settings(settings, grid, segment)
    last: dict[int, str] = {}
    repeated: dict[int, str] = {}
    for index in range(segment.first, segment.last):
        row = grid.rows[index]
        if not any(cell.text for cell in row) or _is_spread(row):
            continue
        if _is_title(row):
            section = words.PANEL.sub("", next(cell.text for cell in row if cell.text))
            continue
        label_cell = row[model_column.index] if model_column is not None else None
        own_settings: tuple[str, ...] = ()
        if segment.unnamed:
            label_cell = worded(row, settings, columns_of_words)
            own_settings = () if label_cell is not None else stated(row, settings, section, last)
        text = label_cell.text if label_cell is not None else ""
        doubts: tuple[Doubt, ...] = ()
        marks = (
            tuple(dict.fromkeys((*label_cell.marks, *_MARKS.findall(label_cell.text))))
            if label_cell is not None
            else ()
        )
        if label_cell is not None and not text and previous:
            text, doubts = previous, (Doubt.LABEL_OF_ROW_ABOVE,)
        elif label_cell is not None and cells.is_missing(text) and text:
            text = clean(text)
        previous = text or previous
        last.update({column.index: row[column.index].text for column in settings if row[column.index].text})
        rows.append(
            LabelledRow(
                index,
                clean(text),
                printed=text,
                cites=label_cell.cites if label_cell is not None else (),
                marks=marks,
                section=section,
                doubts=doubts,
                own=bool(text and words.OURS.search(text)),
                causal=told.causal(row, segment),
                condition=told.condition(row, segment, repeated),
                training=told.training(row, segment),
                reverb=told.reverb(row, segment, section),
                band=told.band(row, others),
                settings=own_settings,
            )
        )
    rows = _with_datasets(rows, grid, segment)
    rows = _without_files(rows)
    rows = _named(rows, grid, paper, model_column)
    rows = told_apart(rows, grid, others, model_column, segment, groups)
    if above and model_column is not None:
        rows = _by_title_above(rows, grid, segment, model_column.index, above)
    header = model_column.header.strip() if model_column is not None else ""
    names = [row.model for row in rows if row.model and not words.REFERENCE_LABEL.match(row.model)]
    numbered = bool(names) and all(_ID.fullmatch(name) for name in names)
    named_by_value = bool(header) and not words.MODEL_HEADER.match(header)
    return identified(
        rows, paper, kind_hint, settings=named_by_value or (numbered and kind_hint == "ablation")
    )


def _by_title_above(
    rows: list[LabelledRow], grid: Grid, segment: Segment, label: int, title: str
) -> list[LabelledRow]:
    """Rows whose labels stand in another part of the table too have the title over the header of theirs as a condition."""
    elsewhere = {
        row[label].text for at, row in enumerate(grid.rows) if not segment.first <= at < segment.last
    }
    return [
        replace(row, conditions=(*row.conditions, title))
        if row.section == title and row.printed in elsewhere and may_be_condition(row)
        else row
        for row in rows
    ]


def _title_above(grid: Grid, segment: Segment) -> str:
    """The title that stands over the header of a part of a table."""
    at = segment.header_rows[0] - 1 if segment.header_rows else -1
    return (
        next(cell.text for cell in grid.rows[at] if cell.text) if at >= 0 and _is_title(grid.rows[at]) else ""
    )


def _is_spread(row: Sequence[TableCell]) -> bool:
    """A row of deviations under the means that they belong to: '± 0.62 | ± 0.81'."""
    filled = [cell.text for cell in row if cell.text]
    return len(filled) > 1 and all(re.match(r"[(\[]?\s*(?:±|\+/-)\s*\d", text) for text in filled)


def _is_title(row: Sequence[TableCell]) -> bool:
    """A row with one text and nothing under any score column is the title of the rows below it."""
    filled = {(cell.span, cell.text) for cell in row if cell.text}
    if len(filled) != 1:
        return False
    text = next(iter(filled))[1]
    return not cells.looks_numeric(text) and not cells.is_missing(text)


def _with_datasets(rows: Sequence[LabelledRow], grid: Grid, segment: Segment) -> list[LabelledRow]:
    """Test sets named by the rows; in a column for them a blank cell repeats the one above."""
    held_in = [column.index for column in segment.columns if column.role == "dataset"]
    label = next((c for c in segment.columns if c.role == "model"), None)
    last: dict[int, str] = {}
    sections = {row.section for row in rows if row.section}
    known = {section for section in sections if vocabulary().datasets_in(section)}
    parts = bool(rows) and all(_part_of_set(row.model) for row in rows)
    whole = _printed_in(grid.caption) if any(_PART_ALONE.fullmatch(section) for section in sections) else ""
    done = []
    for row in rows:
        if parts:
            around = nearest(grid)
            title = f"{around.title} {row.model}" if around is not None else row.model
            done.append(replace(row, printed_set=title, names_set=True, model=""))
            continue
        held = []
        for at in held_in:
            text = grid.rows[row.index][at].text
            if at not in last or (text and not _SAID_OF_SET.fullmatch(text)):
                last[at] = text
            held.append(last[at])
        row = _with_dataset(row, held)
        if label is not None and len(label.datasets) == 1 and row.dataset is None and not row.printed_set:
            row = replace(row, dataset=label.datasets[0])  # 'Model (WSJ0-3mix)'
        if NO_NAME.fullmatch(row.model):
            row = replace(row, model="", names_set=True)
        if row.dataset is None and row.section and row.section not in known:
            name = looks_like_set(row.section) or (row.section if known else "")
            if whole and _PART_ALONE.fullmatch(row.section):
                name = f"{whole} {row.section[0].lower()}{row.section[1:]}"
            row = replace(row, printed_set=row.printed_set or name)
        done.append(row)
    return done


#: What says no more of the set named above than how it relates to the training: '(mismatched)'.
_SAID_OF_SET = re.compile(r"\(\s*(?:mis-?|un)?(?:matched|seen)(?: (?:set|condition|test)s?)?\s*\)", re.I)
#: A part of a test set that has no name of its own: 'Blind test set', 'Non-blind test'.
_PART_ALONE = re.compile(r"(?:non-?)?blind(?: test)?(?: (?:set|data))?", re.I)


def _printed_in(caption: str) -> str:
    """The one set outside the vocabulary that a caption names, or the challenge: 'in the URGENT 2025 Challenge'."""
    found = mentions(caption)
    named = [m.title for m in found if m.dataset is None and not m.nameless]
    challenge = re.search(r"\b(?P<name>[A-Z][\w-]{2,20}(?: (?:19|20)\d\d)?) [Cc]hallenge\b", caption)
    if challenge is not None and not found:
        named = [challenge["name"]]
    return named[0] if len(set(named)) == 1 else ""


def _part_of_set(label: str) -> bool:
    """Whether a label is a part of a test set: 'cv_dev93', 'test_eval92', 'simu'."""
    spread = label.replace(" ", "_")
    return bool(label) and bool(words.SUBSET.fullmatch(spread) or words.VALIDATION.fullmatch(label))


def _with_dataset(row: LabelledRow, held: Sequence[str]) -> LabelledRow:
    """A test set named by the row: in a column for it, in its section title, or as its label."""
    vocab = vocabulary()
    labels = [row.model] if row.model else []
    for text in (*held, *labels):
        found = vocab.datasets_in(text)
        if not found:
            if words.REVERB.fullmatch(text):
                continue  # a part of whatever set the table is on: `reverb` says it
            if text in held and text and not cells.is_missing(text) and re.search(r"[A-Za-z]{3}", text):
                row = replace(row, printed_set=text)
            continue
        rest = vocab.without_dataset(text)
        if text in held and (row.model or len(rest) > 20):
            return replace(row, dataset=found[0][1])
        if found[0][0] == 0 and (text in held or not re.match(r"[\w+-]", rest)):
            label = rest.strip(" -–:,()") if re.search(r"\w", rest) else ""
            return replace(row, dataset=found[0][1], names_set=True, model=label)
    in_section = [m for m in mentions(row.section) if m.dataset is not None] if row.section else []
    # 'trained on A, tested on B' is about B
    named = next((m for m in in_section if m.tested), None) or next(iter(in_section), None)
    return row if named is None else replace(row, dataset=named.dataset)


def _without_files(rows: list[LabelledRow]) -> list[LabelledRow]:
    """Where the rows are files, only the mean over them is a score; what sums up or compares rows is no system."""
    files = [row for row in rows if words.FILE_LABEL.match(row.model)]
    if len(files) * 2 >= len(rows) and len(files) >= 2:
        means = [replace(row, model="") for row in rows if words.OVER_ALL.match(row.model)]
        return means or rows
    rows = [row for row in rows if not (row.section and words.DIFFERENCES.match(row.section))]
    sets = [row for row in rows if row.names_set]
    if sets and all(row.names_set or words.OVER_ALL.match(row.model) for row in rows):
        return sets  # a mean over several test sets is a score of none
    named = [row for row in rows if row.model and not words.OVER_ALL.match(row.model)]
    if len(named) < 1 or all(_is_step(row.model) for row in named):
        return rows
    return [row for row in rows if not words.NO_ROW.match(row.model)]


def _is_step(label: str) -> bool:
    return bool(re.fullmatch(r"(?:SNR\s*[=:]?\s*)?[-−–+]?\d+(?:\.\d+)?\s*(?:dB)?", label, re.I))


_SETTING = r"[\w#\\{}-]{1,12}\s?=\s?[^\s,;=]{1,40}"
#: A label that only says how the one model of its table was set: 'N=4, R=2'.
_SETTINGS = re.compile(rf"{_SETTING}(?:(?:\s?[,;]\s?|\s){_SETTING}){{0,9}}")


def _named(
    rows: list[LabelledRow], grid: Grid, paper: PaperText, column: ReadColumn | None
) -> list[LabelledRow]:
    """Give a model to rows whose label is a test set, a hyper-parameter value, or missing."""
    named: list[LabelledRow] = []
    context: str | None = None
    header = column.header.strip() if column is not None else ""
    identifies = (
        column is None
        or not header
        or bool(words.MODEL_HEADER.match(header))
        or bool(re.match(r"^(?:ver|no|id|exp|#)", header, re.I))
    )
    others = [row for row in rows if not row.names_set]
    numbered = [row for row in others if row.model and words.NUMBERED.fullmatch(row.model)]
    hyper = bool(numbered) and len(numbered) == len(others) and not identifies
    given = len(others) > 1 and all(_SETTINGS.fullmatch(row.model) for row in others)
    for row in rows:
        label = row.model
        if row.names_set or not label or hyper or given:
            if context is None:
                context = system_from_context(grid, paper)
            doubt = (*row.doubts, Doubt.MODEL_AROUND_TABLE)
            if not named_near(context, grid):
                doubt = (*doubt, Doubt.MODEL_GUESSED)
            if given and not row.names_set:
                named.append(replace(row, model=f"{context} [{label}]" if context else label, doubts=doubt))
                continue
            if hyper and not row.names_set:
                short = re.sub(r"\s+sizes?$", "s", header, flags=re.I).lower() if len(header) > 2 else header
                named.append(
                    replace(row, model=f"{context} [{short}={label}]" if context else label, doubts=doubt)
                )
                continue
            model = f"{context} {label}".strip() if label else context
            settings = row.settings
            if not model and (called := _called(settings)):
                model, settings = called[0], tuple(s for s in settings if s != called[1])
            named.append(replace(row, model=model, settings=settings, doubts=doubt))
            continue
        if column is None and _AS_PUBLISHED.match(label):
            label = f"{context or system_from_context(grid, paper)} [{label}]".strip()
            row = replace(row, model=label, doubts=(*row.doubts, Doubt.MODEL_AROUND_TABLE))
        named.append(row)
    return named


#: Among runs of one model, the row that repeats what its paper printed.
_AS_PUBLISHED = re.compile(r"(?:the |original )*(?:paper|publication|published|reported|as reported)\b", re.I)


def _called(settings: Sequence[str]) -> tuple[str, str] | None:
    """The name among the settings of a row that nothing else names, with the setting: 'mimic.yaml' of 'file=mimic.yaml'."""
    for setting in settings:
        value = setting.rpartition("=")[2].strip()
        if re.fullmatch(r"[A-Za-z][\w.+-]{3,40}", value) and re.search(r"[-_.\d]|[a-z][A-Z]", value):
            return value, setting
    return None


def table_labels(grid: Grid) -> list[str]:
    """The texts of the first column under the headers, for telling the kind of a table."""
    head = header_rows.header_rows(grid.rows)
    start = head[-1] + 1 if head else 0
    return [row[0].text for row in grid.rows[start:] if row and row[0].text]
