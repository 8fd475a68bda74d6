"""Which system a row is, of what kind, and what it was changed from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from litdb.extract.meaning import words
from litdb.extract.meaning.labelled.labels import LabelledRow, is_own, plain_name
from litdb.extract.meaning.own import names_in
from litdb.extract.meaning.paper import PaperText
from litdb.extract.types import RowKind, TableKind
from litdb.values.names import bare_name

#: The whole model, as ablation tables call it.
_WHOLE = re.compile(
    r"(?:the\s+)?(?:full|complete|whole|entire|proposed)(?:\s+(?:model|system|network|method))?|all", re.I
)


def identified(  # noqa: C901 - one decision for each row, whose cases exclude one another in this order
    rows: list[LabelledRow], paper: PaperText, kind_hint: TableKind, *, settings: bool = False
) -> list[LabelledRow]:
    """System, kind and parent of every row; `settings` says that the labels are values of a setting, not names."""
    cited = [row for row in rows if row.cites]
    base = _base(rows, paper)
    if paper.own and (words.OURS_ALONE.match(base) or (kind_hint == "ablation" and _WHOLE.fullmatch(base))):
        base = paper.own[0]
    if settings and paper.own and not is_own(base, paper):
        base = paper.own[0]
    labels = [plain_name(row.model) for row in rows]
    every = frozenset(labels)
    lengths = sorted(set(map(len, labels)), reverse=True)
    relatives = _relatives(base, [label for row, label in zip(rows, labels, strict=True) if not row.cites])
    done: list[LabelledRow] = []
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
            and cited
            and len(cited) * 2 >= len(rows) - 1
            and position >= len(rows) - 3
        ):
            own = not words.REFERENCE_LABEL.match(label) and not any(later.cites for later in rows[position:])
        kind: RowKind = "system"
        parent = ""
        system = label
        whole = kind_hint == "ablation" and _WHOLE.fullmatch(label) is not None
        if paper.own and (words.OURS_ALONE.match(row.model) or whole):
            system, own = paper.own[0], True
        if words.REFERENCE_LABEL.match(label):
            kind, own = "reference", False
        elif words.CHANGE_LABEL.search(label) and not row.cites and not _is_name(label, paper):
            kind, parent = "ablation", base
        elif (
            kind_hint == "ablation"
            and not row.cites
            and not is_own(label, paper)
            and not row.own
            and label != base
            and not whole
            and not _is_name(label, paper)
        ):
            elsewhere = bare_name(label) in paper.repeated and _looks_like_system(label)
            stranger = not settings and names_in(label) == [label] and label not in relatives
            if not (elsewhere or stranger) or re.fullmatch(r"[\W\d]*|.{1,3}", label):
                kind, parent = "ablation", base
        elif is_own(label, paper) and bare_name(label) not in {bare_name(name) for name in paper.own[:1]}:
            stem = next(
                (
                    n
                    for n in paper.own
                    if label.lower().startswith(n.lower()) and bare_name(n) != bare_name(label)
                ),
                "",
            )
            if stem:
                kind, parent = "variant", stem
        if row.components is not None and kind_hint == "ablation" and not row.all_components:
            kind, parent = "ablation", label
            system = f"{label} [{row.conditions[-1]}]"
            done.append(replace(row, system=system, kind=kind, own=own, parent=parent))
            continue
        stem = _stem(label, every, lengths)
        if kind == "system" and stem and not row.cites:
            kind, parent = "variant", stem
        if "[" in row.model and kind == "system":
            kind, parent = "variant", re.sub(r"\s*\[.*", "", row.model)
        if kind == "ablation":
            own = (
                True
                if not row.cites and ((base and is_own(base, paper)) or not paper.own)
                else own or not row.cites
            )
            if parent and bare_name(parent) not in bare_name(label):
                system = f"{parent} {label}" if words.CHANGE_LABEL.match(label) else f"{parent} [{label}]"
        done.append(replace(row, system=system, kind=kind, own=own, parent=parent))
    return _distinct(done)


_ADDED = re.compile(r"\(|\+|w/|\[")


def _distinct(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """Rows of one name that differ by more than the test set or its part are variants with names of their own."""
    variants: dict[str, set[tuple[str, ...]]] = {}
    for row in rows:
        variants.setdefault(row.system, set()).add(_own_conditions(row))
    done = []
    for row in rows:
        own = _own_conditions(row)
        if own and len(variants[row.system]) > 1 and row.kind != "reference":
            name = f"{row.system} [{' / '.join(own)}]"
            kind: RowKind = "ablation" if row.kind == "ablation" else "variant"
            row = replace(row, system=name, kind=kind, parent=row.parent or row.system)
        done.append(row)
    return done


def _own_conditions(row: LabelledRow) -> tuple[str, ...]:
    """The conditions that belong to the model; a part of the test set and the training data are protocol."""
    return tuple(
        c
        for c in row.conditions
        if c not in (row.condition, row.training) and not c.endswith(f"={row.training}")
    )


def _stem(label: str, labels: frozenset[str], lengths: Sequence[int]) -> str:
    """The label of another row that this one adds something to: 'Foo (+PCS)' and 'Foo + PCS' to 'Foo'.

    `lengths` are those of the labels, the longest first: a beginning is cut off only where one of them can be it.
    """
    for at in lengths:
        if 3 <= at < len(label) and label[at] == " " and _ADDED.match(label, at + 1) and label[:at] in labels:
            return label[:at]
    return ""


def _relatives(base: str, labels: Sequence[str]) -> set[str]:
    """The labels that share a part of their name with the base, or with one that does: 'AB-X', 'AB-Y', 'CD-Y'."""

    def parts(label: str) -> set[str]:
        return {
            part.lower() for part in re.split(r"[-_\s()]+", label) if len(part) > 1 and not part.isdigit()
        }

    known, found = parts(base), set()
    while new := {label for label in labels if label not in found and parts(label) & known}:
        found |= new
        known = known.union(*(parts(label) for label in new))
    return found


def _is_name(label: str, paper: PaperText) -> bool:
    return is_own(label, paper) and not re.search(r"\bw\s*/\s*o\b|\bwithout\b|[(\s][-–−]\s?[A-Z]", label)


def _looks_like_system(label: str) -> bool:
    if re.fullmatch(r"base|baseline|full|default|proposed|ours|original|vanilla|all|none", label, re.I):
        return False
    return bool(names_in(label)) or bool(re.match(r"^[A-Z][\w-]+$", label))


def _base(rows: Sequence[LabelledRow], paper: PaperText) -> str:
    """The label of the row that the changed rows of an ablation start from.

    Where components are added ('+ X') that is the row called base; where they are taken away, the full model.
    """
    added = sum(bool(re.match(r"\+|w\s*/\s*(?!o)|with\b", row.model)) for row in rows)
    removed = sum(bool(re.match(r"w\s*/?\s*o\b|without|no\b|[-–−]", row.model)) for row in rows)
    if added > removed:
        for row in rows:
            if re.search(r"\bbase(?:line)?\b", row.model, re.I) and not words.CHANGE_LABEL.match(row.model):
                return plain_name(row.model)
    own = [
        plain_name(row.model)
        for row in rows
        if is_own(row.model, paper) and not words.CHANGE_LABEL.search(row.model)
    ]
    exact = [label for label in own if any(bare_name(label) == bare_name(name) for name in paper.own)]
    if own:
        return (exact or own)[0]
    for row in rows:
        if re.search(r"\b(?:full|proposed|ours|base(?:line)?|default|all)\b", row.model, re.I):
            return plain_name(row.model)
    repeated = [
        plain_name(row.model)
        for row in rows
        if bare_name(plain_name(row.model)) in paper.repeated
        and not (row.cites or words.REFERENCE_LABEL.match(row.model))
    ]
    if repeated:
        return repeated[-1]
    for row in rows:
        label = plain_name(row.model)
        changed = words.CHANGE_LABEL.search(label) or words.REFERENCE_LABEL.match(label)
        if not changed and _looks_like_system(label):
            return label
    return paper.own[0] if paper.own else ""
