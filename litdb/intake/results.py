"""What `litdb add-result` means: measured on an own run, read by hand from a paper, or a claim."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from litdb.catalogue import own
from litdb.catalogue.database.schema import DocumentRow
from litdb.catalogue.hand import Written
from litdb.catalogue.measured import Measured, Utterance
from litdb.catalogue.own import Added
from litdb.catalogue.papers import find_paper
from litdb.catalogue.record import PaperFacts, put_document, put_paper, put_version
from litdb.catalogue.views.scores import asked_test_set
from litdb.errors import InputError, NotFound, UsageError, near
from litdb.evidence.comparability import partial
from litdb.extract.results import OwnResults, read_results
from litdb.intake.forcing import forced
from litdb.intake.scored_set import strangers
from litdb.report.escape import clean
from litdb.sources.types import ArxivId
from litdb.values.names import MOST_OF_A_NAME, fold_name
from litdb.values.reading import ASSISTANT, Reading
from litdb.vocabulary import Dataset, vocabulary
from litdb.vocabulary.protocol import Item, Protocol


@dataclass(frozen=True, slots=True)
class Request:
    """One call of `add-result`. `values` are printed values by metric name; `text` is the content of a file.

    What is `assistant` is a proposal of one: it waits for review, whatever it is, with `reason` beside it.
    """

    model: str
    values: Mapping[str, str] = field(default_factory=dict)
    params: str = ""
    dataset: str = ""
    text: str = ""
    file: str = ""
    run: str = ""
    sha256: str = ""
    selected_on: str = ""
    scale: str = ""
    files: int | None = None
    paper: str = ""
    table: str = ""
    row: int | None = None
    page: int | None = None
    origin: str = ""
    replace: bool = False
    force: bool = False
    new: bool = False
    reason: str = ""
    assistant: bool = False


def add(session: Session, request: Request) -> Added:
    """Carry out a request in the caller's transaction.

    Raises UsageError for what does not go together, InputError for unreadable values, Impossible for those that their
    metric cannot have, unless forced, Conflict when other numbers are recorded.
    """
    with forced(request.force, request.reason):
        return replace(_add(session, request), what=_recorded_as(request))


def _recorded_as(request: Request) -> str:
    if request.paper:
        place = f"table {request.table}" if request.table else f"page {request.page}"
        return f"read by hand in {request.paper}, {place}"
    if request.run or request.sha256:
        return f"measured on run {request.run or request.sha256[:12]}"
    if request.file:
        return f"as {request.file} says"
    return "a claim: no --run and no --paper is given"


def _add(session: Session, request: Request) -> Added:
    if not fold_name(request.model) or not clean(request.model):
        raise UsageError("the model has no name: give one")
    for what, name in (("model", request.model), ("run", request.run)):
        if len(name) > MOST_OF_A_NAME:
            raise UsageError(
                f"a {what} is called by at most {MOST_OF_A_NAME} characters: give a shorter name"
            )
    if request.sha256 and not re.fullmatch(r"[0-9a-fA-F]{64}", request.sha256):
        raise UsageError(f"--sha256 {request.sha256!r} is no SHA-256: give its 64 hexadecimal digits")
    if request.selected_on not in ("", "validation", "test", "none"):
        hint = near(
            request.selected_on, ("validation", "test", "none"), other="it is validation, test or none"
        )
        raise UsageError(f"--selected-on {request.selected_on!r} is not understood: {hint}")
    if request.scale not in ("", "int16", "unit"):
        raise UsageError("--scale is int16 or unit")
    if not request.paper and not request.new:
        own.refuse_near(session, request.model)
    results = _results(request)
    marks = (str(mark) for some in results.marks.values() for mark in some)
    added = _recorded(session, request, results)
    return replace(added, notes=tuple(dict.fromkeys((*results.notes, *marks, *added.notes))))


def _recorded(session: Session, request: Request, results: OwnResults) -> Added:
    if request.paper:
        return _from_paper(session, request, results)
    if request.table or request.row is not None or request.page is not None or request.origin:
        raise UsageError("--table, --row, --page and --origin say where in a paper: give --paper too")
    identity = _identity(request.run) or results.checkpoint
    if identity or results.sha256 or request.sha256:
        return _measured(session, request, results, identity)
    document = own.claim_document(session)
    dataset = _dataset(session, request, results)
    readings = _readings(request, results, "claim", dataset, _stated(request, results, dataset))
    return own.add_by_hand(session, document, readings, replace=request.replace, reason=request.reason)


def _results(request: Request) -> OwnResults:
    values: dict[str, str] = {}
    for typed, printed in (
        *request.values.items(),
        *([("params", request.params)] if request.params else []),
    ):
        name = str(vocabulary().metric_name(typed))
        if name in values:
            raise UsageError(f"{name} is given twice, as {values[name]} and as {printed}: leave one out")
        values[name] = printed
    if request.text:
        read = read_results(request.text, request.file or "the input", force=request.force)
        overlap = values.keys() & read.values.keys()
        if overlap:
            raise UsageError(
                f"{sorted(overlap)[0]} is given twice: on the command line and in {request.file}"
            )
        return replace(read, values={**read.values, **values})
    if not values:
        raise UsageError("no value is given: add --metric PESQ=2.86, --params 0.46M or --from FILE")
    return OwnResults(values)


def _dataset(session: Session, request: Request, results: OwnResults) -> Dataset | None:
    """The test set; needed as soon as a value is a score. One that nobody knows yet is the user's own if they say it is new."""
    text = request.dataset or results.dataset
    if not text:
        scores = [name for name in results.values if not _per_model(name)]
        if not scores:
            return None
        if request.text and not request.dataset:
            raise UsageError(f"{request.file or 'the input'} does not say which test set: add --dataset vbd")
        text = "vbd"
    try:
        found = asked_test_set(session, text)
    except UsageError as error:
        if not request.new:
            raise UsageError(f"{error} (--new makes a test set of that name)") from None
        found = Dataset(text, text)
    strange = strangers(found, {score[0] for score in results.utterances})
    if strange and not request.force:
        raise InputError(
            f"{request.file or 'the input'}: {strange[0]} is no file of {found.title}, by its name: say which test set these "
            "scores are of with --dataset (--force with a --reason takes them all the same)"
        )
    return found


def _per_model(name: str) -> bool:
    metric = vocabulary().metric(vocabulary().metric_name(name).quantity)
    return metric is not None and metric.per_model


def _readings(
    request: Request, results: OwnResults, origin: str, dataset: Dataset | None, common: Protocol
) -> tuple[Reading, ...]:
    readings = []
    for name, printed in results.values.items():
        stated = common
        covered = results.counted.get(name)
        if covered is not None:
            stated = stated.with_("files", Item(str(covered)))
        metric = vocabulary().metric(vocabulary().metric_name(name).quantity)
        if request.scale and metric is not None and metric.composite and "@" not in name:
            stated = stated.with_("scale", Item(request.scale))
        if metric is not None and metric.per_model:
            stated = Protocol()
        readings.append(
            Written(
                label=request.model,
                metric=name,
                printed=printed,
                origin=origin,
                by="run" if origin == "measured" else "hand",
                dataset=dataset.id if dataset is not None else "",
                table=request.table,
                row=request.row,
                page=request.page,
                stated=stated,
                own=origin == "self",
                marks=results.marks.get(name, ()),
                force=request.reason if request.force else "",
            ).reading()
        )
    if request.assistant:
        said = f"proposed by an assistant: {request.reason}"
        return tuple(replace(one, by=ASSISTANT, confidence=0.0, remark=said) for one in readings)
    return tuple(readings)


def _identity(run: str) -> str:
    """The run and the checkpoint as they are recorded: without blanks around their names. Raises UsageError for an empty name."""
    names = [name.strip() for name in run.split("/")]
    if run and not all(names):
        raise UsageError(f"--run {run!r} has an empty name: write RUN or RUN/CHECKPOINT, such as exp7/best")
    return "/".join(names)


def _stated(request: Request, results: OwnResults, dataset: Dataset | None) -> Protocol:
    """What is said of all scores together: the files they cover of those there are, and what the checkpoint was selected on."""
    files = request.files or results.files
    if files is not None and dataset is not None and 0 < dataset.files < files:
        raise InputError(f"{dataset.title} has {dataset.files} files, not {files}: is it another test set?")
    items = {}
    if files is not None:
        items["files"] = Item(str(files))
    if dataset is not None and dataset.files and (files is not None or results.counted):
        items["files_expected"] = Item(str(dataset.files))
    if selected_on := request.selected_on or results.selected_on:
        items["selected_on"] = Item(selected_on)
    return Protocol.of(items)


def _covered(readings: Sequence[Reading]) -> tuple[str, ...]:
    """That means cover fewer files than their test set has, each once with its metrics."""
    said: dict[str, list[str]] = {}
    for reading in readings:
        if (reason := partial(reading.protocol)) is not None:
            said.setdefault(reason, []).append(reading.metric)
    return tuple(
        f"{', '.join(metrics)}: {reason}: marked, and not ranked" for reason, metrics in said.items()
    )


def _measured(session: Session, request: Request, results: OwnResults, identity: str) -> Added:
    dataset = _dataset(session, request, results)
    selected_on = request.selected_on or results.selected_on
    sha256 = request.sha256 or results.sha256
    readings = _readings(request, results, "measured", dataset, _stated(request, results, dataset))
    measured = Measured(
        model=request.model,
        identity=identity or f"sha256:{sha256}",
        dataset=dataset.id if dataset is not None else "",
        readings=readings,
        sha256=sha256 or None,
        epoch=results.epoch,
        criterion=results.criterion,
        selected_on=selected_on,
        date=results.date,
        details={"validation": dict(results.validation)} if results.validation else {},
        utterances=tuple(Utterance(*score) for score in results.utterances),
    )
    added = own.add_measured(session, measured, replace=request.replace, reason=request.reason)
    return replace(added, notes=(*added.notes, *_covered(readings)))


def _from_paper(session: Session, request: Request, results: OwnResults) -> Added:
    origin = request.origin or "quoted"
    if origin not in ("self", "quoted"):
        raise UsageError("--origin is self (the paper proposes the model) or quoted (it compares with it)")
    if not request.table and request.page is None:
        raise UsageError("say where it stands: --table N --row N, or --page N")
    document = _paper_document(session, request.paper)
    dataset = _dataset(session, request, results)
    readings = _readings(request, results, origin, dataset, _stated(request, results, dataset))
    added = own.add_by_hand(session, document, readings, replace=request.replace, reason=request.reason)
    return replace(added, notes=(*added.notes, *_covered(readings)))


def _paper_document(session: Session, text: str) -> DocumentRow:
    """The paper as a place somebody looked at: with its version where one is given."""
    version = None
    if "/" in text and text.lower().removeprefix("doi:").startswith("10."):
        doi = text.lower().removeprefix("doi:")
        paper = put_paper(session, PaperFacts(doi=doi))
        return put_document(
            session, f"seen:doi:{doi}", kind="seen", uri=f"https://doi.org/{doi}", paper=paper
        )
    try:
        paper = find_paper(session, text)
        arxiv = ArxivId.parse(text) if paper.arxiv_id and paper.arxiv_id in text else None
    except NotFound:
        arxiv = ArxivId.parse(text)
        paper = put_paper(session, PaperFacts(arxiv_id=str(arxiv.paper)))
    if arxiv is not None and arxiv.version is not None:
        version = put_version(session, paper, arxiv.version)
    name = f"arXiv:{arxiv}" if arxiv is not None else f"doi:{paper.doi}" if paper.doi else paper.key
    uri = (
        f"https://arxiv.org/abs/{arxiv}"
        if arxiv is not None
        else f"https://doi.org/{paper.doi}"
        if paper.doi
        else paper.key
    )
    return put_document(session, f"seen:{name}", kind="seen", uri=uri, paper=paper, version=version)
