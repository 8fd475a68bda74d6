"""What a number rests on: absences, words, claims alone, quotations of known originals, sources without an address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from litdb.evidence.audit.facts import Facts, Finding, claims, rejection, told
from litdb.evidence.audit.identity import reimplementation, reimplementations, stands_elsewhere
from litdb.values.agreement import agree
from litdb.values.value import Value


def absent(facts: Facts) -> Iterator[Finding]:
    """ABSENT: a value given for a paper that reports none."""
    others = {finding.target for finding in facts.found(reimplementation)}
    for value in facts.values:
        absence = facts.absence(value)
        mine = value.origin in ("claim", "quoted", "tracker") and value.status == "accepted"
        if absence is None or not mine or value.key[:8] in others or stands_elsewhere(facts, value):
            continue
        remark = f" ({absence.remark})" if absence.remark else ""
        yield Finding(
            code="ABSENT",
            severity="error",
            target=value.key[:8],
            model=value.model,
            message=f"{value.about} is given as {value.spelled}; {absence.source}: {absence.statement}{remark}",
            sources=(told(value),),
            proposals=(rejection(value, "the paper reports no such value"),),
        )


def words(facts: Facts) -> Iterator[Finding]:
    """WORDS: words such as "competitive" in the place of a number."""
    for value in claims(facts):
        if value.value is not None:
            continue
        known = facts.evidence(value)
        if known:
            best = known[0]
            said = f"{best.cited} prints {best.spelled}"
        else:
            said = "no number for it is in the catalogue"
        yield Finding(
            code="WORDS",
            severity="warning" if known else "note",
            target=value.key[:8],
            model=value.model,
            message=f"{value.name}: {value.printed!r} stands for "
            f"{'a number' if value.quantity == 'words' else value.metric}; {said}",
            sources=(told(value), *(told(best) for best in known[:1])),
            proposals=(rejection(value, f"words; {said}"),) if known else (),
        )


def unsupported(facts: Facts) -> Iterator[Finding]:
    """CLAIM: a number that only a claim gives, or that the sources contradict."""
    covered = {f.target for rule in (absent, reimplementation) for f in facts.found(rule)}
    for value in claims(facts):
        if value.value is None or value.quantity == "year" or value.key[:8] in covered:
            continue
        known = facts.evidence(value)
        if any(agree(value, other) for other in known) or value.protocol.get("counting"):
            continue
        if known:
            message = f"{value.about}: {value.spelled} is claimed, {known[0].cited} says {known[0].spelled}"
        elif value.quantity.endswith(" delta"):
            message = (
                f"{value.name}: a gain of {value.printed} in {value.quantity.removesuffix(' delta')} is claimed for it "
                f"({value.remark}); `litdb evidence` lists what ablations isolate"
            )
        else:
            message = f"{value.about}: {value.spelled} is claimed and stands in no other source"
            for other in reimplementations(facts, value)[:1]:
                message += f"; for {other.name} it is {other.value:,.10g} ({other.place})"
        yield Finding(
            code="CLAIM",
            severity="error" if known else "warning",
            target=value.key[:8],
            model=value.model,
            message=message,
            sources=(told(value), *(told(other) for other in known[:3])),
            proposals=(rejection(value, "the source says otherwise"),) if known else (),
        )


def quotation(facts: Facts) -> Iterator[Finding]:
    """QUOTED: only quotations are known of a model whose paper is known."""
    papers_read = {value.paper for value in facts.values if value.origin == "self"}
    for key, model in sorted(facts.models.items()):
        paper = facts.paper_of(key)
        if model.own or model.kind not in ("system", "variant") or paper is None or not paper.ident:
            continue
        scores = [v for v in facts.of(key) if v.dataset and v.value is not None and v.status == "accepted"]
        origins = {value.origin for value in scores}
        quoted = [v for v in scores if v.origin == "quoted" and v.paper != paper.key]
        if not quoted or origins & {"self", "repository", "measured"}:
            continue
        read = paper.key in papers_read
        fetch = f"litdb fetch {paper.arxiv_id}" if paper.arxiv_id and not read else ""
        state = "has been read and has no such row" if read else "is known and not read"
        yield Finding(
            code="QUOTED",
            severity="note",
            target=key,
            model=key,
            message=f"{model.name}: its {len(quoted)} values are quotations; the original, {paper.ident}, {state}",
            sources=tuple(sorted({value.place for value in quoted})),
            proposals=(fetch,) if fetch else (),
        )


def withdrawn(facts: Facts) -> Iterator[Finding]:
    """WITHDRAWN: values of a paper that was withdrawn."""
    papers: dict[str, list[Value]] = defaultdict(list)
    for value in facts.values:
        if value.withdrawn and value.status == "accepted":
            papers[value.paper].append(value)
    for paper, values in sorted(papers.items()):
        own = next((value for value in values if value.origin == "self"), values[0])
        yield Finding(
            code="WITHDRAWN",
            severity="error",
            target=paper,
            model=own.model,
            message=f"{own.withdrawn}; {len(values)} accepted values rest on it",
            sources=tuple(sorted({value.place for value in values})),
        )


def provenance(facts: Facts) -> Iterator[Finding]:
    """SOURCE: a document without an address that values rest on."""
    documents: dict[str, list[Value]] = defaultdict(list)
    for value in facts.values:
        own = value.checkpoint or value.row.document.kind in ("configuration", "evaluation")
        if not value.row.document.url and not value.paper and not own and value.status == "accepted":
            documents[value.row.document.key].append(value)
    for document, values in sorted(documents.items()):
        alone = [v for v in values if v.quantity != "year" and not facts.evidence(v)]
        shown = ", ".join(f"{v.name} {v.metric} {v.printed}" for v in alone[:4])
        more = f" and {len(alone) - 4} more" if len(alone) > 4 else ""
        rest = f"; nothing else supports {shown}{more}" if alone else "; other sources give each of them"
        yield Finding(
            code="SOURCE",
            severity="warning" if alone else "note",
            target=document,
            model=values[0].model if len({v.model for v in values}) == 1 else "",
            message=f"{values[0].place.partition(',')[0]} has no address to look at: {len(values)} values rest on it"
            + rest,
        )
