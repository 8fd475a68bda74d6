"""Which model each figure of a harvest is of."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.harvest import components, protocols
from benchmarks.harvest.harvest import Harvest
from benchmarks.harvest.names import GENERIC, SEVERAL, SPELLED, clusters, reference, stripped
from benchmarks.harvest.tables import Line, Row, read
from litdb.seed.read import rows as seed_rows
from litdb.values.names import fold_name

#: A row that was given what no system has: the clean target, the right answer.
_GIVEN = re.compile(r"\b(?:oracle|ideal)\b", re.I)


def place_models(harvest: Harvest) -> dict[int, str]:
    """The key of the model of each figure's row."""
    same = {(row["source"], row["label"]): row["model"] for row in read(Path(__file__).with_name("same.tsv"))}
    judged: dict[int, str] = {}
    told = {
        harvest.printing(r["source"]) for r in harvest.facts if r["paper"] != harvest.printing(r["source"])
    }
    placed: dict[int, str] = {}
    names: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(harvest.facts):
        paper, owner = harvest.printing(row["source"]), row["paper"]
        known = reference(row["model"])
        if known:
            placed[at] = known
        elif key := same.get((row["source"].split(":")[1].split("v")[0], row["model"])):
            judged[at] = key
            harvest.register.within[paper, fold_name(row["model"])] = key  # in its ablation tables too
        elif row["origin"] == "self" or (paper in told and owner == paper):
            placed[at] = _own(harvest, paper, row)
        elif paper in told:
            placed[at] = _others(harvest, owner, paper, row)
        else:
            names[_spelling(row["model"])].append(at)
    _by_name(harvest, names, placed)
    missing = set(judged.values()) - harvest.register.models.keys()
    if missing:
        raise ValueError(f"same.tsv: no model {missing.pop()!r}")
    return {**placed, **{at: harvest.register.models[name].key for at, name in judged.items()}}


def _setting(row: Row) -> str:
    setting = protocols.condition(row["condition"]).label
    return f"{stripped(row['model'])} [{setting}]" if setting else stripped(row["model"])


def _own(harvest: Harvest, paper: str, row: Row) -> str:
    label = _setting(row)
    system = harvest.register.system(paper, paper=paper)
    if fold_name(label) in (fold_name(paper), fold_name(system.name), "ours", "proposed", "our"):
        return system.key
    found = harvest.register.within.get((paper, fold_name(label)))
    if found:
        return harvest.register.models[found].key
    taken = harvest.register.everywhere.get(fold_name(label), set())
    other = taken and not any(harvest.register.models[m].paper == paper for m in taken)
    less = (
        (row["source"], row["table"], row["model"]) in harvest.changed
        or re.match(r"(?:w/o|without|no |[-+–−] ?|only )", label)
        or row["origin"] == "reproduced"
        or other
    )
    kind = "reference" if _GIVEN.search(label) else "ablation" if less else "variant"
    return harvest.register.part(paper, label, kind, parent=system.key).key


def _others(harvest: Harvest, owner: str, paper: str, row: Row) -> str:
    """The model of a row that the harvest says is `owner`'s."""
    label = _setting(row)
    if fold_name(owner) in SEVERAL and owner not in harvest.paper_keys:
        model = harvest.register.part(paper, label, "variant", owner=paper)
        model.kind = "system"
        return model.key
    system = harvest.register.system(owner, paper=owner if owner in harvest.paper_keys else "")
    spelled = SPELLED.get(fold_name(label), label)
    if fold_name(spelled) in (fold_name(owner), fold_name(system.name), fold_name(owner.split(" (")[0])):
        return system.key
    found = harvest.register.within.get((owner, fold_name(label)))
    if found:
        return harvest.register.models[found].key
    taken = harvest.register.everywhere.get(fold_name(label), set())
    if len(taken) == 1 and harvest.register.models[next(iter(taken))].paper in (owner, ""):
        return harvest.register.models[next(iter(taken))].key
    # Another setting of it, as this paper has it: not known to be the same in the next.
    return harvest.register.part(paper, f"{label}", "variant", parent=system.key, owner=paper).key


def _spelling(label: str) -> str:
    text = stripped(label).rstrip("†‡* ")
    return SPELLED.get(fold_name(text), text)


def _by_name(harvest: Harvest, names: dict[str, list[int]], placed: dict[int, str]) -> None:
    folded: dict[str, list[int]] = defaultdict(list)
    shown: dict[str, str] = {}
    for name, rows in names.items():
        for at in rows:
            text = _setting({**harvest.facts[at], "model": name})
            folded[fold_name(text)].append(at)
            shown.setdefault(fold_name(text), text)
    for key, rows in folded.items():
        taken = harvest.register.everywhere.get(key, set())
        if len(taken) == 1 and key not in SEVERAL and key not in GENERIC:
            model = harvest.register.models[next(iter(taken))]
            for at in rows:
                placed[at] = model.key
            continue
        _unowned(harvest, shown[key], key, rows, placed)


def _unowned(harvest: Harvest, name: str, key: str, rows: Sequence[int], placed: dict[int, str]) -> None:
    """Rows of a name that no paper here owns: one model where their figures say so."""
    by_paper: dict[str, list[int]] = defaultdict(list)
    for at in rows:
        by_paper[harvest.printing(harvest.facts[at]["source"])].append(at)
    figures = [
        (
            paper,
            frozenset((f["dataset"], f["metric"], f["printed"]) for f in (harvest.facts[at] for at in ats)),
        )
        for paper, ats in by_paper.items()
    ]
    group = clusters(figures, generic=key in GENERIC)
    sizes = Counter(group.values())
    biggest = min((-size, number) for number, size in sizes.items())[1]
    for paper, ats in by_paper.items():
        alone = (
            key in GENERIC or key in SEVERAL or key in harvest.register.everywhere or group[paper] != biggest
        )
        if alone:
            first = (
                next(p for p in by_paper if group[p] == group[paper]) if sizes[group[paper]] > 1 else paper
            )
            if key in SEVERAL:
                first = paper
            model = harvest.register.part(first, name, "variant", owner=first)
            model.kind = "system"
        elif setting := _setting_of(harvest, name):
            model = harvest.register.part(paper, name, "variant", parent=setting, owner=paper)
        else:
            continue
        for at in ats:
            placed[at] = model.key
    rest = [at for at in rows if at not in placed]
    if rest:
        model = harvest.register.system(name)
        for at in rest:
            placed[at] = model.key


def _setting_of(harvest: Harvest, name: str) -> str:
    """The key of the known model that `BBED, NFE 60` and `TSTNN [8 kHz]` are settings of; '' for none."""
    base = re.split(r" \[|, NFE|, vanilla", name)[0]
    taken = harvest.register.everywhere.get(fold_name(SPELLED.get(fold_name(base), base)), set())
    return harvest.register.models[next(iter(taken))].key if base != name and len(taken) == 1 else ""


def _described(harvest: Harvest, row: Row) -> str:
    """The key of the model that a description is of."""
    if row["model"] in harvest.paper_keys:
        return harvest.register.system(row["model"], paper=row["model"]).key
    named = harvest.register.everywhere.get(fold_name(row["model"]), set())
    if len(named) == 1:
        return harvest.register.models[next(iter(named))].key
    # `EC-Loss (TF-GridNet)`: the paper's own, with the network that it is shown on.
    paper = row["model"].split(" (")[0]
    if paper not in harvest.paper_keys:
        raise ValueError(f"{row['model']!r} is no model here")
    return harvest.register.system(paper, paper=paper).key


def model_lines(harvest: Harvest) -> Iterable[list[str]]:
    """What models are made of, in words of the vocabulary."""
    seen: set[tuple[str, str]] = {(r["model"], r["value"]) for r in seed_rows("model_facts.tsv")}
    for row in harvest.model_facts:
        model = _described(harvest, row)
        for item, value in components.named(row["item"], row["value"]):
            if (model, value) not in seen:
                seen.add((model, value))
                yield [model, item, value, row["source"], row["value"] if len(row["value"]) < 90 else ""]
    for row in read(Path(__file__).with_name("facts.tsv")):  # said in words that the vocabulary does not have
        if (row["model"], row["value"]) not in seen:
            yield [row["model"], row["item"], row["value"], row["source"], row["remark"] or ""]


#: The topic of what a harvest calls by these names.
_TOPICS = {
    "family": "approach", "technique": "parts", "training": "recipe", "training_set": "training-set",
    "sampling_rate": "sampling-rate", "causal": "causal", "seeds": "seeds", "hardware": "hardware",
}  # fmt: skip
#: 'yes', 'yes, 32 ms latency', 'no (two-way GRU)': plain words on causality, not those on one of several variants.
_CAUSAL = re.compile(
    r"(?:(?P<causal>yes|no)(?:$|, (?!.*(?<!no )(?<!no added )look-ahead)| \((?!marked))|stated causal\b)"
)
#: What a label says of the causality of its own row.
_LABELLED = re.compile(r"[(\[]\s*(?P<not>non-?|not )?causal\s*[)\]]|\s(?P<non>non-?)?causal$", re.I)
#: What sets a row of a paper apart from what the paper says of its model.
_OTHERWISE = re.compile(r"causal|off-?line|bidirectional|look-?ahead|future|whole file", re.I)


def state_causality(harvest: Harvest, rows: Iterable[Line]) -> None:
    """Give a row the causality that its label states, or what a paper scored of its own model that which its text states."""
    told: dict[tuple[str, str], tuple[str, str]] = {}
    for fact in harvest.model_facts:
        said = _CAUSAL.match(fact["value"]) if fact["item"] == "causal" else None
        if said is not None and "not stated in words" not in fact["remark"]:
            place, _, document = fact["source"].rpartition(" of ")
            told[_described(harvest, fact), _unversioned(document)] = said["causal"] or "yes", place
    parents = {model.key: model.parent for model in harvest.register.made}
    for row in rows:
        if "causal" in dict(row.items):
            continue
        paper = _unversioned(row.document)
        if labelled := _LABELLED.search(row.label):
            row.items = (*row.items, ("causal", "no" if labelled["not"] or labelled["non"] else "yes"))
        elif row.origin == "self" and not _OTHERWISE.search(row.label):
            found = told.get((row.model, paper)) or told.get((parents.get(row.model, ""), paper))
            if found is not None:
                row.items = (*row.items, ("causal", " @ ".join(found)))


def _unversioned(document: str) -> str:
    return document.rpartition("v")[0]


_SILENT = re.compile(r"\b(?:not stated|no statement)\b")


def description_lines(harvest: Harvest) -> Iterable[list[str]]:
    """What papers say of their models, in words; that one says nothing is none."""
    for row in harvest.model_facts:
        if _SILENT.search(row["value"]):
            harvest.left_out["that a paper says nothing"] += 1
            continue
        model = _described(harvest, row)
        known = row["model"] in harvest.paper_keys or fold_name(row["model"]) in harvest.register.everywhere
        remark = "; ".join(filter(None, [row["remark"], "" if known else f"of {row['model']}"]))
        yield [model, _TOPICS[row["item"]], row["value"], row["source"], remark]
