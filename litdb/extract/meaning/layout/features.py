"""What speaks for and against an interpretation: features of the label column, of the numbers, and of the whole.

Names are what the fitted weights go by. Shares lie in 0..1; the rest are 0 or 1.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from litdb.extract.meaning import words
from litdb.extract.meaning.heads import cells, columns, headers
from litdb.extract.meaning.heads.captions import said_metrics
from litdb.extract.meaning.heads.segment import ReadColumn
from litdb.extract.meaning.labelled import labels
from litdb.extract.meaning.layout.interpretation import Layout
from litdb.extract.meaning.over import model_columns
from litdb.extract.meaning.own import names_in
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import TableCell
from litdb.values.names import bare_name
from litdb.vocabulary import vocabulary

Features = Mapping[str, float]
_Row = Sequence[TableCell]

_ID = re.compile(r"\(?[A-Za-z]{0,2}\.?\d{1,3}[a-z]?[).]?|[A-Z]|\(?[ivx]{1,4}\)?|#\d+", re.I)
_LETTERED_ID = re.compile(r"\(?[A-Za-z]{1,2}\.?\d{1,3}[a-z]?[).]?")
_ID_HEADER = re.compile(
    r"^(?:#|no\.?|n[°o]\.?|ids?|index|idx|row|s\.? ?no\.?|exp\.?|nr\.?|rank|num\.?)$", re.I
)
_SYMBOL = re.compile(r"^\W*[A-Za-zα-ωΑ-Ω](?:[_^]?\{?\w{0,6}\}?)?\W*$")
_CONDITION = re.compile(
    r"[-−–+]?\d+(?:\.\d+)?\s*dB|(?:low|mid|high|all|avg\.?|average)(?: snr)?|(?:un)?seen|simu?|real|"
    r"val(?:id(?:ation)?)?|test|dev|train|(?:short|medium|long|low|high|no|with|without)[- ](?:reverb\w*|noise)|(?:non-?)?english|mandarin|"
    r"german|french|spanish|italian|russian|tonal|emotional|(?:fe)?males?|babble|caf[eé]\w*|street|car|bus|factory|white|music|speech|"
    r"noise|vocals?|drums|bass|other|stationary|near|far",
    re.I,
)
#: One word that looks made up: 'alder-tiny', 'fulmar_16k'.
_IDENTIFIER = re.compile(r"(?=\S*[A-Za-z]{3})\S*(?:\d|[A-Za-z0-9][-_.+][A-Za-z0-9])\S*")
#: Words by which the sizes, precisions, backbones and runs of one model are called.
_VARIANT = re.compile(
    r"(?:\S+[- ])?(?:x{0,2}[- ]?(?:tiny|nano|mini|small|medium|base|large|big|huge)|lite|light|full|teacher|student|baseline|official|"
    r"(?:fp|bf|int|float)-?\d{1,2}|(?:this|our) (?:repo\w*|implementation|code|version)|(?:the |original )?paper|reproduced|"
    r"(?:bi-?)?(?:lstm|gru|rnn)|conformer|transformer|mamba|tcn|cnn|u-?net|dprnn|gan|wavenet|resnet|mlp)(?:\s*\(.*\))?",
    re.I,
)
_YEAR = re.compile(r"\D{0,14}(?:19|20)\d\d\D?")


class LayoutEvidence:
    """The features of the interpretations of one grid; what several of them share is found once."""

    def __init__(self, paper: PaperText, names: frozenset[str] = frozenset()) -> None:
        self._names = paper.repeated | names
        self._own = [bare_name(name) for name in paper.own if bare_name(name)]
        self._known: dict[tuple[str, tuple[str, ...]], dict[str, float]] = {}
        self._numbers: dict[object, dict[str, float]] = {}

    def of(self, layout: Layout) -> Features:
        """The features of an interpretation."""
        found: dict[str, float] = {f"way {layout.way}": 1.0}
        if layout.turned:
            found["turned"] = 1.0
        if layout.deeper:
            found["deeper"] = 1.0
        data = [
            row
            for part in layout.segments
            for row in layout.grid.rows[part.first : part.last]
            if not _title(row)
        ]
        if not data:
            return found | {"no rows": 1.0}
        label = layout.label
        columns_ = layout.segments[0].columns
        found.update(_unnamed(columns_, data, self) if label is None else self.column(label, data, "label"))
        for column in columns_:
            if column is not label and not column.metrics:
                found.update(_left_out(self.column(column, data, "other"), found))
        if layout.way == "models over" or (layout.way == "metric column" and label is None):
            found.update(self.heads(layout, data))
        elif layout.way == "metric column":
            heads = self.heads(layout, data)
            found.update(
                {
                    f"left out over {name}": 1.0
                    for name in ("noisy", "ours", "own name")
                    if heads.get(f"heads {name}")
                }
            )
        shape = (layout.way, layout.turned, layout.deeper, layout.snr_scored)
        if shape not in self._numbers:
            self._numbers[shape] = _numbers(layout, data) | _snr(layout, data)
        found.update(self._numbers[shape])
        found.update(_repeats(layout))
        return found

    def heads(self, layout: Layout, data: Sequence[_Row]) -> dict[str, float]:
        """What the headers look like under which an interpretation sees the models."""
        look = self._look(ReadColumn(0), tuple(_headed(layout, data)), ())
        return {f"heads {name}": value for name, value in look.items() if not name.startswith("header")}

    def label_grounds(self, layout: Layout) -> int:
        """How many things that do not depend on each other say that the column of an interpretation names models.

        Its header, which counts twice where it says so outright; words for the unprocessed signal or for changes; a label
        known from elsewhere; the look of the labels.
        """
        label = layout.label
        data = [row for part in layout.segments for row in layout.grid.rows[part.first : part.last]]
        if label is None or not data:
            return 0
        told = [row for row in data if not _title(row)] or data
        look = self.column(label, told, "label")
        header = 2 if look.get("label header model") else int(bool(look.get("label header role model")))
        return header + _grounds(look, "label") + _variants(row[label.index].text for row in told)

    def over_grounds(self, layout: Layout) -> int:
        """As `label_grounds` for the headers of an interpretation whose columns are the models."""
        headed = _headed(
            layout, [row for part in layout.segments for row in layout.grid.rows[part.first : part.last]]
        )
        look = self._look(ReadColumn(0), tuple(headed), ())
        return _grounds({f"heads {name}": value for name, value in look.items()}, "heads") + _variants(headed)

    def column(self, column: ReadColumn, data: Sequence[_Row], prefix: str) -> dict[str, float]:
        """What a column looks like as the one that names the models."""
        texts = tuple(row[column.index].text for row in data)
        key = (column.header, texts)
        if key not in self._known:
            self._known[key] = self._look(column, texts, data)
        place = {"first": 1.0} if column.index == 0 else {}
        return {f"{prefix} {name}": value for name, value in (self._known[key] | place).items()}

    def _look(self, column: ReadColumn, texts: tuple[str, ...], data: Sequence[_Row]) -> dict[str, float]:
        filled = [text for text in texts if text]
        if not filled:
            return {"empty": 1.0}
        distinct = list(dict.fromkeys(filled))
        vocab = vocabulary()

        def share(test: Callable[[str], object]) -> float:
            return sum(bool(test(text)) for text in distinct) / len(distinct)

        def over(test: Callable[[str], object]) -> float:
            return sum(bool(test(text)) for text in filled) / len(filled)

        cited = sum(bool(row[column.index].cites) for row in data) / max(len(data), 1)
        found = {
            f"header {_header(column.header)}": 1.0,
            "distinct": len(distinct) / len(filled),
            "filled": len(filled) / len(texts),
            "letters": over(lambda t: re.search(r"[A-Za-z]{2}", t)),
            "like names": share(lambda t: names_in(labels.clean(t))),
            "identifiers": share(lambda t: _IDENTIFIER.fullmatch(labels.clean(t))),
            "capital": share(
                lambda t: re.match(r"[A-Z]", t) or _LETTERED_ID.fullmatch(t.strip())
            ),  # 'v1' is as 'C1'
            "ids": over(lambda t: _ID.fullmatch(t.strip())),
            "numbers": over(cells.looks_numeric),
            "conditions": over(lambda t: _CONDITION.fullmatch(t.strip())),
            "years": over(lambda t: _YEAR.fullmatch(t.strip())),
            "test sets": over(lambda t: vocab.datasets_in(t)),
            "metrics": over(
                lambda t: len(t) < 40 and headers.parse(t).metrics and not cells.looks_numeric(t)
            ),
            "long": over(lambda t: len(t) > 40),
            "files": over(lambda t: re.search(r"\.(?:wav|flac|ya?ml|py|pth|json|html?)\b|://|\w/\w+/", t)),
            "missing": over(cells.is_missing),
            "cited": cited,
            "known names": share(lambda t: bare_name(labels.plain_name(labels.clean(t))) in self._names),
        }
        if any(words.REFERENCE_LABEL.match(labels.clean(text)) for text in distinct):
            found["noisy"] = 1.0
        if any(words.OURS.search(text) for text in distinct):
            found["ours"] = 1.0
        if any(name in bare_name(text) for name in self._own for text in distinct):
            found["own name"] = 1.0
        if any(words.CHANGE_LABEL.search(text) for text in distinct):
            found["changes"] = 1.0
        told = ("noisy", "ours", "own name", "changes", "cited", "like names", "known names", "identifiers")
        lettered = share(
            lambda t: _ID.fullmatch(t.strip()) and re.search(r"[A-Za-z]", t)
        )  # 'C1', no running number
        if not any(found.get(name) for name in (*told, "header model")) and lettered < 0.5:
            found["like no model"] = 1.0
            if self._own:
                found["like no model, one named elsewhere"] = 1.0
        return {name: value for name, value in found.items() if value}


def _headed(layout: Layout, data: Sequence[_Row]) -> list[str]:
    """The headers that models may stand in: those that the interpretation takes for models, or all over numbers."""
    if layout.way == "models over":
        return [c.header for part in layout.segments for c in model_columns(layout.grid, part)]
    columns_ = [c for part in layout.segments for c in part.columns if c.role != "metric"]
    return [
        c.header
        for c in columns_
        if sum(cells.looks_numeric(row[c.index].text) for row in data) * 2 > len(data)
    ]


def _grounds(look: Mapping[str, float], prefix: str) -> int:
    unprocessed = any(look.get(f"{prefix} {name}") for name in ("noisy", "changes"))
    known = any(look.get(f"{prefix} {name}") for name in ("own name", "ours"))
    looks = look.get(f"{prefix} like names", 0.0) >= 0.4 or look.get(f"{prefix} cited", 0.0) >= 0.2
    return (
        int(unprocessed)
        + int(known or look.get(f"{prefix} known names", 0.0) >= 0.2)
        + int(looks or look.get(f"{prefix} identifiers", 0.0) >= 0.6)
    )


def _variants(texts: Iterable[str]) -> int:
    """1 where at least half of some labels are words for variants of one model, else 0."""
    distinct = {text for text in texts if text}
    found = sum(bool(_VARIANT.fullmatch(labels.clean(text))) for text in distinct)
    return int(bool(distinct) and found * 2 >= len(distinct))


def _header(text: str) -> str:
    bare = re.sub(r"[↑↓$]", "", text).strip()
    if not bare:
        return "blank"
    if words.STRONG_MODEL_HEADER.match(bare):
        return "model"
    if _ID_HEADER.match(bare):
        return "id"
    role = headers.role_of(bare)
    if role != "unknown":
        return f"role {role}"
    if _SYMBOL.match(bare):
        return "symbol"
    if re.search(r"\b(?:model|method|system|approach|network|enhancer|algorithm)\b", bare, re.I):
        return "says model"
    return "other"


_LEFT_OUT = ("noisy", "ours", "own name", "changes", "header model")


def _left_out(look: Mapping[str, float], label: Mapping[str, float]) -> dict[str, float]:
    """What a column that is not taken for the model's has, that would make it one."""
    found = {f"left out {name}": 1.0 for name in _LEFT_OUT if look.get(f"other {name}")}
    for name in ("like names", "letters", "distinct", "cited", "known names"):
        value = look.get(f"other {name}", 0.0) - label.get(f"label {name}", 0.0)
        if value > 0 and look.get("other letters", 0.0) > 0.4:
            found[f"more {name}"] = max(value, label.get(f"more {name}", 0.0))
    return found


def _unnamed(
    columns_: Sequence[ReadColumn], data: Sequence[_Row], evidence: LayoutEvidence
) -> dict[str, float]:
    found = {"no label": 1.0}
    first = next((c for c in columns_ if not c.metrics), None)
    if first is not None:
        look = evidence.column(first, data, "first")
        found.update({f"no label, {name}": v for name, v in look.items() if name.startswith("first header")})
        found["no label, first letters"] = look.get("first letters", 0.0)
        found["no label, first numbers"] = look.get("first numbers", 0.0)
    return found


def _title(row: _Row) -> bool:
    filled = {(cell.span, cell.text) for cell in row if cell.text}
    return len(filled) <= 1 and not any(cells.looks_numeric(text) for _, text in filled)


def _numbers(layout: Layout, data: Sequence[_Row]) -> dict[str, float]:
    """Whether the numbers are what their columns say."""
    columns_ = {c.index: c for part in layout.segments for c in part.columns}.values()
    scored = {
        c.index: (tuple(named.metric for named in c.metrics), c.units)
        for c in columns_
        if c.metrics and not c.excluded
    }
    if layout.way == "caption":
        heading = said_metrics(layout.grid)
        if heading is not None:
            metrics = tuple(named.metric for named in heading.metrics)
            units = columns.units_of(heading.metrics, [heading])
            scored |= {
                c.index: (metrics, units)
                for c in columns_
                if not c.metrics
                and c.role == "unknown"
                and c.header
                and not words.EXCLUDED_HEADER.search(c.header)
            }
    elif layout.way == "models over":
        over = {c.index: c for part in layout.segments for c in model_columns(layout.grid, part)}.values()
        scored = {c.index: (tuple(named.metric for named in c.metrics), c.units) for c in over}
    elif layout.way != "columns":
        return {}
    read = plausible = 0
    for at, (metrics, units) in scored.items():
        for row in data:
            for slot in cells.read(row[at].text, metrics, units):
                metric_of = metrics[slot.position]
                read += 1
                plausible += metric_of.unit == "count" or metric_of.plausible(slot.number.value)
    numeric = sum(cells.looks_numeric(cell.text) for row in data for cell in row)
    return {
        "numbers read": read / max(read, numeric, 1),
        "plausible": plausible / max(read, 1),
        **({"nothing read": 1.0} if not read else {}),
    }


def _snr(layout: Layout, data: Sequence[_Row]) -> dict[str, float]:
    """Whether a column headed 'SNR' holds a few steps, or scores."""
    for column in layout.segments[0].columns:
        if not re.match(r"^\W*SNR\W*(?:dB)?\W*$|^\W*SNR\b", column.header, re.I) and not (
            any(named.metric.id == "SNR" for named in column.metrics)
        ):
            continue
        texts = [row[column.index].text.replace("−", "-").strip() for row in data]
        filled = [text for text in texts if text and not cells.is_missing(text)]
        if not filled:
            continue
        whole = sum(bool(re.fullmatch(r"[-+]?\d{1,2}(?:\.5)?\s*(?:dB)?", text)) for text in filled) / len(
            filled
        )
        distinct = len(set(filled)) / len(filled)
        kind = "SNR scored" if layout.snr_scored else "SNR a condition"
        return {kind: 1.0, f"{kind}, steps": whole, f"{kind}, distinct": distinct}
    return {}


def _repeats(layout: Layout) -> dict[str, float]:
    """Rows that would give one model two values of one score, and rows without a name."""
    total = same = same_all = nameless = letterless = 0
    for part in layout.segments:
        label = next((c for c in part.columns if c.role == "model"), None)
        scored = [c for c in part.columns if c.metrics and not c.excluded]
        telling = [c for c in part.columns if not c.metrics and c is not label]
        by_label: Counter[object] = Counter()
        by_all: Counter[object] = Counter()
        keys: list[tuple[object, object]] = []
        section, last = "", ""
        for row in layout.grid.rows[part.first : part.last]:
            if _title(row):
                section = next((cell.text for cell in row if cell.text), section)
                continue
            if scored and not any(row[c.index].text for c in scored):
                continue
            text = row[label.index].text if label is not None else ""
            last = text or last
            where = tuple(row[c.index].text for c in telling if c.role in ("condition", "dataset", "causal"))
            named = (bare_name(labels.clean(last)), section, where)
            whole = (*named, tuple(row[c.index].text for c in telling))
            by_label[named] += 1
            by_all[whole] += 1
            keys.append((named, whole))
            total += 1
            nameless += label is not None and not text
            letterless += label is not None and bool(last) and not re.search(r"[^\W\d_]", last)
        if label is not None:
            same += sum(by_label[named] > 1 for named, _ in keys)
        same_all += sum(by_all[whole] > 1 for _, whole in keys)
    total = max(total, 1)
    return {
        "one label twice": same / total,
        "one row twice": same_all / total,
        "without a label": nameless / total,
        "label without letters": letterless / total,
    }
