"""Drafts drawn from what the catalogue ships, with one random change each, for `benchmarks/draft_check.py generated`.

A draft has one table of models (grouped by size or not, in one of several shapes), sentences that state numbers of its rows,
differences and ratios of them, and a bibliography. Everything in it is right until `change` makes one thing wrong.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import litdb
from litdb.draft.knowledge import Knowledge, knowledge
from litdb.values.origin import Origin
from litdb.values.value import Value

#: Columns that a table may have besides parameters and PESQ.
_METRICS = ("CSIG", "CBAK", "COVL", "STOI")
_CHANGES = ("digit", "row swap", "citation swap", "unit", "bold", "stale")


@dataclass(frozen=True, slots=True)
class Model:
    """A model with the values of one of its rows, by quantity, and the bibliography entry of its paper."""

    key: str
    name: str
    cite: str
    title: str
    arxiv: str
    year: int
    values: dict[str, Value]
    stale: str = ""

    @property
    def scale(self) -> str:
        """The scale of its composites, '' where that is not known."""
        value = self.values.get("CSIG")
        return (value.protocol.get("scale") or "") if value is not None else ""


@dataclass
class Drawn:
    """A draft with its change: files, the lines of the change, and how many statements were left alone."""

    files: dict[str, str]
    change: str = ""
    words: str = ""
    lines: set[tuple[str, int]] = field(default_factory=set)
    statements: int = 0

    def write(self, folder: Path) -> Path:
        """Write it; the main file."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in self.files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder / "main.tex"

    def line(self, file: str, number: int) -> str:
        """A line of it."""
        lines = self.files.get(file, "").split("\n")
        return lines[number - 1] if 0 < number <= len(lines) else ""


def field_of(catalogue: litdb.Catalogue) -> list[Model]:
    """The published models of which parameters and PESQ are known from their own paper, of one name each."""
    known = knowledge(catalogue)
    found = []
    for record in known.systems():
        home = known.facts.paper_of(record.key)
        if record.own or home is None or not home.arxiv_id or not known.publications[home.key].title:
            continue
        if known.named(record.name, (home.key,)) != (record.key,):
            continue
        values = _row(known, record.key)
        if "PESQ" in values and "params" in values:
            cite = re.sub(r"[^a-z0-9]", "", record.name.lower())[:12] + home.arxiv_id[-3:]
            year = int("20" + home.arxiv_id[:2])
            stale = next(
                (
                    v.printed
                    for v in known.values(record.key, "PESQ", "vbd")
                    if v.paper == home.key and v.version is not None
                    and v.version < (values["PESQ"].version or 0) and v.printed != values["PESQ"].printed
                ),
                "",
            )  # fmt: skip
            title = known.publications[home.key].title
            found.append(Model(record.key, record.name, cite, title, home.arxiv_id, year, values, stale))
    return sorted(found, key=lambda m: m.key)


def _row(known: Knowledge, model: str) -> dict[str, Value]:
    """The plain values of a model in the newest version of its own paper, by quantity."""
    found: dict[str, Value] = {}
    for quantity in ("params", "PESQ", *_METRICS):
        values = [
            value
            for value in known.values(model, quantity, "" if quantity == "params" else "vbd")
            if value.origin is Origin.SELF and not value.approximate and value.value is not None
            and value.row.document.version == value.row.document.newest
        ]  # fmt: skip
        if quantity != "params":
            values = [v for v in values if v.metric in (quantity, f"{quantity}@unit")]
        if len({round(value.value or 0, 4) for value in values}) == 1:
            found[quantity] = values[0]
    return found


def draw(models: Sequence[Model], seed: int) -> Drawn:
    """A draft with one change; the kind of the change goes round with the seed."""
    dice = random.Random(seed)
    change = _CHANGES[seed % len(_CHANGES)]
    chosen = _choose(models, dice, stale=change == "stale")
    table = _Table(chosen, dice)
    drawn = Drawn(table.files(dice))
    _apply(drawn, table, change, dice)
    drawn.statements = table.statements
    return drawn


def _choose(models: Sequence[Model], dice: random.Random, *, stale: bool) -> list[Model]:
    """Eight to twelve models of different papers and names, composites of one scale."""
    scale = dice.choice(("unit", "int16"))
    chosen: dict[str, Model] = {}
    pool = list(models)
    dice.shuffle(pool)
    if stale:
        pool.sort(key=lambda m: not m.stale)
        scale = pool[0].scale or scale
    for model in pool:
        if model.scale in ("", scale) and model.arxiv not in chosen:
            chosen[model.arxiv] = model
        if len(chosen) == dice.choice((8, 10, 12)):
            break
    return list(chosen.values())


class _Table:
    """One table and its sentences, with where each cell went."""

    def __init__(self, models: list[Model], dice: random.Random) -> None:
        self.columns = ["params", "PESQ", *[m for m in _METRICS if dice.random() < 0.6]]
        self.in_thousands = dice.random() < 0.3
        self.grouped = dice.random() < 0.5
        models = sorted(models, key=lambda m: m.values["params"].value or 0)
        self.groups = [models[: len(models) // 2], models[len(models) // 2 :]] if self.grouped else [models]
        if not self.grouped:
            dice.shuffle(self.groups[0])
        self.bold = dice.random() < 0.8
        self.statements = 0
        self.rows: list[tuple[Model, list[str]]] = []

    def text(self, model: Model, column: str) -> str:
        """A cell as an author prints it."""
        value = model.values.get(column)
        if value is None or value.value is None:
            return "--"
        if column == "params":
            step = max(value.resolution, 1.0)
            count = value.value / (1e3 if self.in_thousands else 1e6)
            unit = 1e3 if self.in_thousands else 1e6
            digits = max(0, min(3, len(f"{step / unit:.6f}".rstrip("0").split(".")[1])))
            return f"{count:.{digits}f}"
        if column == "STOI":
            return f"{value.value:.2f}" if value.resolution >= 0.0099 else f"{value.value:.3f}"
        return f"{value.value:.2f}" if value.resolution <= 0.011 else value.printed

    def files(self, dice: random.Random) -> dict[str, str]:
        """The files of the draft."""
        body = [self._head()]
        for number, group in enumerate(self.groups):
            if number:
                body.append(r"\midrule")
            for model in group:
                cells = [self._cell(group, model, column) for column in self.columns]
                self.rows.append((model, cells))
                self.statements += sum(cell != "--" for cell in cells) + 1
                body.append(f"{_tex(model.name)}~\\cite{{{model.cite}}} & {' & '.join(cells)} \\\\")
        body.append("\\bottomrule\n\\end{tabular}\n\\end{table}")
        sentences = list(self._sentences(dice))
        self.statements += len(sentences)
        text = "\n".join(
            [
                r"\documentclass{article}", r"\usepackage{booktabs}", r"\begin{document}",
                r"\title{Small networks}", r"\maketitle", r"\section{Results}", *body, *sentences,
                r"\bibliographystyle{plain}", r"\bibliography{refs}", r"\end{document}", "",
            ]
        )  # fmt: skip
        bib = "".join(
            f"@misc{{{model.cite},\n  title = {{{{{_tex(model.title)}}}}},\n  year = {{{model.year}}},\n"
            f"  eprint = {{{model.arxiv}}},\n}}\n"
            for model, _ in self.rows
        )
        return {"main.tex": text, "refs.bib": bib}

    def _head(self) -> str:
        names = {"params": "Params (K)" if self.in_thousands else "Params (M)"}
        heads = " & ".join(names.get(column, column) for column in self.columns)
        return (
            "\\begin{table}\n\\caption{Results on VoiceBank+DEMAND.}\n\\label{tab:r}\n\\begin{tabular}{l"
            + "c" * len(self.columns)
            + f"}}\n\\toprule\nModel & {heads} \\\\\n\\midrule"
        )

    def _cell(self, group: list[Model], model: Model, column: str) -> str:
        text = self.text(model, column)
        if not self.bold or column == "params" or text == "--":
            return text
        best = max(float(t) for m in group if (t := self.text(m, column)) != "--")
        return f"\\textbf{{{text}}}" if float(text) == best else text

    def _sentences(self, dice: random.Random) -> list[str]:
        """One sentence a line: numbers of a row, a difference, a ratio."""
        models = [model for model, _ in self.rows]
        pairs = [dice.sample(models, 2) for _ in range(4)]
        found = []
        for model in dice.sample(models, 4):
            pesq, size = self.text(model, "PESQ"), _size(model, dice)
            name = f"{_tex(model.name)}~\\cite{{{model.cite}}}"
            found.append(
                dice.choice(
                    (
                        f"{name} has {size} parameters and a PESQ of {pesq}.",
                        f"With {size} parameters, {name} reaches a PESQ of {pesq}.",
                        f"A PESQ of {pesq} is reported for {name}, which needs {size} parameters.",
                        f"{name} obtains {pesq} in PESQ ({size} parameters).",
                    )
                )
            )
        for one, other in pairs[:2]:
            gap = round(float(self.text(one, "PESQ")) - float(self.text(other, "PESQ")), 3)
            if abs(gap) < 0.005:
                continue
            words = "above" if gap > 0 else "below"
            found.append(
                f"In PESQ, {_tex(one.name)} is {abs(gap):.2f} {words} {_tex(other.name)} "
                f"({self.text(one, 'PESQ')} against {self.text(other, 'PESQ')})."
            )
        for one, other in pairs[2:]:
            big, small = sorted((one, other), key=lambda m: -(m.values["params"].value or 0))
            ratio = (big.values["params"].value or 0) / (small.values["params"].value or 1)
            if ratio > 1.3:
                found.append(
                    f"{_tex(small.name)} has {ratio:.1f} times fewer parameters than {_tex(big.name)}."
                )
        return found


def _size(model: Model, dice: random.Random) -> str:
    value = model.values["params"]
    number = value.value or 0
    if number < 1e5 or (dice.random() < 0.15 and value.resolution <= 1e3):
        return f"{number / 1e3:.0f}\\,K"
    digits = 3 if value.resolution <= 1e3 else 2 if value.resolution <= 1e4 else 1
    return f"{number / 1e6:.{digits}f}\\,M"


def _tex(text: str) -> str:
    return re.sub(r"([&%#_$])", r"\\\1", text)


def _apply(drawn: Drawn, table: _Table, change: str, dice: random.Random) -> None:
    """Make one thing wrong, and note on which lines."""
    done: dict[str, Callable[[Drawn, _Table, random.Random], bool]] = {
        "digit": _digit, "row swap": _row_swap, "citation swap": _citation_swap, "unit": _unit, "bold": _bold, "stale": _stale,
    }  # fmt: skip
    for kind in (change, "digit"):
        for _ in range(20):
            if done[kind](drawn, table, dice):
                drawn.change = kind
                return


def _set(drawn: Drawn, numbers: Sequence[int], lines: Sequence[str], words: str) -> bool:
    whole = drawn.files["main.tex"].split("\n")
    for number, line in zip(numbers, lines, strict=True):
        whole[number - 1] = line
    drawn.files["main.tex"] = "\n".join(whole)
    drawn.lines = {("main.tex", number) for number in numbers}
    drawn.words = words
    return True


def _lines(drawn: Drawn, has: str) -> list[tuple[int, str]]:
    return [(i, t) for i, t in enumerate(drawn.files["main.tex"].split("\n"), start=1) if has in t]


def _table_rows(drawn: Drawn) -> list[tuple[int, str]]:
    return [(i, t) for i, t in _lines(drawn, "\\cite{") if t.endswith("\\\\")]


def _digit(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """Another digit in one number of a row or of a sentence, not the last one of four."""
    sentences = [
        (i, t) for i, t in _lines(drawn, ".") if re.search(r"PESQ|parameters", t) and t.endswith(".")
    ]
    number, line = dice.choice([*_table_rows(drawn), *sentences])
    cut = line.index("& ") if line.endswith("\\\\") else 0
    spots = [
        m
        for m in re.finditer(r"(?<![\w.{-])\d+\.\d+(?![\w.-])|(?<=textbf\{)\d\.\d+", line)
        if m.start() > cut
    ]
    if not spots:
        return False
    spot = dice.choice(spots)
    at = dice.choice([i for i in range(spot.start(), spot.end()) if line[i] != "."][:3])
    other = dice.choice([d for d in "0123456789" if d != line[at] and not (d == "0" and at == spot.start())])
    new = line[:at] + other + line[at + 1 :]
    return _set(drawn, [number], [new], f"{line} -> {new}")


def _row_swap(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """The scores of two rows exchanged in one column."""
    rows = _table_rows(drawn)
    (one, first), (other, second) = dice.sample(rows, 2)
    a, b = first[:-3].split(" & "), second[:-3].split(" & ")
    column = dice.randrange(1, len(a))
    bare = [re.sub(r"\\textbf\{(.*?)\}", r"\1", cell).strip() for cell in (a[column], b[column])]
    if "--" in bare or bare[0] == bare[1]:
        return False
    a[column], b[column] = b[column].strip(), a[column].strip()
    lines = [" & ".join(a) + " \\\\", " & ".join(b) + " \\\\"]
    return _set(drawn, [one, other], lines, f"{lines}")


def _citation_swap(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """The citations of two rows exchanged."""
    (one, first), (other, second) = dice.sample(_table_rows(drawn), 2)
    keys = [re.search(r"\\cite\{(.*?)\}", line) for line in (first, second)]
    assert keys[0] is not None and keys[1] is not None
    lines = [first.replace(keys[0][1], keys[1][1]), second.replace(keys[1][1], keys[0][1])]
    return _set(drawn, [one, other], lines, f"{lines}")


def _unit(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """K for M or the reverse in a sentence, or a count in the other unit in a row."""
    sentences = [(i, t) for i, t in _lines(drawn, "parameters") if re.search(r"\d\\,[KM] param", t)]
    if sentences and dice.random() < 0.6:
        number, line = dice.choice(sentences)
        new = re.sub(r"(\d\\,)([KM])( param)", lambda m: m[1] + ("M" if m[2] == "K" else "K") + m[3], line)
        return _set(drawn, [number], [new], new)
    number, line = dice.choice(_table_rows(drawn))
    cells = line[:-3].split(" & ")
    value = float(cells[1])
    cells[1] = f"{value / 1e3:.3f}" if table.in_thousands else f"{value * 1e3:.0f}"
    new = " & ".join(cells) + " \\\\"
    return _set(drawn, [number], [new], new)


def _bold(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """The mark of a column moved to a row that is not the best of any grouping."""
    rows = [(i, t) for i, t in _table_rows(drawn) if "textbf" in t]
    if not rows:
        return False
    one, first = dice.choice(rows)
    a = first[:-3].split(" & ")
    column = dice.choice([i for i, cell in enumerate(a) if "textbf" in cell])
    best = float(re.sub(r"[^\d.]", "", a[column]))
    others = []
    for number, line in _table_rows(drawn):
        text = line[:-3].split(" & ")[column]
        if number != one and "textbf" not in text and text != "--" and float(text) < best - 0.02:
            others.append((number, line))
    if len(others) < 3:
        return False
    other, second = sorted(others, key=lambda o: float(o[1][:-3].split(" & ")[column]))[0]
    b = second[:-3].split(" & ")
    a[column] = re.sub(r"\\textbf\{(.*?)\}", r"\1", a[column])
    b[column] = f"\\textbf{{{b[column]}}}"
    lines = [" & ".join(a) + " \\\\", " & ".join(b) + " \\\\"]
    return _set(drawn, [one, other], lines, f"{lines}")


def _stale(drawn: Drawn, table: _Table, dice: random.Random) -> bool:
    """The PESQ of an old version where the newest prints another."""
    for model, _ in table.rows:
        if model.stale:
            rows = [(i, t) for i, t in _table_rows(drawn) if f"{{{model.cite}}}" in t]
            number, line = rows[0]
            cells = line[:-3].split(" & ")
            cells[2] = re.sub(r"\d\.\d+", f"{float(model.stale):.2f}", cells[2])
            new = " & ".join(cells) + " \\\\"
            if new == line:
                return False
            return _set(drawn, [number], [new], new)
    return False
