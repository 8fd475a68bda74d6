"""How a number was obtained: checkpoints chosen on the test set, means over fewer files, ways of counting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from litdb.evidence.audit.facts import Facts, Finding, rejection, told
from litdb.evidence.comparability import partial
from litdb.values.agreement import agree
from litdb.values.value import Value
from litdb.vocabulary import vocabulary
from litdb.vocabulary.remarks import Mark


def selected(facts: Facts) -> Iterator[Finding]:
    """SELECTED: a checkpoint that was chosen on the test set."""
    for checkpoint in facts.checkpoints:
        if checkpoint.selected_on != "test":
            continue
        model = facts.models[checkpoint.model].name
        by = f" ({checkpoint.criterion})" if checkpoint.criterion else ""
        declared = (
            f" and declared to stand for the model on {checkpoint.declared_on}"
            if checkpoint.declared_on
            else ""
        )
        yield Finding(
            code="SELECTED",
            severity="error" if checkpoint.declared_on else "warning",
            target=checkpoint.key,
            model=checkpoint.model,
            message=f"{model}: checkpoint {checkpoint.key} was selected on the test set{by}{declared}; "
            "its scores there are better than on data nobody chose by",
        )
    for row in facts.rows():
        value = row[0]
        if not value.checkpoint and any(v.protocol.get("selected_on") == "test" for v in row):
            yield Finding(
                code="SELECTED",
                severity="warning",
                target=value.row.key[:8],
                model=value.model,
                message=f"{value.name}: {value.cited} says that the checkpoint was selected on the test set",
                sources=tuple(told(v) for v in row),
            )


#: Marks of own scores that make them no test: whether that is sure.
_NO_TEST = {
    Mark.LEAK: True, Mark.SEEN: True, Mark.HELD_OUT: False, Mark.SAME_NAME: False, Mark.NO_TEST: True,
}  # fmt: skip


def leaks(facts: Facts) -> Iterator[Finding]:
    """LEAK: a checkpoint that has met its test files, or is scored on files that are no test set."""
    for row in facts.rows():
        marked = [value for value in row if value.dataset and value.marks]
        said = {text: mark for value in marked for text in value.marks if (mark := Mark.of(text)) in _NO_TEST}
        if not said:
            continue
        value = marked[0]
        yield Finding(
            code="LEAK",
            severity="error" if any(_NO_TEST[mark] for mark in said.values()) else "warning",
            target=value.row.key[:8],
            model=value.model,
            message=f"{value.name} on {value.dataset}, {value.cited}: {'; '.join(said)}",
            sources=tuple(told(v) for v in marked),
        )


def files(facts: Facts) -> Iterator[Finding]:
    """FILES: a mean over fewer files than the test set has."""
    words = vocabulary()
    for row in facts.rows():
        short = [(value, text) for value in row if (text := _short(value, words.dataset(value.dataset)))]
        if not short:
            continue
        value, text = short[0]
        yield Finding(
            code="FILES",
            severity="error",
            target=value.row.key[:8],
            model=value.model,
            message=f"{value.name} on {value.dataset}, {value.cited}: {', '.join(v.metric for v, _ in short)} {text}",
            sources=tuple(told(v) for v, _ in short),
            proposals=tuple(rejection(v, text) for v, _ in short) if value.origin != "measured" else (),
        )


def _short(value: Value, dataset: object) -> str:
    stated = partial(value.protocol)
    if stated:
        return stated
    expected = getattr(dataset, "files", 0)
    covered = value.protocol.get("files")
    if (
        covered
        and covered.isdigit()
        and expected
        and int(covered) < expected
        and not value.protocol.get("condition")
    ):
        return f"covers {covered} of {expected} files"
    return ""


def counting(facts: Facts) -> Iterator[Finding]:
    """COUNTING: parameters or operations of one model counted in different ways."""
    groups: dict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in facts.values:
        if (
            value.quantity in ("params", "MACs", "FLOPs")
            and value.value is not None
            and value.status == "accepted"
        ):
            groups[(value.model, value.quantity)].append(value)
    for (model, quantity), values in sorted(groups.items()):
        stated = {v.key: v.protocol.get("counting") for v in values if v.protocol.get("counting")}
        ways: dict[str, Value] = {}
        for value in values:
            way = stated.get(value.key)
            if way is not None:
                ways.setdefault(way, value)
        if not any(not agree(one, other) for one in ways.values() for other in ways.values()):
            continue
        listed = "; ".join(f"{value.printed} {way}" for way, value in ways.items())
        silent = [v for v in values if v.key not in stated]
        like = [
            f"{v.printed} ({v.place}) agrees with the count {way}"
            for v in silent
            for way, other in ways.items()
            if agree(v, other)
        ]
        more = f". {'; '.join(like)}" if like else ""
        yield Finding(
            code="COUNTING",
            severity="warning",
            target=f"{model}.{quantity}",
            model=model,
            message=f"{values[0].name}: {quantity} is counted in {len(ways)} ways: {listed}{more}",
            sources=tuple(told(value) for value in values),
        )
