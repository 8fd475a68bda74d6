"""What a whole document says about itself: the names of its own models and the test sets it is about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from litdb.extract.meaning import words
from litdb.extract.meaning.across import first_words, label_texts, one_each
from litdb.extract.meaning.heads.explained import said_of_heads
from litdb.extract.meaning.scope.defined import short_names
from litdb.extract.meaning.scope.mentions import Mention, is_loose, known_mentions, mentions
from litdb.extract.meaning.scope.pesq_band import of_all_scores
from litdb.extract.types import Grid
from litdb.values.names import bare_name
from litdb.vocabulary import Dataset, vocabulary

_NAME = re.compile(r"(?<![\w/@.-])[A-Za-z³²]*[A-Z][\w³²]*(?:[+-]+[\w³²]*)*\+*(?![\w/@])")
_NOT_NAMES = frozenset(
    [
        "SE",
        "GAN",
        "AI",
        "GPU",
        "CPU",
        "API",
        "IEEE",
        "ICASSP",
        "INTERSPEECH",
        "NEURIPS",
        "ICML",
        "ICLR",
        "SLT",
        "WASPAA",
        "ASRU",
        "ACM",
        "TASLP",
        "PYTORCH",
        "TENSORFLOW",
        "GITHUB",
        "README",
        "ASR",
        "TTS",
        "STFT",
        "ISTFT",
        "FFT",
        "T-F",
        "TF",
        "DNN",
        "CNN",
        "RNN",
        "SOTA",
        "WB",
        "NB",
        "SNR",
        "DB",
        "HZ",
        "KHZ",
        "ARXIV",
        "PAPER",
        "MIT",
        "BSD",
        "ONNX",
        "CUDA",
        "LLM",
        "PMC",
        "DOI",
        "URL",
        "HTML",
        "PDF",
        "MOS",
        "INTERSPEECH2025",
        "U-NET",
        "UNET",
        "OPENAI",
        "HUGGINGFACE",
        "JSON",
        "CSV",
        "YAML",
        "WAV",
        "VCTK",
        "NIPS",
        "US",
        "UK",
        "USA",
        "II",
        "III",
        "IV",
        "TABLE",
        "RESULTS",
        "DNS",
    ]
)
_PROPOSING = re.compile(
    r"(?:propos|present|introduc|call|nam|term|dubb|refer(?:red)? to as|denot|develop)\w*\s+(?:(?:an?|the|our|novel|new|as|by|method|model|network|"
    r"it|this|is)\s+){0,3}(?:\\textbf\{|\*\*)?(?P<name>[A-Z][\w+-]*[A-Z0-9][\w+-]*)"
)
_WORDED = re.compile(r"[A-Za-z]{2}")
_PREFIX = re.compile(r"^\s*(?P<name>[^:]{2,48}?)(?:\s*:|\s+[–—-])\s+\S|^\s*(?P<wide>[^：]{2,48}?)：\S")
#: A title that is nothing but a name, or a place and a name: 'auklet', 'dipper/denoiser-48'.
_ONE_WORD = re.compile(r"(?:[\w.-]+/)?(?P<name>[A-Za-z][\w.+-]{2,30})")
#: 'Training report: plover-net': one word that looks made up, behind what the document is.
_BEHIND_COLON = re.compile(
    r"^[A-Z][a-z]+(?: [a-z]+){0,3}\s*:\s*`?(?P<name>(?=\S*(?:[-_]|\d|[a-z][A-Z]))[A-Za-z][\w.+-]{2,30})`?$"
)
#: 'Lute codec': a name and what bears it.
_OF_A_KIND = re.compile(
    r"(?P<name>[A-Z][\w.+-]{2,30}) (?:(?:speech|neural|audio) )?(?:codec|denoiser|vocoder|enhancer|network|suppressor)"
)
_NO_TITLE_NAME = re.compile(
    r"results?|readme|benchmarks?|leaderboard|evaluation|experiments?|models?|documentation|introduction|tutorial|awesome\S*|speech\S*|"
    r"audio\S*|index|home|table|overview|summary|changelog|report|recipes?|baselines?|performance|paper",
    re.I,
)
_CONFIGURED = re.compile(
    r"\b(?:model|method|system|mask_estimator|estimator|network|arch(?:itecture)?)(?:_?name)?\s*[=:]\s*['\"](?P<name>[A-Za-z][\w+-]{2,30})['\"]"
)


@dataclass(frozen=True, slots=True)
class PaperText:
    """A document as a whole. `own` are the names of its own models, best first; `datasets` the test sets that its
    captions (or else its prose) name; `abstract_sets` those that the abstract names, `tested_sets` those that a sentence
    says to be tested on, `everywhere` those of sentences that speak of all experiments, and `named_sets` all that are named otherwise than as training data, most often named first;
    `short_names` are names that the text gives to test sets;
    `spoken` are names that captions and sentences give to what they are about, for a document that names no model as its own;
    `labels` all texts of its tables that may be labels, `repeated` those (folded) that several tables have; `composites`
    that its tables give PESQ with CSIG, CBAK and COVL; `one_each` headings under which tables of one head stand, a model each; `strangers`
    that a head of a table names a set outside the vocabulary, beside which one in it is not the only one; `pesq_band` is that
    which the text gives for all scores, `captioned` are sets outside the vocabulary that captions name, `explained` short heads of
    tables with the metric that the text says they are."""

    title: str
    own: tuple[str, ...] = ()
    spoken: tuple[str, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    prose_datasets: tuple[Dataset, ...] = ()
    abstract_sets: tuple[Dataset, ...] = ()
    tested_sets: tuple[Dataset, ...] = ()
    named_sets: tuple[Dataset, ...] = ()
    everywhere: tuple[Dataset, ...] = ()
    short_names: tuple[tuple[str, Dataset], ...] = ()
    labels: tuple[str, ...] = ()
    repeated: frozenset[str] = frozenset()
    composites: bool = False
    one_each: frozenset[str] = frozenset()
    strangers: bool = False
    pesq_band: str = ""
    captioned: tuple[str, ...] = ()
    explained: tuple[tuple[str, str], ...] = ()


def names_in(text: str) -> list[str]:
    """Words that look like names of models: capitals inside, digits, hyphens; no venues, tools, metrics, test sets."""
    vocab = vocabulary()
    if len(re.findall(r"[A-Z]{2,}", text)) > 2 and not re.search(r"[a-z]", text):
        return []  # in a title that is all in capitals every word has them
    taken = [(start, start + 40) for start, _ in vocab.datasets_in(text)]
    found = []
    for match in _NAME.finditer(text):
        name = match.group().strip("-")
        letters = re.sub(r"[^A-Za-z]", "", name)
        capitals = sum(1 for ch in letters if ch.isupper())
        if len(letters) < 3 or (capitals < 2 and not re.search(r"[a-z][A-Z]|\d|\+", name)):
            continue
        if name.upper() in _NOT_NAMES or vocab.metric(name) is not None or vocab.dataset(name) is not None:
            continue
        if any(
            start <= match.start() < end and vocab.dataset(text[start : match.end()]) for start, end in taken
        ):
            continue
        found.append(name)
    return found


def title_name(title: str) -> str:
    """The name that a title gives to its model: 'NAME: what it is', or the only name in it."""
    match = _PREFIX.match(title)
    if match:
        name = (match["name"] or match["wide"]).strip()
        if len(name.split()) <= 3 and (names_in(name) or re.fullmatch(r"[A-Z]\w+", name)):
            return name
    return ""


def own_names(
    title: str, abstract: str, grids: Sequence[Grid], kind: str, prose: str = ""
) -> tuple[str, ...]:
    """The names of the paper's own models, most certain first."""
    found: dict[str, str] = {}

    def add(name: str) -> None:
        key = bare_name(name)
        if len(key) >= 2:
            found.setdefault(key, name)

    if name := title_name(title):
        add(name)
    for grid in grids:
        for row in grid.rows:
            for cell in row[:2]:
                if (
                    cell.text
                    and words.OURS.search(cell.text)
                    and not words.OURS_ALONE.match(cell.text.strip())
                ):
                    bare = words.LIST_NUMBER.sub("", words.OURS.sub(" ", cell.text)).strip(" ,:-")
                    if (
                        bare
                        and len(bare) <= 40
                        and re.search(r"[A-Za-z]{2}", bare)
                        and not words.CHANGE_LABEL.match(bare)
                    ):
                        add(bare)
    for match in _PROPOSING.finditer(abstract):
        add(match["name"])
    if not found and (name := _alone_uncited(grids, f"{abstract}\n{prose}")):
        add(name)
    if kind == "markdown" and not found:
        for name in names_in(title)[:1] or _capital_name(title, prose) or _one_word(title):
            add(name)
    return tuple(found.values())


def _alone_uncited(grids: Sequence[Grid], prose: str) -> str:
    """The name that all rows without a citation share in tables whose other rows have one, where the text has it too."""
    cited, names = 0, dict[str, str]()
    for grid in grids:
        rows = [row[0] for row in grid.rows[1:] if row and re.search(r"[A-Za-z]{2}", row[0].text)]
        with_one = [cell for cell in rows if cell.cites]
        if len(with_one) < 3:
            continue
        cited += len(with_one)
        for cell in rows:
            label = words.DECORATION.sub(" ", words.LIST_NUMBER.sub("", cell.text)).strip()
            title = cell.colspan > 1 or words.STRONG_MODEL_HEADER.match(label)
            if not cell.cites and not title and not words.REFERENCE_LABEL.match(label):
                names[bare_name(label)] = re.split(r"\s*[(\[+]|\s(?=w/)", label)[0]
    shortest = min(names.values(), key=len, default="")
    shared = all(key.startswith(bare_name(shortest)) for key in names)
    known = names_in(shortest) == [shortest] or re.fullmatch(r"[A-Z][a-z]{2,}[\w-]*", shortest)
    return shortest if cited and shared and known and re.search(rf"\b{re.escape(shortest)}\b", prose) else ""


_SPOKEN = re.compile(
    r"\b(?:in|of|for|by|with)\s+(?:the\s+)?(?P<name>[A-Z][A-Za-z0-9+-]{3,24})\b(?!\s*[+&/])"
    r"|^(?P<first>[A-Z][A-Za-z0-9+-]{3,24})\s+(?:with|at|trained|using|under|for)\b"
)
_OUR_MODEL = re.compile(
    r"\b(?:our|the proposed)\s{1,3}(?:model|network|system|method|approach)\s?,?\s{1,3}(?:(?:called|named)\s{1,3})?"
    r"(?P<name>[A-Z][A-Za-z0-9+-]{3,24})\b"
)
#: 'Model: `godwit-base`', alone at the beginning of a line.
_MODEL_LINE = re.compile(
    r"^[\s*>-]{0,6}(?:model|network|system)\**\s*:\s*[`*\"']{1,3}(?P<name>[A-Za-z][\w.+-]{2,30})[`*\"']",
    re.I | re.M,
)
#: Proper names that are no models.
_NO_MODEL = re.compile(
    r"english|german|french|spanish|mandarin|chinese|japanese|korean|wiener|fourier|gaussian|mel|bark|table|figure|section|appendix|"
    r"noise|speech|signal|audio|input|output|music|cortex|python|github",
    re.I,
)


def spoken_names(headings: Iterable[str], prose: str) -> tuple[str, ...]:
    """Names that captions, headings and sentences give to what they are about: 'steps of Godwit', 'our model, Godwit'.

    One that the text has once only, or that is a test set, a metric or a tool, is none.
    """
    found: dict[str, None] = {}
    vocab = vocabulary()
    for match in _MODEL_LINE.finditer(prose[:20_000]):
        found.setdefault(match["name"])
    for match in (
        *_OUR_MODEL.finditer(prose[:20_000]),
        *(m for text in headings for m in _SPOKEN.finditer(text)),
    ):
        name = next(filter(None, match.groups()))
        known = vocab.metric(name) is not None or bool(vocab.datasets_in(name)) or name.upper() in _NOT_NAMES
        if match.groupdict().get("first") and not _in_a_sentence(name, prose):
            continue  # any word has a capital where a caption begins: 'Comparison for ...'
        if known or _NO_MODEL.fullmatch(name) or prose.count(name) < 2:
            continue
        found.setdefault(name)
    return tuple(found)


def _capital_name(title: str, prose: str) -> list[str]:
    """The first word of a title where sentences of the text have it with its capital in their middle: 'Godwit'."""
    match = re.match(r"[A-Z][a-z]{2,}\b", title)
    return [match[0]] if match and _in_a_sentence(match[0], prose) else []


def _in_a_sentence(name: str, prose: str) -> bool:
    """Whether a sentence has a word with its capital in its middle, as names have it."""
    return re.search(rf"[a-z,] {re.escape(name)}\b(?! [A-Z])", prose[:20_000]) is not None


def _one_word(title: str) -> list[str]:
    """The name that is all of a title, or all that stands before its dash."""
    prefix = _PREFIX.match(title)
    bare = re.sub(r"\s*\([^()]*\)\s*$", "", (prefix["name"] or prefix["wide"]) if prefix else title).strip(
        " `*"
    )
    match = _ONE_WORD.fullmatch(bare) or _BEHIND_COLON.search(title) or _OF_A_KIND.fullmatch(bare)
    if match is None or _NO_TITLE_NAME.fullmatch(match["name"]) or vocabulary().dataset(bare) is not None:
        return []
    return [match["name"]]


def configured_name(text: str) -> str:
    """A name given by a line such as `model = 'name'`."""
    match = _CONFIGURED.search(text)
    return match["name"] if match else ""


def ranked(texts: Iterable[str]) -> tuple[Dataset, ...]:
    """The test sets named in some texts, most often named first."""
    counts: Counter[Dataset] = Counter()
    for text in texts:
        named = (d for at, d in vocabulary().datasets_in(text) if not is_loose(text, at))
        counts.update(list(dict.fromkeys(named)))
    return tuple(dataset for dataset, _ in counts.most_common())


def _sets(named: Iterable[Mention]) -> tuple[Dataset, ...]:
    """The test sets of some mentions, most often named first; without a family of which a member is named."""
    counts = Counter(mention.dataset for mention in named if mention.dataset is not None)
    order = [dataset for dataset, _ in counts.most_common()]
    families = {d.id: "dns" if d.id == "dns" else f"{d.id}-" for d in order}
    return tuple(d for d in order if not any(o is not d and o.id.startswith(families[d.id]) for o in order))


_FOR_ALL = re.compile(
    r"\b(?:all|every)\s+(?:(?:of|the|our|these|following|other|reported|presented|compared|further)\s+){0,2}"
    r"(?:experiments?|models?|systems?|methods?|networks?|results?|evaluations?|scores?|metrics?|ablations?|tables?|numbers?|baselines?|variants?)\b"
    r"|\bthroughout\b|\bunless (?:otherwise )?(?:stated|noted|specified)\b",
    re.I,
)


def _for_all(prose: str, at: int) -> bool:
    """Whether the sentence around a place speaks of all experiments."""
    begin = max(prose.rfind(end, max(0, at - 300), at) for end in (". ", "\n", ";", "}"))
    stop = re.compile(r"\.(?:\s|$)|[;\n\\]").search(prose, at)
    sentence = prose[max(begin, at - 300, 0) : min(stop.start() if stop else at + 200, at + 200)]
    return _FOR_ALL.search(sentence) is not None


def _bare(label: str) -> str:
    """A label as names are compared, without decoration."""
    for pattern in (words.LIST_NUMBER, words.YEAR_ANY, words.OURS, words.DECORATION):
        label = pattern.sub(" ", label)
    return bare_name(label)


def describe(title: str, abstract: str, grids: Sequence[Grid], kind: str, prose: str) -> PaperText:
    """Everything later steps need to know about the document."""
    captions = [grid.caption for grid in grids]
    headers = [re.sub(r"[↑↓]", "", cell.text) for grid in grids for row in grid.rows[:2] for cell in row]
    labels = dict.fromkeys(text for grid in grids for text in label_texts(grid))
    tables = Counter(name for grid in grids for name in {_bare(text) for text in first_words(grid)})
    prose = prose[:200_000]
    in_prose = [m for m in known_mentions(prose) if not m.trained]
    return PaperText(
        title,
        own_names(title, abstract, grids, kind, prose),
        spoken_names([*captions, *(grid.section for grid in grids)], prose),
        ranked([*captions, *dict.fromkeys(headers), title]),
        ranked([abstract, *(grid.section for grid in grids), *(grid.context for grid in grids)])
        or _sets(in_prose),
        _sets(m for m in known_mentions(abstract) if not m.trained),
        _sets(m for m in in_prose if m.tested),
        _sets(in_prose),
        _sets(m for m in in_prose if _for_all(prose, m.at)),
        short_names(prose, in_prose),
        tuple(labels),
        frozenset(name for name, count in tables.items() if count > 1),
        all(
            any(name == cell.upper().strip(" ↑") for cell in headers)
            for name in ("PESQ", "CSIG", "CBAK", "COVL")
        ),
        one_each(grids),
        any(m.dataset is None and not m.trained for text in dict.fromkeys(headers) for m in mentions(text)),
        of_all_scores(prose, {name for text in labels for name in names_in(text)}),
        tuple(
            dict.fromkeys(
                m.title
                for text in captions
                for m in mentions(text)
                if m.dataset is None and not (m.trained or m.nameless)
            )
        ),
        said_of_heads(grids, prose),
    )
