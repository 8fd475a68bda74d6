"""Ablation tables as values: each changed row with its base row, what changed, and by how much each metric moved.

A changed row is described by its edits against the base of its group: what its label says, which components are
ticked, which settings its columns give. It is compared with that base, and with every row that lacks exactly one of
its edits, so that the effect of one component is found even where the base differs in several.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litdb.extract.ablations.change import Edit, edits_of, summary
from litdb.extract.ablations.rows import Line, lines_of, names_in_tables, repeats, same_values
from litdb.extract.limits import MAX_COMPARED
from litdb.extract.meaning.own import names_in
from litdb.extract.types import Ablation, Change, MetricChange, TableReadings
from litdb.values.names import bare_name


@dataclass(frozen=True, slots=True)
class _Changed:
    """A changed row, its base, its edits against the base, and the row it builds on where that is another."""

    line: Line
    base: Line
    edits: tuple[Edit, ...]
    printed: str
    upon: Line | None = None

    @property
    def keys(self) -> frozenset[tuple[str, str, str]]:
        return frozenset(edit.key for edit in self.edits)


_PLAIN = re.compile(r"\b(?:base(?:line)?|vanilla|plain|backbone)\b", re.I)
_FULL = re.compile(r"\b(?:full|proposed|ours|complete|default|all)\b", re.I)
_IDENTIFIER = re.compile(
    r"[\W\d]*[A-Za-z]?[\W\d]*|(?:exp|ver|no|id|model|case|variant|config)\w*\.?\s*#?\w{1,2}", re.I
)
_CUMULATIVE = re.compile(
    r"\b(?:progressive|incremental|cumulative|successive|gradual|sequential|consecutive)(?:ly)?\b|"
    r"\b(?:step[- ]by[- ]step|one by one|on top of|stepwise)\b",
    re.I,
)
_SEPARATE = re.compile(
    r"\b(?:individual|separate|independent|respective)(?:ly)?\b|\beach (?:component|module)\b", re.I
)


def with_ablations(tables: Sequence[TableReadings]) -> list[TableReadings]:
    """The tables of one document, each with the ablation that it holds."""
    return [replace(table, ablation=ablation(table, tables)) if table.readings else table for table in tables]


def ablation(table: TableReadings, others: Sequence[TableReadings] = ()) -> Ablation | None:
    """The comparisons that a table holds, or None when it holds none.

    `others` are the other tables of the paper: a row without a name that repeats the values of the paper's own model
    there is that model.
    """
    lines = [line for line in lines_of(table) if line.kind != "reference"]
    if len(lines) > MAX_COMPARED:
        return None
    others = [other for other in others if other is not table]
    changed: list[_Changed] = []
    for group in _groups(lines):
        changed.extend(_ticked(group) if table.kind == "ablation" else [])
    done = {item.line.index for item in changed} | {item.base.index for item in changed}
    rest = [line for line in lines if line.index not in done]
    changed.extend(_labelled(table, lines, rest, others))
    return _compared(changed)


def _groups(lines: Sequence[Line]) -> list[list[Line]]:
    """The rows of one ablation by ticks or settings: rows of one repeated label belong together."""
    counts = Counter(bare_name(line.label) for line in lines)
    repeated = {label for label, count in counts.items() if count > 1 and label}
    groups = [[line for line in lines if bare_name(line.label) == label] for label in sorted(repeated)]
    groups.append([line for line in lines if bare_name(line.label) not in repeated])
    return groups


# --- components by ticks, settings by columns -------------------------------------------------------------


def _ticked(group: Sequence[Line]) -> list[_Changed]:
    """Changed rows of a table that ticks off components, against the row that has most of them."""
    lines = [line for line in group if any(line.ticks.values()) or not line.cited]
    if len({tuple(line.ticks.items()) for line in lines}) < 2:
        return []
    base = max(
        lines, key=lambda line: (sum(line.ticks.values()), line.own and line.kind == "system", line.index)
    )
    found = []
    for line in lines:
        edits = _by_state(line, base, lines) if line is not base else ()
        if edits:
            found.append(_Changed(line, base, edits, ""))
    return found


def _by_state(line: Line, base: Line, group: Sequence[Line]) -> tuple[Edit, ...]:
    """How a row differs from its base: in ticks, in columns, and in the parts of its name."""
    ticked = [name for name, has in line.ticks.items() if name in base.ticks and has != base.ticks[name]]
    edits = [Edit(name, "removed" if base.ticks[name] else "added") for name in ticked]
    for header, text in line.settings.items():
        mine, theirs = text or "none", base.settings.get(header, text) or "none"
        if mine != theirs:
            edits.append(Edit(f"{header}: {theirs}", "replaced", mine))
    return (*edits, *_by_name(line, base, group, ticked))


def _name_parts(label: str) -> list[str]:
    return [part for part in re.split(r"[-_\s()/]+", label) if part]


def _by_name(line: Line, base: Line, group: Sequence[Line], ticked: Sequence[str] = ()) -> tuple[Edit, ...]:
    """The parts in which two names of one pattern differ ('AB-X', 'CD-X'), except those that a tick explains."""
    mine, theirs = _name_parts(line.label), _name_parts(base.label)
    counts = Counter(part for other in group for part in set(_name_parts(other.label)))
    if len(mine) != len(theirs) or len(mine) < 2:
        return ()
    if not all(any(counts[part] > 1 and len(part) > 1 for part in parts) for parts in (mine, theirs)):
        return ()
    return tuple(
        Edit(old, "replaced", new)
        for place, (new, old) in enumerate(zip(mine, theirs, strict=True))
        if old != new and not any(_goes_with(place, name, group, len(mine)) for name in ticked)
    )


def _goes_with(place: int, tick: str, group: Sequence[Line], size: int) -> bool:
    """Whether one part of the names says the same as a tick: rows that share the part share the tick."""
    said: dict[str, set[bool]] = {}
    for line in group:
        parts = _name_parts(line.label)
        if len(parts) == size and tick in line.ticks:
            said.setdefault(parts[place], set()).add(line.ticks[tick])
    return all(len(states) == 1 for states in said.values())


# --- changes by labels ------------------------------------------------------------------------------------


def _labelled(
    table: TableReadings, lines: Sequence[Line], rest: Sequence[Line], others: Sequence[TableReadings]
) -> list[_Changed]:
    """The rows whose labels describe a change, each against the row it starts from."""
    stems = {line.index: stem for line in rest if (stem := _stem(line, lines)) is not None}
    named = {line.index: edits_of(line.label) for line in rest if line.index not in stems and not line.cited}
    anchored = _anchors(table, rest, others)
    plain = [
        line
        for line in lines
        if not named.get(line.index) and line.index not in stems and _stands_alone(line, anchored)
    ]
    found: list[_Changed] = []
    for line in rest:
        if line.index in stems:
            base, tail = stems[line.index]
            found.append(_Changed(line, base, edits_of(tail), tail.strip(" ()[]")))
            continue
        edits = named.get(line.index, ())
        if line in plain or line.cited or not (edits or table.kind == "ablation" or anchored):
            continue
        if not (edits or line.settings) and _says_nothing(line):
            continue
        start = _start(line, plain, edits)
        if start is None or (not edits and _same_setting(line, start, rest)):
            continue
        if edits and not (line.kind == "ablation" or table.kind == "ablation"):
            continue
        found.append(
            _Changed(line, start, edits or _setting(line, start, lines), line.label if edits else "")
        )
    if table.kind == "ablation" or any(item.line.kind == "ablation" for item in found):
        found = _accumulated(table, found, lines)
    return found


def _stands_alone(line: Line, anchored: Sequence[Line]) -> bool:
    """Whether a row may be a base: a system, or what repeats the paper's own model."""
    if anchored:
        return line in anchored
    if line.settings:
        return bool(_FULL.search(line.printed))
    return line.kind in ("system", "variant")


def _anchors(table: TableReadings, rest: Sequence[Line], others: Sequence[TableReadings]) -> list[Line]:
    """The row of a table of settings or parts that is the paper's own model under another name, by its values.

    Empty when the table names its rows as systems, when no row or more than one repeats the own model.
    """
    if not others or any(line.cited or edits_of(line.label) for line in rest) or len(rest) < 2:
        return []
    known = names_in_tables(others)
    if any(not line.settings and bare_name(line.label) in known for line in rest):
        return []
    found = [line for line in rest if repeats(line, others, 2 if table.kind == "ablation" else 3)]
    return found if len(found) == 1 else []


def _stem(line: Line, lines: Sequence[Line]) -> tuple[Line, str] | None:
    """The row whose label this one extends by a change ('Foo (-X)' or 'Foo + X' extend 'Foo'), and that change."""
    if line.cited:
        return None
    found: list[tuple[Line, str]] = []
    for other in lines:
        if (
            other is line
            or len(other.label) < 2
            or edits_of(other.label)
            or not line.label.lower().startswith(other.label.lower())
        ):
            continue
        tail = line.label[len(other.label) :]
        if re.match(
            r"\s*[(\[]?\s*(?:\+\s*[^\W\d]|(?:(?<=[\s(\[])[-–−]\s*[^\W\d])|w\s*/|w\s*o\b|without\b|with\b)",
            tail,
        ) and edits_of(tail):
            found.append((other, tail))
    return max(found, key=lambda pair: len(pair[0].label), default=None)


def _start(line: Line, plain: Sequence[Line], edits: Sequence[Edit]) -> Line | None:
    """The row that a changed row starts from: the nearest above, in its own section if it has one, else below.

    A removal starts from a full model rather than from a row called baseline, where the table has one.
    """
    section = [other for other in plain if other.section == line.section and line.section]
    pool = section or list(plain)
    own = [
        other for other in pool if other.own or _PLAIN.search(other.printed) or _FULL.search(other.printed)
    ]
    candidates = own or [other for other in pool if not other.cited] or pool
    actions = {edit.action for edit in edits}
    if actions == {"removed"}:
        candidates = [other for other in candidates if not _PLAIN.search(other.printed)] or candidates
    above = [other for other in candidates if other.index < line.index]
    if not above and actions == {"added"}:
        above = [other for other in pool if other.index < line.index]
    return above[-1] if above else candidates[0] if candidates else None


def _set(header: str, text: str, before: str) -> Edit:
    """One setting that differs: a part in place of another, or a number."""
    if all(re.search(r"[A-Za-z]{2}", value) for value in (text, before)) and "=" not in text + before:
        return Edit(before, "replaced", text)
    return Edit(f"{header} = {text}", "changed")


def _same_setting(line: Line, base: Line, rest: Sequence[Line]) -> bool:
    """Whether a row repeats the base: the only setting of its kind with all values of the base."""
    stem = _setting_stem(line.label)
    family = [other for other in rest if _setting_stem(other.label) == stem]
    return len(family) > 1 and [other for other in family if same_values(other, base)] == [line]


def _says_nothing(line: Line) -> bool:
    """Whether a label only numbers its row, or calls it the baseline or the full model."""
    said = _PLAIN.search(line.printed) or _FULL.search(line.printed) or _IDENTIFIER.fullmatch(line.label)
    return bool(said)


def _setting_stem(label: str) -> str:
    return bare_name(re.split(r"[(\[=:]", label, maxsplit=1)[0])


def _setting(line: Line, base: Line, rest: Sequence[Line]) -> tuple[Edit, ...]:
    """The edits of a row that no change word describes: its columns, its name against the base's, or its label."""
    if line.settings:
        return tuple(
            _set(header, text, base.settings.get(header, ""))
            for header, text in line.settings.items()
            if text != base.settings.get(header)
        )
    parts = _by_name(line, base, rest)
    if parts:
        return parts
    if base.kind != "system" or base.own or _says_nothing(base) or names_in(base.label):
        return (Edit(line.label, "changed"),)
    return (Edit(base.label, "replaced", line.label),)


# --- rows that build on one another -----------------------------------------------------------------------


def _accumulated(table: TableReadings, found: Sequence[_Changed], lines: Sequence[Line]) -> list[_Changed]:
    """Runs of '+ X' rows: each adds to the row above, or each to the base and the own model has them all."""
    done: list[_Changed] = []
    runs = _runs(found)
    for run in runs:
        final = _final(run, lines)
        together = tuple({edit.key: edit for item in run for edit in item.edits}.values())
        if len(run) < 2:
            done.extend(run)
        elif _is_cumulative(table, run, final):
            edits: tuple[Edit, ...] = ()
            upon: Line | None = None
            for item in run:
                known = {edit.key for edit in edits}
                edits = (*edits, *(edit for edit in item.edits if edit.key not in known))
                done.append(_Changed(item.line, item.base, edits, item.printed, upon))
                upon = item.line
        else:
            done.extend(run)
            if final is not None and final not in [item.line for item in found]:
                done.append(_Changed(final, run[0].base, together, ""))
    return done


def _runs(found: Sequence[_Changed]) -> list[list[_Changed]]:
    """Neighbouring rows that begin with '+' or 'with' and start from the same row; every other row is a run of its own."""
    runs: list[list[_Changed]] = []
    for item in found:
        adds = bool(re.match(r"\+|w\s*/\s*(?!o)|with\b|add", item.line.label, re.I))
        last = runs[-1] if runs else []
        if adds and last and last[-1].base is item.base and last[-1].line.label[:1] == item.line.label[:1]:
            last.append(item)
        else:
            runs.append([item])
    return runs


def _final(run: Sequence[_Changed], lines: Sequence[Line]) -> Line | None:
    """The paper's own model, where it stands right below a run of additions."""
    below = [line for line in lines if line.index > run[-1].line.index]
    if not below or not below[0].own or below[0].kind not in ("system", "variant") or below[0] is run[0].base:
        return None
    return below[0] if below[0].section == run[-1].line.section else None


def _is_cumulative(table: TableReadings, run: Sequence[_Changed], final: Line | None) -> bool:
    """Whether the rows of a run each add to the row above.

    They do when the table says so, when the number of '+' signs grows, or when the last row equals the final model.
    They do not when the table says that, when a later row repeats an earlier addition ('+ A', '+ B', '+ A + B'), or
    when the own model follows with other values.
    """
    text = f"{table.grid.caption} {table.grid.context}"
    keys = [item.keys for item in run]
    if any(one < other for position, one in enumerate(keys) for other in keys[position + 1 :]):
        return False
    if not run[0].line.label.startswith("+"):
        return bool(_CUMULATIVE.search(text))
    if len({len(re.match(r"[+\s]*", item.line.label)[0]) for item in run}) > 1:  # type: ignore[index]
        return True
    if _CUMULATIVE.search(text) or _SEPARATE.search(table.grid.caption):
        return bool(_CUMULATIVE.search(text))
    return final is None or same_values(final, run[-1].line)


# --- comparisons ------------------------------------------------------------------------------------------


def _compared(changed: Sequence[_Changed]) -> Ablation | None:
    rows: list[Change] = []
    for item in sorted(changed, key=lambda item: item.line.index):
        against = {item.base.index: (item.base, item.edits)}
        for other in changed:
            left = tuple(edit for edit in item.edits if edit.key not in other.keys)
            nearer = other.base.index == item.base.index and other.keys < item.keys
            if nearer and (len(left) == 1 or other.line is item.upon):
                against[other.line.index] = (other.line, left)
        for base, edits in against.values():
            differences = _differences(item.line, base)
            if differences:
                whole = base is item.base if item.upon is None else base is item.upon
                printed = item.printed if whole and item.printed else ", ".join(e.words for e in edits)
                rows.append(
                    Change(
                        item.line.index, base.index, item.line.system, printed, *summary(edits), differences
                    )
                )
    if not rows:
        return None
    most = Counter(item.base.index for item in changed).most_common(1)[0][0]
    base = next(item.base for item in changed if item.base.index == most)
    return Ablation(base.system or base.label, most, tuple(rows))


def _differences(line: Line, base: Line) -> tuple[MetricChange, ...]:
    return tuple(
        MetricChange(place[0], place[1], base.values[place], value)
        for place, value in line.values.items()
        if place in base.values
    )
